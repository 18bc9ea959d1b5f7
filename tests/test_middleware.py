"""What reaches Gradio, and what every reply carries."""

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Any

import httpx
import own_loop
import pytest
from starlette.middleware import Middleware

from webapp import middleware
from webapp.middleware import MAX_BODY, Limits, SecurityHeaders
from webapp.settings import FRAME_ANCESTORS

PAGE = b"<html><script>hello()</script><script type=module src=./assets/a.js></script></html>"
CALL = "/gradio_api/call/predict"
OPEN = """/ /healthz /config /theme.css /assets/index-a1.js /static/fonts/a/b.woff2 /page/main.js
/page/checkpoints/relu-50/robust.safetensors /page/mnist/t10k-images-idx3-ubyte.gz
/gradio_api/info /gradio_api/queue/data?session_hash=a /gradio_api/call/predict/0a1b"""
CLOSED = """/gradio_api/upload /gradio_api/file=/etc/passwd /file=app.py /gradio_api/component_server
/monitoring /monitoring/summary /gradio_api/run/predict /gradio_api/proxy=http://a.b/c /login /docs
/gradio_api/stream/a /gradio_api/vibe-code /gradio_api/reset /gradio_api/cancel /openapi.json
/assets/../app.py /page/..%2f..%2fapp.py /page//etc/passwd /page/%00"""
GOOD = {"data": [{"strokes": [[[0.5, 0.5]]]}, "relu-50/robust"]}


