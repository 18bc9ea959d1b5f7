"""The same answer through gr.Sketchpad, for comparison: its picture is sent, read and shown as bars."""

import gradio as gr
import torch
from committed import load_timeline

from mnist_core.drawings.pictures import image_of_picture
from mnist_core.errors import PictureError
from mnist_core.networks.timeline import before_and_after
from mnist_core.runs.recipes import DEFAULT_RUN, find_run


def bars(name: str, probabilities: list[float]) -> str:
    """Ten bars, as on the page."""
    rows = (
        f'<li data-digit="{digit}" data-probability="{value}"><span style="width:{value:.0%}"></span></li>'
        for digit, value in enumerate(probabilities)
    )
    return f'<ol data-testid="bars-{name}">{"".join(rows)}</ol>'


def answer(sketch: dict) -> tuple[str, str]:
    """Bars of the untrained and of the trained network."""
    if sketch["composite"] is None:  # cleared
        return bars("untrained", [0] * 10), bars("trained", [0] * 10)
    try:
        image = image_of_picture(sketch["composite"])
    except PictureError:
        return bars("untrained", [0] * 10), bars("trained", [0] * 10)
    logits = load_timeline(DEFAULT_RUN).logits(image[None])[:, 0]  # (snapshots, 10)
    result = before_and_after(find_run(DEFAULT_RUN), logits)
    return bars("untrained", result["untrained"]), bars("trained", result["trained"])


with gr.Blocks() as page:
    pad = gr.Sketchpad(
        type="pil",
        canvas_size=(280, 280),
        brush=gr.Brush(default_size=11, colors=["#000000"], color_mode="fixed"),
        elem_id="pad",
    )
    charts = [gr.HTML(bars("untrained", [0] * 10)), gr.HTML(bars("trained", [0] * 10))]
    pad.change(answer, pad, charts, show_progress="hidden")

if __name__ == "__main__":
    torch.set_num_threads(1)
    page.launch(ssr_mode=False)
