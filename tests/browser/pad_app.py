"""Inkling's Sketchpad and, on a page of its own, Gradio's, read by the same network."""

import time

import gradio as gr
from committed import load_timeline
from PIL import Image
from torch import Tensor

from mnist_core.drawings.pictures import image_of_picture
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import parse_drawing, read_handwritings
from mnist_core.errors import InklingError
from mnist_core.runs.recipes import DEFAULT_RUN
from webapp import Sketchpad

SEVEN = next(entry.drawing for entry in read_handwritings() if entry.label == 7)


def prediction(image: Tensor) -> int:
    """The digit that the default run reads in an image (28, 28), ink 0..1."""
    return int(load_timeline(DEFAULT_RUN).at(-1).logits(image[None]).argmax())


def read(drawing: dict) -> str:
    """The digit on Inkling's pad."""
    strokes = parse_drawing(drawing)
    if strokes.is_empty:
        return "empty"
    return str(prediction(image_of_drawing(strokes)))


def give_back_slowly(drawing: dict) -> dict:
    """Inkling's drawing, given back by a function that is slower than a pen."""
    time.sleep(0.3)
    return drawing


def read_sketch(sketch: dict[str, Image.Image | None]) -> str:
    """The digit on Gradio's pad."""
    if sketch["composite"] is None:
        return "empty"
    try:
        image = image_of_picture(sketch["composite"])
    except InklingError:
        return "empty"
    return str(prediction(image))


with gr.Blocks() as demo:
    pad = Sketchpad(elem_id="pad")
    answer, slow = gr.Textbox(elem_id="answer"), gr.JSON(elem_id="slow")
    seven, nothing = gr.Button("Show a seven"), gr.Button("Show nothing")
    pad.change(read, pad, answer)
    pad.change(give_back_slowly, pad, slow)
    seven.click(SEVEN.to_json, None, pad)
    nothing.click(lambda: None, None, pad)

with demo.route("Gradio's own", "theirs"):
    sketch = gr.Sketchpad(
        type="pil",
        canvas_size=(280, 280),
        brush=gr.Brush(default_size=11, colors=["#000000"], color_mode="fixed"),
        elem_id="pad",
    )
    sketch_answer = gr.Textbox(elem_id="answer")
    sketch.change(read_sketch, sketch, sketch_answer, show_progress="hidden")

if __name__ == "__main__":
    demo.launch(ssr_mode=False, quiet=True)
