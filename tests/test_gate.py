"""The gate: what it answers itself, what it lets through, and what it refuses."""

import asyncio
from typing import Any

import httpx
import pytest
from gated import HANDLERS, JSON, Inner, ask

from webapp import gate
from webapp.gate import MAX_BODY, Gate
from webapp.text import TEXT


@pytest.fixture
def inner() -> Inner:
    return Inner()


@pytest.mark.parametrize(("path", "reply"), [("/ask/echo", {"got": [1]}), ("/ask/slow", "slowly [1]")])
def test_a_handler_answers_json(inner: Inner, path: str, reply: Any) -> None:
    response = ask(inner, "POST", path, json=[1])
    assert (response.status_code, response.json()) == (200, reply)
    assert inner.seen == []


def test_health_is_answered_without_going_further(inner: Inner) -> None:
    assert ask(inner, "GET", "/healthz").text == "ok"
    assert inner.seen == []


def test_bad_input_is_a_400_with_its_sentence(inner: Inner) -> None:
    response = ask(inner, "POST", "/ask/picky", json={})
    assert (response.status_code, response.json()) == (400, {"error": "The drawing is empty."})


def test_a_bug_is_a_500_without_its_details_and_logged_in_full(
    inner: Inner, caplog: pytest.LogCaptureFixture
) -> None:
    response = ask(inner, "POST", "/ask/broken", json={})
    assert (response.status_code, response.json()) == (500, {"error": TEXT["failed"]})
    assert "ZeroDivisionError: secret" in caplog.text


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "", "application/jsonx"])
def test_another_content_type_is_refused(inner: Inner, kind: str) -> None:
    assert ask(inner, "POST", "/ask/echo", content=b"[1]", headers={"content-type": kind}).status_code == 415


@pytest.mark.parametrize("body", [b"", b"{", b"NaN", b"[1e999]x", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_refused(inner: Inner, body: bytes) -> None:
    response = ask(inner, "POST", "/ask/echo", content=body, headers=JSON)
    assert response.status_code == 400
    assert response.json()["error"].startswith("The body is no JSON")


def test_a_body_over_the_limit_is_refused_before_it_is_read_whole(inner: Inner) -> None:
    read = 0

    async def endless():
        nonlocal read
        while True:
            read += 65_536
            yield b" " * 65_536

    assert ask(inner, "POST", "/ask/echo", content=endless(), headers=JSON).status_code == 413
    assert read <= MAX_BODY + 2 * 65_536


def test_a_body_that_does_not_arrive_is_given_up(inner: Inner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "BODY_SECONDS", 0.01)

    async def stuck():
        yield b"["
        await asyncio.sleep(60)

    assert ask(inner, "POST", "/ask/echo", content=stuck(), headers=JSON).status_code == 408


@pytest.mark.parametrize("path", ["/ask/echo", "/gradio_api/queue/join"])
def test_a_handler_is_only_asked_with_post(inner: Inner, path: str) -> None:
    assert ask(inner, "GET", path).status_code == 405


@pytest.mark.parametrize(
    "path",
    ["/", "/config", "/theme.css", "/assets/index-a1.js", "/static/fonts/a/b.woff2", "/gradio_api/info"],
)
def test_what_the_page_fetches_goes_through(inner: Inner, path: str) -> None:
    assert ask(inner, "GET", path).status_code == 200
    assert inner.seen == [(path, b"")]


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/component_server/",
        "/gradio_api/proxy=http://example.com",
        "/gradio_api/heartbeat/abc",
        "/gradio_api/queue/data?session_hash=unknown",
        "/gradio_api/run/other",
        "/gradio_api/call/predict",
        "/monitoring/summary",
        "/gradio_api/startup-events",
        "/login",
        "/docs",
        "/openapi.json",
        "/assets/../app.py",
        "/assets/%00",
        "/assets/" + "a" * 300,
        "/ask/",
        "/ask/unknown",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everything_else_of_gradio_s_is_closed(inner: Inner, path: str, method: str) -> None:
    response = ask(inner, method, path)
    assert (response.status_code, response.json()) == (404, {"error": "There is nothing here."})
    assert inner.seen == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "BREW"])
def test_the_page_is_only_fetched(inner: Inner, method: str) -> None:
    assert ask(inner, method, "/").status_code == 405
    assert inner.seen == []


def test_gradio_s_client_calls_predict_and_gets_its_own_messages_alone(inner: Inner) -> None:
    call = {"data": [{}, "relu"], "fn_index": 3, "session_hash": "mine", "event_id": "x", "request": 1}

    async def both() -> list[httpx.Response]:
        transport = httpx.ASGITransport(Gate(inner, HANDLERS, joins=3, script="", head="<link rel=icon>"))
        async with httpx.AsyncClient(transport=transport, base_url="http://inkling") as client:
            joined = await client.post("/gradio_api/queue/join", json=call)
            foreign = await client.get("/gradio_api/queue/data?session_hash=other")
            return [joined, foreign, await client.get("/gradio_api/queue/data?session_hash=mine")]

    joined, foreign, mine = asyncio.run(both())
    assert (joined.status_code, foreign.status_code, mine.status_code) == (200, 404, 200)
    assert joined.json()["event_id"] in mine.text
    assert '"output":{"data":[{"data":[{},"relu"]}]}' in mine.text
    assert inner.seen == []
