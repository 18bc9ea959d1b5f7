"""What the view into the network shows, read off it, and the same from Python."""

import re
from base64 import b64decode

import numpy as np
import torch
from committed import load_timeline
from numpy.typing import NDArray
from playwright.sync_api import Page, expect
from python_says import image_on, write_drawing
from torch import Tensor
from visitor import example, move_slider, open_fragment, say

from mnist_core.networks.model import ACTIVATIONS
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS

LAST = -1
RUN_IDS = ["relu-50/published", "tanh-96-sigmoid-256/robust", "relu-128-128-64-64/published"]
ROBUST = [run_id for run_id in RUNS if run_id.endswith("/robust")]
# Of every unit in the grid, as it stands: which it is, how strong its frame is, and a picture below its
# button as strengths −255..255, in base64; more red than blue is above 0.
UNITS = """(buttons, picture) => buttons.map((button) => {
  const canvas = button.parentElement.querySelector("canvas");
  const [whole, own] = [canvas, button].map((element) => element.getBoundingClientRect());
  const scale = canvas.width / whole.width;
  const [x, y] = [own.left - whole.left, own.top - whole.top].map((place) => Math.round(place * scale));
  const context = canvas.getContext("2d");
  const { data } = context.getImageData(x + 3 + 34 * picture, y + 3, 28, 28);
  const strengths = Int16Array.from({ length: 784 }, (_, at) =>
    data[4 * at] < data[4 * at + 2] ? -data[4 * at + 3] : data[4 * at + 3]);
  const letters = btoa(String.fromCharCode(...new Uint8Array(strengths.buffer)));
  const frame = context.getImageData(x + 1, y + 1, 1, 1).data[3];
  return { unit: Number(button.dataset.unit), letters, frame };
})"""


class Network:
    """A snapshot of a run in double precision, and what it makes of the image on the pad."""

    def __init__(self, page: Page, run_id: str, snapshot: int = -1) -> None:
        timeline = load_timeline(run_id).to(torch.float64)
        self.weights = [weight[snapshot] for weight in timeline.weights]
        self.biases = [bias[snapshot] for bias in timeline.biases]
        self.most = timeline.weights[0].abs().max().item()
        self.names = [hidden.activation for hidden in timeline.run.architecture.hidden]
        low, high = timeline.run.recipe.input_range
        self.values = image_on(page).double().flatten() * (high - low) + low
        self.sums = self.weights[0] @ self.values + self.biases[0]
        self.activations = ACTIVATIONS[self.names[0]]()(self.sums).detach().requires_grad_()
        self.logits = self.logits_after(self.activations)

    def logits_after(self, values: Tensor) -> Tensor:
        """The logits, (10,), from the first layer's activations, (units,)."""
        for weight, bias, name in zip(
            self.weights[1:], self.biases[1:], [*self.names[1:], None], strict=True
        ):
            values = weight @ values + bias
            values = ACTIVATIONS[name]()(values) if name else values
        return values

    def effects(self, digit: int) -> Tensor:
        """What every unit adds to a digit's logit: activation × gradient, (units,)."""
        (gradient,) = torch.autograd.grad(self.logits[digit], self.activations, retain_graph=True)
        return (self.activations * gradient).detach()


def units(page: Page, *, picture: int = 0) -> list[dict]:
    return page.get_by_test_id("units").locator("button").evaluate_all(UNITS, picture)


def pictures(page: Page, *, picture: int = 0) -> NDArray[np.int64]:
    """The pictures by unit, (units, 784), as strengths −255..255."""
    found = sorted(units(page, picture=picture), key=lambda each: each["unit"])
    assert [each["unit"] for each in found] == list(range(len(found)))
    return np.array([np.frombuffer(b64decode(each["letters"]), np.int16) for each in found], int)


def painted(run_id: str, snapshot: int) -> NDArray[np.int64]:
    """The same pictures from the checkpoint: the root of each weight's share of the run's largest."""
    weights = load_timeline(run_id).weights[0]
    shares = (weights[snapshot] / weights.abs().max()).double()
    return (shares.sign() * (shares.abs().sqrt() * 255 + 0.5).floor()).long().numpy()


def number(text: str | None) -> float:
    return float((text or "").replace("−", "-"))


def numbers(text: str) -> list[float]:
    """All numbers that a sentence names."""
    return [number(found) for found in re.findall(r"[−+]?\d+(?:\.\d+)?", text)]


def assert_painted(found: NDArray[np.int64], expected: NDArray[np.int64]) -> None:
    faint = abs(expected) < 8  # too clear for its colour to be read
    assert abs(abs(found) - abs(expected)).max() <= 1
    assert (np.sign(found) == np.sign(expected))[~faint].all()


def open_inside(
    page: Page, run_id: str = DEFAULT_RUN, digit: int | None = 3, *, view: str = "inside"
) -> None:
    """Open the view under a run, with an example of a digit on the pad."""
    drawing = "" if digit is None else f"&drawing={write_drawing(example(digit).drawing)}"
    open_fragment(page, f"#run={run_id}&open={view}{drawing}")
    expect(page.get_by_test_id("play")).to_be_enabled()


def move_to(page: Page, run_id: str, snapshot: int) -> None:
    """Move the slider to a snapshot of a run; -1 is the last."""
    move_slider(page, range(len(load_timeline(run_id).steps))[snapshot])


def line(page: Page) -> str:
    return page.get_by_test_id("inside-line").inner_text()


def expect_order(page: Page, digit: int) -> None:
    """Wait until the units stand in the order of what they add to a digit."""
    expect(page.get_by_test_id("inside-line")).to_contain_text(say("inside_order", digit=digit))
