"""The only way in: our own routes, the few of Gradio's that the page needs, limits, and headers."""

import asyncio
import gzip
import hashlib
import inspect
import logging
import re
import secrets
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import httpx
import orjson
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_core.errors import InklingError
from webapp.calls import Calls
from webapp.text import TEXT

Handler = Callable[[Any], Any]  # a request's JSON in, the reply's out, at once or awaited

MAX_BODY = 1_500_000  # bytes; the API's largest picture, in base64, with room for what is around it
BODY_SECONDS = 10  # for a request to arrive in full
NAME = r"[A-Za-z0-9_.-]{1,120}"
PAGE = re.compile(  # of Gradio's routes, what the page and Gradio's client fetch
    rf"/|/config|/theme\.css|/robots\.txt|/(assets|static)(/{NAME}){{1,5}}"
    r"|/gradio_api/info"
)
JOIN, JOINED = "/gradio_api/queue/join", "/gradio_api/queue/data"  # how Gradio's client calls `predict`
PREDICT = "/gradio_api/run/predict"
PASSED = {  # of a request's headers, what Gradio gets to see
    *(b"host", b"x-forwarded-host", b"x-forwarded-proto"),
    *(b"accept", b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"),
}
HOST = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
MANIFEST = b'<link rel="manifest" href="/manifest.json" />'  # of Gradio's icon, and wrong under a sub-path
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
# Gradio compiles its templates in the browser, hence 'unsafe-eval'. A Space is shown in a frame.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' 'nonce-{nonce}' 'sha256-{script}'; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; "
    "form-action 'none'; frame-ancestors 'self' https://huggingface.co"
)
log = logging.getLogger("inkling")


class RefusedError(Exception):
    """A request that gets an HTTP status and a sentence instead of an answer."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Gate:
    """An ASGI application in front of Gradio's, which sees only what the page needs of it.

    Args:
        app: Gradio's application.
        handlers: by path, the functions that answer a POST of JSON; `predict` among them.
        joins: what a call by Gradio's client must name as its function.
        script: the script that Gradio adds to the page when it has loaded.
        head: HTML that the page's head is to hold from the start.
    """

    def __init__(
        self, app: ASGIApp, handlers: dict[str, Handler], joins: int, script: str, head: str
    ) -> None:
        self.app = app
        self.calls = Calls(handlers[PREDICT], joins)
        self.handlers = handlers | {JOIN: self.calls.join}
        self.head = head.encode()
        self.script = b64encode(hashlib.sha256(script.encode()).digest()).decode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close"})
        path, method = scope["path"], scope["method"]
        send = _with_headers(send)
        try:
            if handler := self.handlers.get(path):
                reply = await self._call(handler, Request(scope, receive))
                return await _json(reply)(scope, receive, send)
            if path == "/healthz" and method == "GET":
                return await PlainTextResponse("ok")(scope, receive, send)
            session = Request(scope).query_params.get("session_hash")
            if path == JOINED and method == "GET" and session and self.calls.is_known(session):
                stream = StreamingResponse(self.calls.listen(session), media_type="text/event-stream")
                return await stream(scope, receive, send)
            if not PAGE.fullmatch(path) or ".." in path:
                raise RefusedError(404, "There is nothing here.")
            if method != "GET" and (method, path) != ("HEAD", "/"):
                raise RefusedError(405, "This can only be fetched, with GET.")
            scope = _for_gradio(scope)
        except RefusedError as refusal:
            return await _json({"error": str(refusal)}, refusal.status)(scope, receive, send)
        except ClientDisconnect:
            return None
        if path == "/":
            return await self._send_page(scope, receive, send)
        return await self.app(scope, receive, send)

    async def _call(self, handler: Handler, request: Request) -> Any:  # noqa: ANN401 - any JSON
        """What a handler replies; RefusedError if it can't, or the request is none."""
        try:
            reply = handler(await _read_json(request))
            return await reply if inspect.isawaitable(reply) else reply
        except InklingError as error:
            raise RefusedError(400, str(error)) from None
        except (RefusedError, ClientDisconnect):
            raise
        except Exception:
            log.exception("%s failed", request.url.path)
            raise RefusedError(500, TEXT["failed"]) from None

    async def _send_page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send Gradio's page with a policy that lets only its own scripts run, compressed."""
        start: Message = {}
        body = bytearray()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body.extend(message.get("body", b""))

        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self.app({**scope, "headers": plain}, receive, keep)
        nonce = secrets.token_urlsafe(16)
        page = bytes(body).replace(MANIFEST, self.head)
        page = page.replace(b"<script", b'<script nonce="%s"' % nonce.encode())
        content = gzip.compress(page, 6)
        headers = MutableHeaders(raw=start["headers"])
        headers["content-length"] = str(len(content))
        headers["content-encoding"] = "gzip"
        headers["cache-control"] = "no-store"  # the nonce is for once
        headers["content-security-policy"] = PAGE_POLICY.format(nonce=nonce, script=self.script)
        await send(start)
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})


async def _read_json(request: Request) -> Any:  # noqa: ANN401 - any JSON
    """The body's JSON; RefusedError if it is too large, too slow, or none."""
    if request.method != "POST":
        raise RefusedError(405, "This is asked with POST.")
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise RefusedError(415, "The body must be JSON, with the Content-Type application/json.")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    raise RefusedError(413, f"The body is larger than {MAX_BODY:,} bytes; send less.")
    except TimeoutError:
        raise RefusedError(408, f"The body took longer than {BODY_SECONDS} seconds.") from None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RefusedError(400, f"The body is no JSON: {error}.") from None


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers


def _json(value: Any, status: int = 200) -> Response:  # noqa: ANN401 - any JSON
    return Response(orjson.dumps(value), status, media_type="application/json")


def _for_gradio(scope: Scope) -> Scope:
    """A request without its query, and with no header but those that Gradio needs.

    Gradio writes the host that a request names into its page, hence `RefusedError` if that is none.
    """
    headers = [pair for pair in scope["headers"] if pair[0] in PASSED]
    for name, value in headers:
        if name in (b"host", b"x-forwarded-host"):
            for host in value.decode("latin-1").split(","):
                _check_host(host.strip())
    return {**scope, "query_string": b"", "headers": headers}


def _check_host(host: str) -> None:
    try:
        if not HOST.fullmatch(host):
            raise httpx.InvalidURL("no host")
        httpx.URL(f"http://{host}/")  # as Gradio reads it
    except httpx.InvalidURL:
        raise RefusedError(400, "The request names no host that there can be.") from None
