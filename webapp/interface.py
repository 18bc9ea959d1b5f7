"""Layout and wiring of the page."""

from typing import Any

import gradio as gr

from mnist_core.cards import Card
from mnist_core.errors import InklingError
from mnist_core.recipes import DEFAULT_RUN, Run
from webapp import handlers
from webapp.components import ASSETS, View, head_script
from webapp.samples import SamplePool
from webapp.text import RECIPES, TEXT, TITLE, describe_network

CHOOSE = "(model, recipe) => { inkling.set({ run: `${model}/${recipe}`, snapshot: null }); }"
CHOSEN = "() => inkling.state.run.split('/')"  # a link may have asked for another run than the default
FONT, MONO_FONT = ["system-ui", "sans-serif"], ["ui-monospace", "monospace"]  # nothing to fetch


def build_page(pool: SamplePool, cards: dict[Run, Card]) -> gr.Blocks:
    """The whole page: menu, pad, answer, timeline, sample grid, and the API's `predict`."""
    networks = [
        (describe_network(run, card), run.architecture.id)
        for run, card in cards.items()
        if run.recipe.published
    ]
    recipes = [(name, recipe) for recipe, name in RECIPES.items()]
    default_network, default_recipe = DEFAULT_RUN.split("/")

    def sample_grid(request: dict[str, Any]) -> dict[str, Any]:
        return handlers.sample_grid(request, pool)

    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        with gr.Row(elem_id="masthead"):
            gr.HTML(f"<h1>{TITLE}</h1><p>{TEXT['tagline']}</p>", elem_id="title")
            recipe = gr.Dropdown(
                recipes, value=default_recipe, label=TEXT["recipe_menu"], elem_id="recipe", filterable=False
            )
            model = gr.Dropdown(
                networks, value=default_network, label=TEXT["model_menu"], elem_id="model", filterable=False
            )
        with gr.Row(elem_id="views"):
            View("pad", handlers.example)
            View("answer", handlers.answer)
            View("samples", sample_grid)
            View("timeline")
            View("learning")
            View("history")
            View("confusion", handlers.confusions)
            View("layers", handlers.layers)
        for menu in (model, recipe):
            menu.input(None, [model, recipe], None, js=CHOOSE, api_visibility="private")
        page.load(None, None, [model, recipe], js=CHOSEN, api_visibility="private")
        gr.api(_predict, api_name="predict", queue=False)
    return page


def launch_options(cards: dict[Run, Card]) -> dict[str, Any]:
    """What `launch` needs for the page to look right and to ask nothing of other hosts."""
    return {
        "theme": gr.themes.Base(font=FONT, font_mono=MONO_FONT),
        "css_paths": ASSETS / "style.css",
        "head": head_script(cards),
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
