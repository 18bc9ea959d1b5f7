"""A gate with something behind it, for its tests."""

import asyncio
from typing import Any

import httpx

from mnist_core.errors import DrawingError
from webapp.gate import PREDICT, Gate

PAGE = (
    b'<link rel="manifest" href="/manifest.json" />'
    + b"<html><script>hello()</script><script type=module src=./assets/a.js></script></html>"
)
JSON = {"content-type": "application/json"}


class Inner:
    """What stands behind the gate; it keeps what reaches it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive()).get("body", b"") if scope["method"] == "POST" else b""
        self.seen.append((scope["path"], body))
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]}
        )
        await send({"type": "http.response.body", "body": PAGE})


async def slow(request: Any) -> str:
    await asyncio.sleep(0)
    return f"slowly {request}"


def picky(request: Any) -> None:
    raise DrawingError("The drawing is empty.")


def broken(request: Any) -> None:
    raise ZeroDivisionError("secret")


HANDLERS = {
    "/ask/echo": lambda request: {"got": request},
    "/ask/slow": slow,
    PREDICT: lambda call: {"data": [call]},
}
FAILING = {"/ask/picky": picky, "/ask/broken": broken}


def ask(inner: Inner, method: str, path: str, **options: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(
            Gate(inner, HANDLERS | FAILING, joins=3, script="", head="<link rel=icon>")
        )
        async with httpx.AsyncClient(transport=transport, base_url="http://inkling") as client:
            return await client.request(method, path, **options)

    return asyncio.run(send())
