"""Layout and wiring of the page."""

from typing import Any

import gradio as gr

from mnist_core.checkpoints import load_cards
from mnist_core.errors import InklingError
from mnist_core.recipes import DEFAULT_RUN
from webapp import handlers
from webapp.components import ASSETS, Answer, Pad, SampleGrid, head_script
from webapp.samples import SamplePool
from webapp.text import TEXT, TITLE, describe_run

FONT, MONO_FONT = ["system-ui", "sans-serif"], ["ui-monospace", "monospace"]  # nothing to fetch


def build_page(pool: SamplePool) -> gr.Blocks:
    """The whole page: menu, pad, answer, sample grid, and the API's `predict`."""
    choices = [(describe_run(run, card), run.id) for run, card in load_cards().items()]
    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        with gr.Row(elem_id="masthead"):
            gr.HTML(f"<h1>{TITLE}</h1><p>{TEXT['tagline']}</p>", elem_id="title")
            model = gr.Dropdown(
                choices, value=DEFAULT_RUN, label=TEXT["menu"], elem_id="model", filterable=False
            )
        with gr.Row(elem_id="views"):
            Pad()
            Answer()
            SampleGrid(pool)
        model.input(None, model, None, js="run => { inkling.set({ run }); }", api_visibility="private")
        gr.api(_predict, api_name="predict", queue=False)
    return page


def launch_options() -> dict[str, Any]:
    """What `launch` needs for the page to look right and to ask nothing of other hosts."""
    return {
        "theme": gr.themes.Base(font=FONT, font_mono=MONO_FONT),
        "css_paths": ASSETS / "style.css",
        "head": head_script(),
        "ssr_mode": False,
        "run_history": False,
        "enable_monitoring": False,
        "share": False,
        "max_file_size": 1_000_000,
        "footer_links": ["api"],
    }


def _predict(drawing: dict, run: str = DEFAULT_RUN) -> dict:
    try:
        return handlers.predict(drawing, run)
    except InklingError as error:
        raise gr.Error(str(error)) from error


_predict.__doc__ = handlers.predict.__doc__
