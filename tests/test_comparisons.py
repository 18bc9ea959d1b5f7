"""What the page gets to set beside a drawing's answer."""

import base64

import numpy as np
import pytest
import torch
from committed import load_timeline

from mnist_core.drawing import Drawing, read_handwritings
from mnist_core.errors import DrawingError, UnknownNameError
from mnist_core.luck import SEEDS
from mnist_core.model import build_model
from mnist_core.preprocessing import image_of_drawing, shrink_drawing, stages_of_drawing
from mnist_core.recipes import DEFAULT_RUN, RUNS
from webapp import comparisons, handlers

SEVEN = next(entry.drawing for entry in read_handwritings() if entry.label == 7)
CORNERED = Drawing(tuple(stroke * 0.3 for stroke in SEVEN.strokes))  # a small 7 in the upper left corner
BOTH = pytest.mark.parametrize("handler", [comparisons.luck, comparisons.given])


def request(drawing: Drawing = SEVEN, run_id: str = DEFAULT_RUN) -> dict:
    return {"run": run_id, "drawing": drawing.to_json()}


def bytes_of(encoded: str, side: int = 28) -> np.ndarray:
    return np.frombuffer(base64.b64decode(encoded), np.uint8).reshape(side, side)


@pytest.mark.parametrize("run_id", RUNS)
def test_luck_is_what_fresh_networks_of_the_run_s_shape_say(run_id: str) -> None:
    run, image = RUNS[run_id], image_of_drawing(SEVEN)
    models = [build_model(run.architecture, seed=seed, input_range=run.recipe.input_range) for seed in SEEDS]
    expected = [model.eval()(image[None])[0].softmax(-1).tolist() for model in models]
    np.testing.assert_allclose(comparisons.luck(request(run_id=run_id)), expected, atol=6e-4)


@pytest.mark.parametrize("way", ["shrunk", "made"])
@pytest.mark.parametrize("run_id", RUNS)
def test_every_snapshot_says_something_of_either_image(run_id: str, way: str) -> None:
    image = {"shrunk": shrink_drawing, "made": image_of_drawing}[way](CORNERED)
    reply = comparisons.given(request(CORNERED, run_id))[way]
    assert (bytes_of(reply["image"]) == (image * 255).round().numpy()).all()
    expected = load_timeline(run_id).probabilities(image[None])[:, 0]
    np.testing.assert_allclose(reply["probabilities"], expected, atol=2e-6)


def test_the_stages_are_those_of_the_image() -> None:
    reply, stages = comparisons.given(request()), stages_of_drawing(SEVEN)
    assert (bytes_of(reply["fitted"], 20) == (stages.fitted * 255).round()).all()
    assert reply["box"] == [*stages.corner, *stages.extent]
    assert reply["shift"] == stages.shift


def test_a_small_digit_in_a_corner_is_read_right_only_when_made_like_mnist() -> None:
    reply = comparisons.given(request(CORNERED))
    read = {way: int(np.argmax(reply[way]["probabilities"][-1])) for way in ("shrunk", "made")}
    assert read["made"] == 7 != read["shrunk"]


def test_what_is_made_like_mnist_gets_the_answer_on_the_bars() -> None:
    answer, made = handlers.answer(request()), comparisons.given(request())["made"]
    assert made["image"] == answer["image"]
    torch.testing.assert_close(
        torch.tensor(made["probabilities"]), torch.tensor(answer["probabilities"]), atol=2e-6, rtol=0
    )


@BOTH
def test_an_empty_drawing_is_refused(handler) -> None:
    with pytest.raises(DrawingError, match="The drawing is empty"):
        handler(request(Drawing(())))


@BOTH
def test_an_unknown_run_is_refused(handler) -> None:
    with pytest.raises(UnknownNameError, match="Unknown run 'relu-26/published'"):
        handler(request(run_id="relu-26/published"))


@BOTH
@pytest.mark.parametrize("what", [None, 7, {}, {"run": DEFAULT_RUN}])
def test_a_request_without_run_or_drawing_is_refused(handler, what: object) -> None:
    with pytest.raises(DrawingError, match="send a run and a drawing"):
        handler(what)
