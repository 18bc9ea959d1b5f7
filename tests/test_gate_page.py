"""The page behind the gate: who may fetch it, what its headers say, and what Gradio gets to see."""

import asyncio
from typing import Any

import httpx
import pytest
from gated import HANDLERS, Inner, ask

from webapp.gate import Gate


@pytest.fixture
def inner() -> Inner:
    return Inner()


@pytest.mark.parametrize("name", ["host", "x-forwarded-host"])
@pytest.mark.parametrize(
    "host",
    ['a"</script><script>alert(1)</script>', "a b", "a:b:c", "a/b", "999.1.1.1", "é", "{{a}}", ""],
)
def test_a_request_that_names_no_host_is_refused(inner: Inner, name: str, host: str) -> None:
    response = ask(inner, "GET", "/", headers={name: host.encode()})
    assert (response.status_code, inner.seen) == (400, [])


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "[::1]:7860", "demo-inkling.hf.space", "a.example, b"])
def test_a_proxy_may_name_the_host_that_the_visitor_knows(inner: Inner, host: str) -> None:
    assert ask(inner, "GET", "/", headers={"x-forwarded-host": host}).status_code == 200


def test_gradio_sees_no_query_and_no_header_that_it_does_not_need() -> None:
    seen = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope)
        await Inner()(scope, receive, send)

    async def fetch() -> None:
        transport = httpx.ASGITransport(Gate(app, HANDLERS, joins=3, script="", head="<link rel=icon>"))
        headers = {"x-gradio-server": "http://evil", "cookie": "a=b", "referer": "http://evil"}
        async with httpx.AsyncClient(transport=transport, base_url="http://inkling") as client:
            await client.get("/config?deep_link=1", headers=headers)

    asyncio.run(fetch())
    assert seen["query_string"] == b""
    assert {name for name, _ in seen["headers"]} == {b"host", b"accept", b"accept-encoding"}


@pytest.mark.parametrize("path", ["/", "/healthz", "/theme.css", "/nothing", "/ask/echo"])
def test_every_reply_carries_the_security_headers(inner: Inner, path: str) -> None:
    headers = ask(inner, "GET", path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_only_the_page_s_own_scripts_may_run(inner: Inner) -> None:
    response = ask(inner, "GET", "/")
    nonce = response.headers["content-security-policy"].split("'nonce-")[1].split("'")[0]
    assert response.text.count(f'<script nonce="{nonce}"') == response.text.count("<script") == 2
    assert "unsafe-inline" not in response.headers["content-security-policy"].split("style-src")[0]


def test_nothing_of_the_page_is_fetched_from_outside_its_sub_path(inner: Inner) -> None:
    assert '="/' not in ask(inner, "GET", "/").text


def test_the_page_s_head_holds_what_it_is_given(inner: Inner) -> None:
    assert "<link rel=icon>" in ask(inner, "GET", "/").text


def test_a_nonce_is_for_once(inner: Inner) -> None:
    policies = {ask(inner, "GET", "/").headers["content-security-policy"] for _ in range(3)}
    assert len(policies) == 3


def test_a_page_asked_for_by_its_head_has_no_body(inner: Inner) -> None:
    response = ask(inner, "HEAD", "/")
    assert (response.status_code, response.content) == (200, b"")


def test_websockets_are_closed() -> None:
    sent = []

    async def send(message: Any) -> None:
        sent.append(message)

    gate = Gate(Inner(), HANDLERS, joins=0, script="", head="<link rel=icon>")
    asyncio.run(gate({"type": "websocket", "path": "/"}, None, send))  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close"}]
