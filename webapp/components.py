"""The page's own Gradio components: static HTML, and a script each that brings it to life."""

import json
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import gradio as gr

from mnist_core.checkpoints import Head
from mnist_core.drawing import MAX_POINTS, MAX_STROKES
from mnist_core.evaluation import Tally
from mnist_core.recipes import Run
from mnist_core.timeline import snapshot_steps
from webapp.text import TEXT

PANELS = ["learning", "given", "history", "confusion", "layers"]  # views that open on request
ASSETS = Path(__file__).parent / "assets"


def read_asset(name: str) -> str:
    """The text of one file of the page."""
    return (ASSETS / name).read_text(encoding="utf-8")


def head_script(heads: dict[Run, Head], default_run: str) -> str:
    """What every component's script relies on: the page store, the sentences, the runs' snapshots."""
    runs = {
        run.id: {
            "steps": head.steps,
            "images_seen": head.images_seen,
            **_curves(head.card.scores),
            "training": _training(head.card.training_scores),
            "epochs": [
                [round(value, 5) for value in astuple(head.card.epochs[epoch - 1])]
                for epoch in snapshot_steps(len(head.card.epochs))[1:]  # of many passes, as with steps, a few
            ],
        }
        for run, head in heads.items()
    }
    setup = [
        f"inkling.text = {json.dumps(TEXT)};",
        f"inkling.runs = {json.dumps(runs)};",
        f"inkling.state.run = {json.dumps(default_run)};",
        f"inkling.panels = {json.dumps(PANELS)};",
        f"inkling.limits = {json.dumps({'strokes': MAX_STROKES, 'points': MAX_POINTS})};",
    ]
    shared = [read_asset(f"{name}.js") for name in ("chart", "bars", "tiles", "link")]
    return "\n".join([read_asset("store.js"), *setup, *shared])


def _curves(scores: Sequence[Tally]) -> dict[str, list[float]]:
    """Accuracy and loss of every snapshot, no more precise than a chart shows."""
    return {
        "accuracies": [round(entry.accuracy, 5) for entry in scores],
        "losses": [round(entry.loss, 4) for entry in scores],
    }


def _training(scores: Sequence[Tally]) -> dict[str, object] | None:
    return {"n": scores[0].n, **_curves(scores)} if scores else None


class View(gr.HTML):
    """A part of the page: `<name>.html`, static, filled with sentences, brought to life by `<name>.js`."""

    def __init__(self, name: str) -> None:
        super().__init__(
            value="",
            html_template=read_asset(f"{name}.html").format(**TEXT),
            js_on_load=f"{read_asset(f'{name}.js')}\n//# sourceURL=inkling/{name}.js",
            apply_default_css=False,
            elem_id=f"{name}-view",
        )
