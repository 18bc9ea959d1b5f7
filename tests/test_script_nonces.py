"""Only the scripts of Gradio's own template may run in its page."""

import html
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import gradio
import httpx
import own_loop
import pytest
from app_server import Server
from jinja2 import DictLoader, Environment
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from webapp.middleware import Limits, ScriptNonces, SecurityHeaders

MARK = "injected"  # in every attack
ATTACKS = [
    f"<script>{MARK}()</script>",
    f"</script><script>{MARK}()</script>",
    f"<SCRIPT>{MARK}()</SCRIPT>",
    f'"><script src=//{MARK}.example></script>',
    f'<script nonce="{{{{ request.scope.script_nonce }}}}">{MARK}()</script>',
    f"{{{{ request.scope.script_nonce }}}}<script>{MARK}()</script>",
]
OWN = "<script>own()</script><script type=module src=./assets/a.js></script>"
TEMPLATE = f"<html>{{{{ echoed | safe }}}}{OWN}{{{{ echoed }}}}</html>"  # as careless as can be


class Scripts(HTMLParser):
    """The scripts of a page: the attributes of each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.found.append(dict(attrs))


def nonce_of(reply: httpx.Response) -> str:
    """The nonce that a reply's policy lets run."""
    return re.findall("'nonce-([^']+)'", reply.headers["content-security-policy"])[0]


def blessed(reply: httpx.Response) -> list[dict[str, str | None]]:
    """The scripts that may run for their nonce, without it."""
    nonce, scripts = nonce_of(reply), Scripts(reply.text).found
    return [{k: v for k, v in each.items() if k != "nonce"} for each in scripts if each.get("nonce") == nonce]


def ask(reply_to: Any, **request: Any) -> httpx.Response:
    """What comes back for the page from behind the middleware."""
    routes, layers = [Route("/", reply_to)], [Middleware(SecurityHeaders), Middleware(Limits)]
    app = Starlette(routes=routes, middleware=layers)

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inkling") as client:
            return await client.get("/", **request)

    return own_loop.run(send())


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_script_that_is_written_into_a_template_has_no_nonce(attack: str) -> None:
    environment = Environment(loader=DictLoader({"page": TEMPLATE}), autoescape=True)
    environment.add_extension(ScriptNonces)
    templates = Jinja2Templates(env=environment)

    async def page(request: Request) -> Response:
        return templates.TemplateResponse(request, "page", {"echoed": request.headers["referer"]})

    reply = ask(page, headers={"referer": attack})
    assert attack in reply.text
    assert blessed(reply) == [{}, {"type": "module", "src": "./assets/a.js"}]
    assert reply.text.count(nonce_of(reply)) == 2


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("size", [1, 5, 7, 1_000])
def test_a_script_in_a_reply_has_no_nonce_however_the_reply_is_cut(attack: str, size: int) -> None:
    content = f"<html>{attack}</html>"

    async def page(request: Request) -> Response:
        async def parts() -> AsyncIterator[str]:
            for start in range(0, len(content), size):
                yield content[start : start + size]

        return StreamingResponse(parts(), media_type="text/html")

    reply = ask(page)
    assert reply.text == content
    assert blessed(reply) == []


def test_a_page_that_is_no_template_is_sent_as_it_is() -> None:
    async def page(request: Request) -> Response:
        return HTMLResponse(OWN)

    assert ask(page).text == OWN


def own_scripts() -> list[dict[str, str | None]]:
    """The scripts of Gradio's template."""
    template = Path(gradio.__file__).parent / "templates" / "frontend" / "index.html"
    return Scripts(template.read_text(encoding="utf-8")).found


def test_all_scripts_of_gradio_s_template_may_run(app: Server) -> None:
    assert len(own_scripts()) == 6
    assert blessed(httpx.get(app.url)) == own_scripts()


NAMES = """Accept Accept-Encoding Accept-Language Authorization Cookie Forwarded Origin Referer User-Agent Via
X-Forwarded-For X-Forwarded-Host X-Forwarded-Path X-Forwarded-Port X-Forwarded-Prefix X-Forwarded-Proto
X-Forwarded-Server X-Gradio-Server X-Original-URL X-Real-IP X-Rewrite-URL X-Script-Name Host"""
PARAMETERS = "page deep_link user view __theme __lang request a"


def assert_harmless(reply: httpx.Response) -> None:
    """Assert that a reply is the page with its own scripts, and without the mark; or a refusal in JSON."""
    if reply.status_code == 200:
        assert blessed(reply) == own_scripts()
        assert len(Scripts(reply.text).found) == len(own_scripts())
        assert MARK not in html.unescape(reply.text)
    else:
        assert reply.status_code in (400, 404)
        assert reply.headers["content-type"] == "application/json"


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_a_request_says_no_script_of_it_may_run(app: Server, attack: str) -> None:
    with httpx.Client(base_url=app.url) as client:
        for name in NAMES.split():
            assert_harmless(client.get("/", headers={name: attack}))
        for name in PARAMETERS.split():
            assert_harmless(client.get("/", params={name: attack}))
        assert_harmless(client.get(f"/?{attack}"))
        assert_harmless(client.get(f"/{attack}"))
        assert_harmless(client.get("/", headers={"Cookie": f"access-token={attack}"}))
