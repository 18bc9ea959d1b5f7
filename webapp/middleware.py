"""What stands between a visitor and Gradio: which routes are open, how large a body may be, and headers."""

import asyncio
import re
import secrets
from codecs import BOM_UTF8
from collections.abc import Sequence

import httpx
import orjson
from jinja2.ext import Extension
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from webapp.settings import FRAME_ANCESTORS

MAX_BODY = 1_500_000  # bytes; the API's largest picture, in base64, with room for what is around it
MAX_SESSION = 100  # characters of a session's name
BODY_SECONDS = 10  # for a body to arrive in full
NAME = r"[A-Za-z0-9_.-]{1,120}"
FILES = (
    rf"/|/healthz|/config|/theme\.css|/robots\.txt|/favicon\.ico|/(assets|static|page)(/{NAME}){{1,5}}"
    "|/gradio_api/info"
)
EVENTS = rf"/gradio_api/(startup-events|queue/data|call/predict/{NAME})"  # HEAD would use an answer up
OPEN = {  # by method, the paths that the page, Gradio's frontend and Gradio's clients need
    "GET": re.compile(f"{FILES}|{EVENTS}"),
    "HEAD": re.compile(FILES),
    "POST": re.compile("/gradio_api/(call/predict|queue/join)"),
}
HOST = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-resource-policy": "same-origin",
}
POLICY = (
    "default-src 'none'; script-src {scripts}; worker-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; "
    "base-uri 'self'; form-action 'none'; frame-ancestors 'self' {sites}"
)
SCRIPTS = "'self' 'wasm-unsafe-eval'"  # WebAssembly trains networks; a worker follows its own script's policy
GRADIO_SCRIPTS = "'self' 'unsafe-eval' 'nonce-{nonce}'"  # Gradio compiles its templates in the browser


class RefusedError(Exception):
    """A request that is refused with an HTTP status, a sentence and headers."""

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = headers


class Limits:
    """Lets only the open routes through, with bodies of bounded size and time."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close"})
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        try:
            _check_route(scope["method"], scope["path"])
            _check_host(Headers(scope=scope))
            if scope["method"] == "POST":
                receive = _replay(_check_call(await _read_body(receive)), receive)
        except RefusedError as refusal:
            reply = JSONResponse({"error": str(refusal)}, refusal.status, refusal.headers)
            return await reply(scope, receive, send)
        return await self.app(_without_what_gradio_fails_on(scope), receive, send)


def _without_what_gradio_fails_on(scope: Scope) -> Scope:
    """The request without the parts on which Gradio fails."""
    # Gradio takes x-gradio-server for its own address, and fails if it is not one.
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"x-gradio-server"]
    known = {**scope, "headers": headers}
    if scope["method"] == "HEAD":
        known["method"] = "GET"  # Gradio has few routes for HEAD; the web server leaves the body out
    if scope["path"] == "/":
        known["query_string"] = b""  # is for the browser; Gradio fails on a `page` that it does not have
    return known


def _check_route(method: str, path: str) -> None:
    allowed = [each for each, paths in OPEN.items() if paths.fullmatch(path) and ".." not in path]
    if not allowed:
        raise RefusedError(404, "There is nothing here.")
    if method not in allowed:
        raise RefusedError(405, f"{method:.10} is not for this path.", {"allow": ", ".join(allowed)})


def _check_host(headers: Headers) -> None:
    """Refuse an impossible host: Gradio writes it into its page, and fails on it."""
    for name in ("host", "x-forwarded-host"):
        for host in headers.get(name, "localhost").split(","):
            try:
                if not HOST.fullmatch(host.strip()):
                    raise httpx.InvalidURL("no host")
                httpx.URL(f"http://{host.strip()}/")  # as Gradio reads it
            except httpx.InvalidURL:
                raise RefusedError(400, "The request names no host that there can be.") from None


async def _read_body(receive: Receive) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > MAX_BODY:
                    raise RefusedError(413, f"The body is larger than {MAX_BODY:,} bytes; send less.")
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        raise RefusedError(408, f"The body took longer than {BODY_SECONDS} seconds.") from None


def _check_call(body: bytes) -> bytes:
    """A call of `predict`, parsed and written anew; any other body is refused.

    Gradio would log the inputs of a call that lacks one, fetch from other hosts the files that one names,
    keep the names of 2,000 sessions however long, and fail on an empty one or an unknown function.
    """
    try:
        call = orjson.loads(body.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise RefusedError(400, f"The body is no JSON: {error}.") from None
    match call:
        case {"data": [_, _], "session_hash": str(session)} if not 1 <= len(session) <= MAX_SESSION:
            raise RefusedError(400, f"A session_hash has 1 to {MAX_SESSION} characters.")
        case {"data": [_, _], "fn_index": number} if number not in (0, None):
            raise RefusedError(400, "There is one function, so fn_index is 0.")
        case {"data": [_, _]} if b"gradio.FileData" not in (body := orjson.dumps(call)):
            return body
    raise RefusedError(400, 'A call has the form {"data": [drawing, run]}.')


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body at once, and then whatever comes after it."""
    messages = [{"type": "http.request", "body": body}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


class SecurityHeaders:
    """Adds headers to every reply, and to Gradio's page a policy that lets only its own scripts run."""

    def __init__(self, app: ASGIApp, *, frame_ancestors: Sequence[str] = FRAME_ANCESTORS) -> None:
        self.app = app
        self.sites = " ".join(frame_ancestors)  # that may show the page in a frame

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its reply back with headers; for the page with a nonce in its scope."""
        headers, scripts = dict(HEADERS), SCRIPTS
        if scope["type"] == "http" and scope["path"] == "/":
            scope = {**scope, "script_nonce": secrets.token_urlsafe(16)}
            headers["cache-control"] = "no-store"  # each nonce is used once
            scripts = GRADIO_SCRIPTS.format(nonce=scope["script_nonce"])
        headers["content-security-policy"] = POLICY.format(scripts=scripts, sites=self.sites)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class ScriptNonces(Extension):
    """Gives every script of a Jinja template the nonce of the request's policy.

    The template's text is changed when it is loaded, before anything of a request is written into it: a
    script that a visitor could have written there would have no nonce.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template's text, with a place for the nonce in every script's tag."""
        return source.replace("<script", '<script nonce="{{ request.scope.script_nonce }}"')
