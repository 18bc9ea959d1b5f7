"""The Gradio app: the page as one Gradio component, its files, and the API's `predict`."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr
from gradio.routes import templates
from jinja2.ext import Extension
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.staticfiles import NotModifiedResponse

from mnist_core.drawings.archives import is_complete
from mnist_core.errors import InklingError
from mnist_core.runs.recipes import DEFAULT_RUN
from webapp.files import PAGE, Content, media_type, name_code_folder, write_old_browser_note
from webapp.middleware import Limits, ScriptNonces, SecurityHeaders
from webapp.settings import Settings

TITLE = "Inkling"
ELEMENT = '<inkling-page api="gradio_api" run="{run}"></inkling-page>'
CSS = ".gradio-container > .main.app, .gradio-container div.html-container { padding: 0; }"  # the full width
FONT, MONO_FONT = ["system-ui", "sans-serif"], ["ui-monospace", "monospace"]  # nothing to fetch
WAITING, RUNNING = 1_000, 4  # calls of the API, at most
STATUS_SECONDS = 10  # between two messages to waiting callers; Gradio keeps every message until it is fetched
SESSIONS = 10  # whose last inputs Gradio keeps; nothing here needs them


def predict(drawing: dict, run: str = DEFAULT_RUN) -> dict:
    """Read a digit: probabilities of the digits 0 to 9, by the trained network and by the same one untrained.

    Args:
        drawing: {"strokes": [[[x, y], …], …]} with x and y in 0..1, y downwards; or
            {"picture": "…"} with a PNG or JPEG file in base64.
        run: a network and its recipe, such as relu-96-256/published.

    Returns:
        {"run": …, "prediction": digit, "trained": [10 probabilities], "untrained": [10 probabilities],
        "is_digit": whether the drawing looks like a digit at all}
    """
    from webapp import prediction  # PyTorch takes a second and 200 MB

    try:
        return prediction.predict(drawing, run)
    except InklingError as error:
        raise gr.Error(str(error), print_exception=False) from None


def build_page(default_run: str) -> gr.Blocks:
    """The page as a Gradio app, with the API's `predict` on its queue.

    Args:
        default_run: id of the run that the page opens with, whose checkpoint it asks for at once.
    """
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        gr.HTML(
            write_old_browser_note() + ELEMENT.format(run=default_run), apply_default_css=False, padding=False
        )
        gr.api(predict, api_name="predict")
    return page.queue(
        api_open=False,
        max_size=WAITING,
        default_concurrency_limit=RUNNING,
        status_update_rate=STATUS_SECONDS,
    )


def launch(page: gr.Blocks, settings: Settings, contents: Mapping[str, Content]) -> None:
    """Serve the page, in a thread of its own.

    Args:
        page: from `build_page`.
        settings: where it is served.
        contents: from `find_contents`, served under `page/`.
    """
    templates.env.add_extension(ScriptNonces)
    templates.env.add_extension(Preview)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    page.launch(
        server_name=host,
        server_port=settings.port,
        root_path=settings.root_path,
        app_kwargs=app_options(contents, settings.frame_ancestors),
        head=f'<script type="module" src="page/{name_code_folder()}/main.js"></script>',
        css=CSS,
        theme=gr.themes.Base(font=FONT, font_mono=MONO_FONT),
        favicon_path=PAGE / "icon.svg",
        footer_links=["gradio"],
        quiet=True,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        prevent_thread_lock=True,
        state_session_capacity=SESSIONS,
    )


class Preview(Extension):
    """Gives Gradio's page its own address, and a picture for previews of it, which its template lacks."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template's text, in which `config.root` is the address that a request asked for."""
        source = source.replace("https://gradio.app/", "{{ config.root }}/")
        return source.replace("config['thumbnail'] or ''", "config.root ~ '/page/preview.png'")


def app_options(contents: Mapping[str, Content], frame_ancestors: Sequence[str]) -> dict[str, Any]:
    """Options of Gradio's application: the routes of the page's files, limits and headers."""

    async def page_file(request: Request) -> Response:
        return reply_with(contents, request.path_params["path"], request.headers)

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok")

    return {
        "routes": [Route("/page/{path:path}", page_file), Route("/healthz", healthz)],
        "middleware": [Middleware(SecurityHeaders, frame_ancestors=frame_ancestors), Middleware(Limits)],
        "docs_url": None,
        "redoc_url": None,
        "openapi_url": None,
    }


def reply_with(contents: Mapping[str, Content], path: str, asked: Headers) -> Response:
    """One of the page's contents, or 304 if the browser has it; HTTPException 404 for an unknown path."""
    content = contents.get(path)
    headers = {"cache-control": "no-cache"}  # kept, and asked for again
    if isinstance(content, bytes):
        tag = hashlib.sha256(content).hexdigest()[:32]
        reply = Response(content, headers=headers | {"etag": f'"{tag}"'}, media_type=media_type(path))
    elif content and is_complete(content):
        reply = FileResponse(
            content, headers=headers, media_type=media_type(path), stat_result=content.stat()
        )
    else:
        raise HTTPException(404, "There is nothing here.")
    known = [tag.strip(" W/") for tag in asked.get("if-none-match", "").split(",")]
    return NotModifiedResponse(reply.headers) if reply.headers["etag"] in known else reply
