"""The page's drawing pad as a Gradio component, for any app."""

from pathlib import Path
from typing import Any

import gradio as gr

from mnist_core.drawings.strokes import parse_drawing
from mnist_core.errors import InklingError
from webapp.files import PAGE

HTML = """
<canvas tabindex="0" role="img" aria-label="Drawing pad: draw with mouse, finger or pen. Ctrl+Z takes back
a stroke."></canvas>
<div><button type="button" aria-label="Undo the last change of the drawing">Undo</button>
<button type="button" aria-label="Clear the drawing">Clear</button></div>
"""
CSS = """
max-width: 320px;
canvas { display: block; width: 100%; aspect-ratio: 1; touch-action: none; cursor: crosshair;
  color: var(--body-text-color); background: var(--input-background-fill);
  border: 1px solid var(--border-color-primary); border-radius: var(--radius-lg); }
div { display: flex; gap: 8px; margin-top: 8px; }
button { flex: 1; min-height: 44px; color: var(--button-secondary-text-color);
  background: var(--button-secondary-background-fill); border-radius: var(--button-medium-radius); }
button:disabled { opacity: 0.5; }
"""
EXAMPLE = {"strokes": [[[0.5, 0.2], [0.5, 0.8]]]}


class Sketchpad(gr.HTML):
    """A pad to draw on, whose value is a JSON drawing: {"strokes": [[[x, y], …], …]}, x and y in 0..1.

    The value changes while one draws, y grows downwards, and an empty pad is {"strokes": []}. Listen to
    `change`: Gradio may skip states while an answer is under way, but the last one always arrives.

    Args:
        value: a drawing to begin with, or a function that returns one; None is an empty pad.
        **options: what every gr.HTML takes, such as `label` (with `show_label=True`), `elem_id`, `scale`.
    """

    def __init__(self, value: Any = None, **options: Any) -> None:  # noqa: ANN401 - as gr.HTML
        # As one text in the page, so that the component fetches no file, and works under any sub-path and any
        # content security policy under which Gradio works.
        pad = (PAGE / "pad.js").read_text(encoding="utf-8").replace("\nexport ", "\n")
        script = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
        super().__init__(
            value=value,
            html_template=HTML,
            css_template=CSS,
            js_on_load=f'"use strict";\n{pad}\n{script}//# sourceURL=sketchpad.js',
            apply_default_css=False,
            **options,
        )

    def preprocess(self, payload: Any) -> Any:  # noqa: ANN401 - as gr.HTML, whose value is text
        """The drawing, checked; gr.Error with a sentence if it is invalid."""
        try:
            return parse_drawing(payload or {"strokes": []}).to_json()
        except InklingError as error:
            raise gr.Error(str(error), print_exception=False) from None

    def postprocess(self, value: Any) -> Any:  # noqa: ANN401 - as gr.HTML, whose value is text
        """A drawing from Python for the pad, checked; None is an empty one."""
        return parse_drawing({"strokes": []} if value is None else value).to_json()

    def api_info(self) -> dict[str, Any]:
        """The form of the value, for Gradio's clients."""
        point = {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 1}}
        strokes = {"type": "array", "items": {"type": "array", "items": point}}
        return {"type": "object", "properties": {"strokes": strokes}, "required": ["strokes"]}

    def example_payload(self) -> dict[str, Any]:
        """A drawing as a client sends it."""
        return EXAMPLE

    def example_value(self) -> dict[str, Any]:
        """A drawing as Python gives it."""
        return EXAMPLE
