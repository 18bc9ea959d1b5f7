"""Draw a digit, see what training changed: in Gradio, with PyTorch.

Run from the project's root: PYTHONPATH=. python examples/mission.py
"""

import gradio as gr
import numpy as np

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import fetch_mnist, load_mnist
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS
from webapp import Sketchpad
from webapp.prediction import predict

GREEN, RED = (190, 230, 190), (250, 190, 190)


def answer(drawing: dict, run: str) -> list[dict]:
    if not drawing["strokes"]:
        return [{}, {}]
    reply = predict(drawing, run)
    return [dict(zip("0123456789", reply[snapshot], strict=True)) for snapshot in ("untrained", "trained")]


def color_samples(run: str) -> np.ndarray:
    images = load_mnist(mnist_folder(), "test")
    ink, labels = images.ink()[:50], images.labels[:50]
    timeline, _ = load_checkpoint(checkpoint_path(RUNS[run]))
    is_right = timeline.to(ink.dtype).at(-1).logits(ink)[0].argmax(-1) == labels
    paper = np.where(is_right[:, None, None, None], GREEN, RED)  # (50, 1, 1, 3)
    tiles = (paper * (1 - ink.numpy()[..., None])).astype(np.uint8)  # (50, 28, 28, 3)
    return tiles.reshape(5, 10, 28, 28, 3).swapaxes(1, 2).reshape(140, 280, 3)


with gr.Blocks(title="Inkling") as demo:
    run = gr.Dropdown(list(RUNS), value=DEFAULT_RUN, label="Network and training")
    with gr.Row():
        pad = Sketchpad()
        charts = [gr.Label(label="Before training"), gr.Label(label="After training")]
    samples = gr.Image(label="Test images: read right on green, wrong on red")
    gr.on([pad.change, run.change], answer, [pad, run], charts, trigger_mode="always_last")
    gr.on([demo.load, run.change], color_samples, run, samples)

if __name__ == "__main__":
    fetch_mnist(mnist_folder())
    demo.launch()
