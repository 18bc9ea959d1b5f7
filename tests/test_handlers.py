"""What the page and the API get for what they send."""

import base64
import io

import numpy as np
import pytest
import torch
from committed import load_timeline
from PIL import Image

from mnist_core.drawing import read_handwritings
from mnist_core.errors import DrawingError, PictureError, UnknownNameError
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import DEFAULT_RUN, RUNS
from webapp import handlers
from webapp.samples import SamplePool

SEVEN = next(entry.drawing for entry in read_handwritings() if entry.label == 7)
BAR = {"strokes": [[[0.5, 0.2], [0.5, 0.8]]]}


def encoded(picture: Image.Image) -> str:
    content = io.BytesIO()
    picture.save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()


@pytest.mark.parametrize("run_id", RUNS)
def test_an_answer_holds_the_probabilities_of_every_snapshot(run_id: str) -> None:
    reply = handlers.answer({"run": run_id, "drawing": SEVEN.to_json()})
    timeline = load_timeline(run_id)
    expected = timeline.probabilities(image_of_drawing(SEVEN)[None])[:, 0]
    assert reply["probabilities"] == pytest.approx(expected.numpy(), abs=1e-6)


def test_an_answer_holds_the_image_that_was_read() -> None:
    reply = handlers.answer({"run": DEFAULT_RUN, "drawing": SEVEN.to_json()})
    ink = np.frombuffer(base64.b64decode(reply["image"]), np.uint8).reshape(28, 28)
    assert (ink == (image_of_drawing(SEVEN) * 255).round().numpy()).all()


def test_an_empty_drawing_gets_no_answer() -> None:
    with pytest.raises(DrawingError, match="The drawing is empty, so there is nothing to predict"):
        handlers.answer({"run": DEFAULT_RUN, "drawing": {"strokes": []}})


def test_an_unknown_run_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="Unknown run 'relu-26/published'; choose one of: relu-25-25"):
        handlers.answer({"run": "relu-26/published", "drawing": BAR})


@pytest.mark.parametrize("run", [None, 7, ["relu-50/published"], {}])
def test_a_run_that_is_no_name_is_unknown(run: object) -> None:
    with pytest.raises(UnknownNameError, match="Unknown run"):
        handlers.answer({"run": run, "drawing": BAR})


@pytest.mark.parametrize("digit", range(10))
def test_examples_come_in_turn(digit: int) -> None:
    hands = [entry.drawing.to_json() for entry in read_handwritings() if entry.label == digit]
    shown = [handlers.example({"digit": digit, "number": number}) for number in range(len(hands) + 1)]
    assert shown == [*hands, hands[0]]


@pytest.mark.parametrize("request_", [None, 7, {}, {"run": DEFAULT_RUN}])
def test_a_request_without_run_or_drawing_is_refused(request_: object) -> None:
    with pytest.raises(DrawingError, match="send a run and a drawing"):
        handlers.answer(request_)


def answer_for(ink: bytes, run_id: str = DEFAULT_RUN) -> dict:
    return handlers.answer({"run": run_id, "image": base64.b64encode(ink).decode()})


@pytest.mark.parametrize("run_id", RUNS)
def test_an_image_is_read_as_the_drawing_that_it_was_made_of(run_id: str) -> None:
    of_drawing = handlers.answer({"run": run_id, "drawing": SEVEN.to_json()})
    assert answer_for(base64.b64decode(of_drawing["image"]), run_id) == of_drawing


def test_an_image_goes_in_as_it_is() -> None:
    ink = bytes(index % 256 for index in range(784))
    assert base64.b64decode(answer_for(ink)["image"]) == ink


def test_an_image_of_noise_is_no_digit() -> None:
    assert not answer_for(np.random.default_rng(0).bytes(784))["is_digit"]


@pytest.mark.parametrize(
    "image",
    [None, 7, "", "x" * 1048, "é" * 1048, "!" * 1048, ["A"] * 1048, "A" * 1047, "A" * 10_000_000]
    + [base64.b64encode(bytes(count)).decode() for count in (783, 785)],
    ids=lambda image: f"{image!r:.12}",
)
def test_what_is_no_image_is_refused(image: object) -> None:
    with pytest.raises(PictureError, match="An image is 28 × 28 bytes of ink in base64; given was"):
        handlers.answer({"run": DEFAULT_RUN, "image": image})


