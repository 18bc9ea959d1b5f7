"""Layout and wiring of the page."""

import asyncio
from base64 import b64encode

import gradio as gr
from fastapi import FastAPI

from mnist_core.checkpoints import Head
from mnist_core.recipes import Run
from webapp import cells, comparisons, handlers
from webapp.batches import Batches
from webapp.components import ASSETS, PANELS, View, head_script, read_asset
from webapp.gate import PREDICT, Gate, Handler
from webapp.samples import SamplePool
from webapp.text import RECIPES, TEXT, TITLE, describe_network

# A recipe of one network alone takes the network menu with it; another network takes the recipe back.
CHOOSE_NETWORK = """(model, recipe) => {
  const others = Object.keys(inkling.runs).filter((run) => run.startsWith(`${model}/`));
  return inkling.choose([`${model}/${recipe}`, `${model}/DEFAULT`, ...others]);
}"""
CHOOSE_RECIPE = """(model, recipe) => {
  const others = Object.keys(inkling.runs).filter((run) => run.endsWith(`/${recipe}`));
  return inkling.choose([`${model}/${recipe}`, ...others]);
}"""
CHOSEN = "() => inkling.state.run.split('/')"  # a link may have asked for another run than the default
FONT, MONO_FONT = ["system-ui", "sans-serif"], ["ui-monospace", "monospace"]  # nothing to fetch


def build_page(heads: dict[Run, Head], default_run: str) -> gr.Blocks:
    """The whole page: menus, pad, answer, timeline, sample grid, panels, and the API's `predict`."""
    published = {run.architecture: head for run, head in heads.items() if run.recipe.published}
    networks = [
        (describe_network(architecture, published.get(architecture)), architecture.id)
        for architecture in dict.fromkeys(run.architecture for run in heads)
    ]
    made = {run.id.split("/")[1] for run in heads}
    recipes = [(name, recipe) for recipe, name in RECIPES.items() if recipe in made]
    default_network, default_recipe = default_run.split("/")

    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        with gr.Row(elem_id="masthead"):
            gr.HTML(f"<h1>{TITLE}</h1><p>{TEXT['tagline']}</p>", elem_id="title")
            recipe = gr.Dropdown(
                recipes, value=default_recipe, label=TEXT["recipe_menu"], elem_id="recipe", filterable=False
            )
            model = gr.Dropdown(
                networks, value=default_network, label=TEXT["model_menu"], elem_id="model", filterable=False
            )
            View("about")
        with gr.Row(elem_id="views"):
            for name in ["pad", "answer", "samples", "timeline", *PANELS]:
                View(name)
        menus = [model, recipe]
        choose_network = CHOOSE_NETWORK.replace("DEFAULT", default_recipe)
        model.input(None, menus, menus, js=choose_network, api_visibility="private")
        recipe.input(None, menus, menus, js=CHOOSE_RECIPE, api_visibility="private")
        page.load(None, None, menus, js=CHOSEN, api_visibility="private")
        gr.api(handlers.predict, api_name="predict", queue=False)
    return page


def routes(pool: SamplePool) -> dict[str, Handler]:
    """The paths that answer the page's scripts, and the API's; a function's name is its path's end."""
    batches = Batches(handlers.answer_all)
    asked = [
        handlers.example,
        handlers.confusions,
        handlers.layers,
        comparisons.luck,
        comparisons.given,
    ]
    return {
        **{f"/ask/{function.__name__}": function for function in asked},
        "/ask/answer": lambda request: batches.answer(*handlers.image_of_request(request)),
        "/ask/sample_grid": lambda request: handlers.sample_grid(request, pool),
        # In a thread: it takes about 20 ms, and strokes are answered meanwhile.
        "/ask/cell": lambda request: asyncio.to_thread(cells.cell, request, pool),
        PREDICT: handlers.predict_call,
    }


def build_app(heads: dict[Run, Head], default_run: str, pool: SamplePool, root_path: str) -> Gate:
    """The ASGI application: Gradio's page behind the gate."""
    page, script = build_page(heads, default_run), head_script(heads, default_run)
    app = gr.mount_gradio_app(
        FastAPI(docs_url=None, redoc_url=None, openapi_url=None),
        page,
        "/",
        theme=gr.themes.Base(font=FONT, font_mono=MONO_FONT),
        css_paths=ASSETS / "style.css",
        head=f"<script>{script}</script>",
        root_path=root_path,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        show_error=False,
        footer_links=[],
    )
    predict = next(fn for fn in page.fns.values() if fn.api_name == "predict")
    return Gate(app, routes(pool), joins=predict._id, script=script, head=first_head())


def first_head() -> str:
    """What the page's head holds before Gradio's scripts run."""
    icon = b64encode(read_asset("icon.svg").encode()).decode()
    link = f'<link rel="icon" href="data:image/svg+xml;base64,{icon}" />'
    return f"{link}<script>{read_asset('still.js')}</script>"
