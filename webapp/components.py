"""The page's own Gradio components: static HTML, a script each, and the functions the script may call."""

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import astuple
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.responses import Response

from mnist_core.cards import Card
from mnist_core.checkpoints import checkpoint_path, load_steps
from mnist_core.drawing import MAX_POINTS, MAX_STROKES
from mnist_core.errors import InklingError
from mnist_core.recipes import DEFAULT_RUN, Run
from webapp.text import TEXT

PANELS = ["learning", "history", "confusion", "layers"]  # views that open on request
ASSETS = Path(__file__).parent / "assets"
log = logging.getLogger("inkling")


def read_asset(name: str) -> str:
    """The text of one file of the page."""
    return (ASSETS / name).read_text(encoding="utf-8")


def head_script(cards: dict[Run, Card]) -> str:
    """What every component's script relies on: the page store, the sentences, the runs' snapshots."""
    runs = {}
    for run, card in cards.items():
        steps, images_seen = load_steps(checkpoint_path(run))
        runs[run.id] = {
            "steps": steps,
            "images_seen": images_seen,
            "accuracies": [scores.accuracy for scores in card.scores],
            "losses": [scores.loss for scores in card.scores],
            "epochs": [[round(value, 5) for value in astuple(epoch)] for epoch in card.epochs],
        }
    setup = [
        f"inkling.text = {json.dumps(TEXT)};",
        f"inkling.runs = {json.dumps(runs)};",
        f"inkling.state.run = {json.dumps(DEFAULT_RUN)};",
        f"inkling.panels = {json.dumps(PANELS)};",
        f"inkling.limits = {json.dumps({'strokes': MAX_STROKES, 'points': MAX_POINTS})};",
    ]
    scripts = "\n".join([read_asset("store.js"), *setup, read_asset("chart.js"), read_asset("link.js")])
    return f"<script>{scripts}</script>"


class View(gr.HTML):
    """A part of the page: `<name>.html`, static, filled with sentences, brought to life by `<name>.js`.

    The script may call a function on the server, by its name.
    """

    def __init__(self, name: str, function: Callable[[Any], Any] | None = None) -> None:
        super().__init__(
            value="",
            html_template=read_asset(f"{name}.html").format(**TEXT),
            js_on_load=f"{read_asset(f'{name}.js')}\n//# sourceURL=inkling/{name}.js",
            apply_default_css=False,
            server_functions=[_as_server_function(function)] if function else None,
            elem_id=f"{name}-view",
        )


def _as_server_function(function: Callable[[Any], Any]) -> Callable[[Any], Awaitable[Response]]:
    """Let a script call a handler; what goes wrong comes back as {"error": sentence}.

    The work takes about 2 ms, less than handing it to a thread and back would add under load.
    """

    async def call(request: Any) -> Response:  # noqa: ANN401 - whatever a browser sends
        try:
            reply = function(request)
        except InklingError as error:
            reply = {"error": str(error)}
        except Exception:
            log.exception("%s failed", function.__name__)
            reply = {"error": TEXT["failed"]}
        return Response(json.dumps(reply), media_type="application/json")

    call.__name__ = function.__name__
    return call