def test_an_image_without_ink_gets_no_answer() -> None:
    with pytest.raises(PictureError, match="The image holds no ink, so there is nothing to predict"):
        answer_for(bytes(784))


@pytest.mark.parametrize("request_", [{"digit": 10, "number": 0}, {"digit": "x", "number": 0}, {}, None])
def test_an_unknown_example_is_refused(request_: object) -> None:
    with pytest.raises(UnknownNameError, match="Unknown example"):
        handlers.example(request_)


@pytest.mark.parametrize("entry", read_handwritings(), ids=lambda entry: f"{entry.label}-{entry.hand}")
def test_the_default_network_reads_every_handwriting(entry) -> None:
    assert handlers.predict(entry.drawing.to_json())["prediction"] == entry.label


def test_there_are_at_least_six_handwritings_of_each_digit() -> None:
    labels = [entry.label for entry in read_handwritings()]
    assert min(labels.count(digit) for digit in range(10)) >= 6


def test_predict_reads_a_picture() -> None:
    ink = np.kron(image_of_drawing(SEVEN).numpy(), np.ones((8, 8)))
    picture = Image.fromarray(np.uint8(255 - ink * 255))
    assert handlers.predict({"picture": encoded(picture)})["prediction"] == 7


@pytest.mark.parametrize("picture", ["not base64!", 7, None, "x" * 2_000_000])
def test_predict_refuses_what_is_no_picture(picture: object) -> None:
    with pytest.raises(PictureError, match="base64"):
        handlers.predict({"picture": picture})


def test_predict_refuses_bytes_that_are_no_picture() -> None:
    with pytest.raises(PictureError, match="no picture that can be read"):
        handlers.predict({"picture": base64.b64encode(b"hello").decode()})


@pytest.fixture
def pool() -> SamplePool:
    return SamplePool()


def test_the_grid_says_what_every_snapshot_says(pool: SamplePool) -> None:
    reply = handlers.sample_grid({"run": DEFAULT_RUN, "draw": 3}, pool)
    ink = np.frombuffer(base64.b64decode(reply["images"]), np.uint8).reshape(30, 28, 28)
    expected = load_timeline(DEFAULT_RUN).probabilities(torch.from_numpy(ink / 255))
    assert reply["predictions"] == expected.argmax(-1).tolist()


def test_the_grid_s_loss_is_the_mean_cross_entropy(pool: SamplePool) -> None:
    reply = handlers.sample_grid({"run": DEFAULT_RUN, "draw": 3}, pool)
    ink = np.frombuffer(base64.b64decode(reply["images"]), np.uint8).reshape(30, 28, 28)
    probabilities = load_timeline(DEFAULT_RUN).probabilities(torch.from_numpy(ink / 255))
    of_labels = probabilities[:, torch.arange(30), torch.tensor(reply["labels"])]
    assert reply["losses"] == pytest.approx((-of_labels.log()).mean(1).numpy(), abs=1e-3)


def test_equal_draws_give_equal_images_for_every_network(pool: SamplePool) -> None:
    replies = [handlers.sample_grid({"run": run_id, "draw": 5}, pool) for run_id in RUNS]
    assert len({reply["images"] for reply in replies}) == 1


def test_another_draw_gives_other_images(pool: SamplePool) -> None:
    first, second = (handlers.sample_grid({"run": DEFAULT_RUN, "draw": draw}, pool) for draw in (0, 1))
    assert first["images"] != second["images"]


@pytest.mark.parametrize("draw", [-1, 2**40, 0.5, "1", None])
def test_a_draw_that_is_no_count_is_refused(pool: SamplePool, draw: object) -> None:
    with pytest.raises(UnknownNameError, match="Unknown draw"):
        handlers.sample_grid({"run": DEFAULT_RUN, "draw": draw}, pool)