class Inner:
    """What stands behind the middleware; it keeps what reaches it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive()).get("body", b"") if scope["method"] == "POST" else b""
        self.seen.append((scope["path"], body))
        headers = [(b"content-type", b"text/html"), (b"content-length", b"%d" % len(PAGE))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else PAGE})


@pytest.fixture
def inner() -> Inner:
    return Inner()


def ask(
    inner: Any, method: str, path: str, *, sites: Sequence[str] = FRAME_ANCESTORS, **options: Any
) -> httpx.Response:
    async def send() -> httpx.Response:
        app = inner
        for layer in (Middleware(Limits), Middleware(SecurityHeaders, frame_ancestors=sites)):
            app = layer.cls(app, **layer.kwargs)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inkling") as client:
            return await client.request(method, path, **options)

    return own_loop.run(send())


@pytest.mark.parametrize("path", OPEN.split())
def test_what_the_page_and_gradio_s_clients_fetch_is_open(inner: Inner, path: str) -> None:
    assert ask(inner, "GET", path).status_code == 200
    assert [seen for seen, _ in inner.seen] == [path.split("?")[0]]


@pytest.mark.parametrize("path", [*CLOSED.split(), "/assets/" + "a" * 300])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_all_else_is_closed(inner: Inner, path: str, method: str) -> None:
    response = ask(inner, method, path)
    assert (response.status_code, inner.seen) == (404, [])
    assert method == "HEAD" or response.json() == {"error": "There is nothing here."}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/", "GET, HEAD"),
        ("DELETE", "/page/main.js", "GET, HEAD"),
        ("OPTIONS", "/healthz", "GET, HEAD"),
        ("PUT", CALL, "POST"),
        ("GET", CALL, "POST"),
        ("POST", f"{CALL}/0a1b", "GET"),
    ],
)
def test_a_path_takes_only_its_own_methods_and_names_them(
    inner: Inner, method: str, path: str, allowed: str
) -> None:
    response = ask(inner, method, path)
    assert (response.status_code, inner.seen) == (405, [])
    assert response.json() == {"error": f"{method} is not for this path."}
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize("path", [f"{CALL}/0a1b", "/gradio_api/queue/data", "/gradio_api/startup-events"])
def test_an_answer_that_can_be_fetched_once_is_not_taken_by_head(inner: Inner, path: str) -> None:
    response = ask(inner, "HEAD", path)
    assert (response.status_code, inner.seen, response.headers["allow"]) == (405, [], "GET")


@pytest.mark.parametrize("path", [CALL, "/gradio_api/queue/join"])
def test_a_call_reaches_gradio_as_it_is(inner: Inner, path: str) -> None:
    assert ask(inner, "POST", path, json=GOOD).status_code == 200
    assert [json.loads(body) for _, body in inner.seen] == [GOOD]


def test_a_call_may_begin_with_a_byte_order_mark(inner: Inner) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(GOOD).encode()
    assert ask(inner, "POST", CALL, content=body).status_code == 200
    assert [json.loads(body) for _, body in inner.seen] == [GOOD]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "The body is no JSON"),
        (b'{"data": [NaN, 1]}', "The body is no JSON"),
        (b"[" * 100_000, "The body is no JSON"),
        (b'{"data": [1]}', "A call has the form"),
        (b'{"data": [1, 2, 3]}', "A call has the form"),
        (b"[]", "A call has the form"),
        (b'{"data": [1, 2], "fn_index": 1, "session_hash": "0"}', "There is one function, so fn_index is 0."),
        (b'{"data": [1, 2], "session_hash": ""}', "A session_hash has 1 to 100 characters."),
        (b'{"data": [1, 2], "session_hash": "%s"}' % (b"a" * 101), "A session_hash has 1 to 100 characters."),
    ],
)
def test_what_is_no_call_is_refused_with_a_sentence(inner: Inner, body: bytes, sentence: str) -> None:
    response = ask(inner, "POST", CALL, content=body)
    assert (response.status_code, inner.seen) == (400, [])
    assert sentence in response.json()["error"]


@pytest.mark.parametrize("kind", [b"gradio.FileData", rb"\u0067radio.FileD\u0061ta"])
def test_a_call_cannot_have_gradio_fetch_a_file(inner: Inner, kind: bytes) -> None:
    file = b'{"path": "http://evil.example/a", "meta": {"_type": "%s"}}' % kind
    response = ask(inner, "POST", CALL, content=b'{"data": [{"strokes": [%s]}, "relu-50/robust"]}' % file)
    assert (response.status_code, inner.seen) == (400, [])


@pytest.mark.parametrize("in_parts", [False, True])
def test_a_large_body_is_refused(inner: Inner, in_parts: bool) -> None:
    async def parts() -> Any:
        for _ in range(4):
            yield b" " * (MAX_BODY // 3)

    content = parts() if in_parts else b" " * (MAX_BODY + 1)
    response = ask(inner, "POST", CALL, content=content)
    assert (response.status_code, inner.seen) == (413, [])
    assert response.json() == {"error": "The body is larger than 1,500,000 bytes; send less."}


def test_a_slow_body_is_refused(inner: Inner, monkeypatch: pytest.MonkeyPatch) -> None:
    async def trickle() -> Any:
        for _ in range(100):
            await asyncio.sleep(0.01)
            yield b" "

    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.1)
    response = ask(inner, "POST", CALL, content=trickle())
    assert (response.status_code, inner.seen) == (408, [])


@pytest.mark.parametrize("name", ["host", "x-forwarded-host"])
@pytest.mark.parametrize(
    "host", ['a"</script><script>alert(1)</script>', "a b", "a:b:c", "a/b", "999.1.1.1", "é", "{{a}}", ""]
)
def test_a_request_that_names_no_host_is_refused(inner: Inner, name: str, host: str) -> None:
    response = ask(inner, "GET", "/", headers={name: host.encode()})
    assert (response.status_code, inner.seen) == (400, [])


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "[::1]:7860", "demo-inkling.hf.space", "a.example, b"])
def test_a_proxy_may_name_the_host_that_the_visitor_knows(inner: Inner, host: str) -> None:
    assert ask(inner, "GET", "/", headers={"x-forwarded-host": host}).status_code == 200


@pytest.mark.parametrize("value", ["http://elsewhere", "\x1b", ""])
def test_a_request_cannot_change_gradio_s_own_address(value: str) -> None:
    names = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        names.extend(name for name, _ in scope["headers"])
        await Inner()(scope, receive, send)

    headers = {"X-Gradio-Server": value, "Accept-Language": "de"}
    assert ask(inner, "GET", "/", headers=headers).status_code == 200
    assert b"accept-language" in names
    assert b"x-gradio-server" not in names


@pytest.mark.parametrize("path", ["/", "/page/main.js", "/theme.css", "/nothing"])
def test_every_reply_carries_the_security_headers(inner: Inner, path: str) -> None:
    headers = ask(inner, "GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_only_gradio_s_page_may_compile_scripts_and_only_its_own_may_run(inner: Inner) -> None:
    policy = ask(inner, "GET", "/").headers["content-security-policy"]
    assert re.search(r"script-src 'self' 'unsafe-eval' 'nonce-[\w-]{22}';", policy)
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert (
        "script-src 'self' 'wasm-unsafe-eval';"
        in ask(inner, "GET", "/page/main.js").headers["content-security-policy"]
    )


@pytest.mark.parametrize("path", ["/", "/page/main.js"])
@pytest.mark.parametrize(
    ("sites", "said"),
    [
        (FRAME_ANCESTORS, "'self' https://huggingface.co"),
        (("https://blog.example", "*.school.example"), "'self' https://blog.example *.school.example"),
    ],
)
def test_the_sites_that_a_host_names_may_show_the_page_in_a_frame(
    inner: Inner, sites: Sequence[str], said: str, path: str
) -> None:
    policy = ask(inner, "GET", path, sites=sites).headers["content-security-policy"]
    assert policy.endswith(f"; frame-ancestors {said}")


def test_a_nonce_is_used_once(inner: Inner) -> None:
    replies = [ask(inner, "GET", "/") for _ in range(3)]
    assert len({reply.headers["content-security-policy"] for reply in replies}) == 3
    assert {reply.headers["cache-control"] for reply in replies} == {"no-store"}


def test_a_page_asked_for_by_its_head_has_no_body(inner: Inner) -> None:
    response = ask(inner, "HEAD", "/")
    assert (response.status_code, response.content) == (200, b"")


def test_websockets_are_closed() -> None:
    sent = []

    async def send(message: Any) -> None:
        sent.append(message)

    own_loop.run(Limits(Inner())({"type": "websocket", "path": "/"}, None, send))  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close"}]
