"""Plain functions between the page's JSON and mnist_core."""

import base64
import binascii
import functools
from typing import Any

import torch
from torch import Tensor, nn

from mnist_core.cards import Card
from mnist_core.checkpoints import checkpoint_path, load_card, load_checkpoint
from mnist_core.detector import load_detector
from mnist_core.drawing import LabelledDrawing, parse_drawing, read_handwritings
from mnist_core.errors import DrawingError, PictureError, UnknownNameError
from mnist_core.model import summarize
from mnist_core.preprocessing import image_of_drawing, image_of_picture, open_picture
from mnist_core.recipes import DEFAULT_RUN, Run, find_run
from mnist_core.refusal import judge
from mnist_core.timeline import Timeline
from webapp.samples import SamplePool

MAX_PICTURE_BYTES = 1_000_000  # of the API's encoded pictures


def load_timeline(run_id: str) -> Timeline:
    """A run's timeline in single precision, read once; UnknownNameError, CheckpointError."""
    return _read_run(find_run(run_id))[0]


@functools.cache
def _read_run(run: Run) -> tuple[Timeline, Card]:
    timeline, card = load_checkpoint(checkpoint_path(run))
    return timeline.to(torch.float32), card


_detector = functools.cache(load_detector)


def is_digit(run_id: str, logits: Tensor, image: Tensor) -> bool:
    """Whether a run takes an image (28, 28) for a digit; `logits`, (10,), are its finished network's."""
    _, card = _read_run(find_run(run_id))
    return card.refusal is None or not judge(card.refusal, _detector(), logits, image)[1]


@functools.cache
def examples_of(digit: int) -> list[LabelledDrawing]:
    """The project's own drawings of one digit."""
    return [entry for entry in read_handwritings() if entry.label == digit]


def warm_up() -> None:
    """Load the default run and answer once, so that the first visitor does not wait for it."""
    drawing = examples_of(0)[0].drawing
    answer({"run": DEFAULT_RUN, "drawing": drawing.to_json()})


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What every snapshot of a run says of a drawing.

    Args:
        request: `run`, a run's id, and `drawing`, a JSON drawing.

    Returns:
        `image`: 784 bytes of ink, 0 to 255, in base64. `probabilities`: (snapshots, 10), to 6 decimals.
        `is_digit`: whether the finished network takes the drawing for a digit.

    Raises:
        DrawingError, UnknownNameError, CheckpointError
    """
    match request:
        case {"run": run_id, "drawing": drawing}:
            timeline = load_timeline(run_id)
        case _:
            raise DrawingError(f"Unknown request {request!r:.60}; send a run and a drawing.")
    image = image_of_drawing(parse_drawing(drawing))
    logits = timeline.logits(image[None])[:, 0]  # (snapshots, 10)
    return {
        "image": _encode(image),
        "probabilities": [[round(value, 6) for value in row] for row in logits.softmax(-1).tolist()],
        "is_digit": is_digit(run_id, logits[-1], image),
    }


def example(request: dict[str, Any]) -> dict[str, Any]:
    """One of the project's own drawings of a digit: `digit` says which, `number` counts through its hands.

    Raises:
        UnknownNameError: no such digit, or no whole number.
    """
    match request:
        case {"digit": int(digit), "number": int(number)} if 0 <= digit <= 9:
            drawings = examples_of(digit)
            return drawings[number % len(drawings)].drawing.to_json()
    raise UnknownNameError(f"Unknown example {request!r:.60}; ask for a digit from 0 to 9 and a number.")


def sample_grid(request: dict[str, Any], pool: SamplePool) -> dict[str, Any]:
    """Thirty labelled images and what every snapshot of a run says of them.

    Args:
        request: `run`, a run's id, and `draw`: equal numbers pick equal images.
        pool: where the images come from.

    Returns:
        `source`: "mnist", "pending" or "handwritings". `images`: 30 × 784 bytes of ink in base64.
        `labels`: (30,). `predictions`: (snapshots, 30). `losses`: (snapshots,), mean cross-entropy in nats.

    Raises:
        UnknownNameError: no such run, or `draw` is no whole number from 0.
    """
    match request:
        case {"run": run_id, "draw": int(draw)} if 0 <= draw < 2**32:
            images, source = pool.draw(draw)
        case _:
            raise UnknownNameError(f"Unknown draw in {request!r:.60}; ask for a whole number from 0 to 2^32.")
    logits = load_timeline(run_id).logits(images.ink())  # (snapshots, 30, 10)
    labels = images.labels.expand(len(logits), -1)
    losses = nn.functional.cross_entropy(logits.transpose(1, 2), labels, reduction="none").mean(1)
    return {
        "source": source,
        "images": _encode(images.ink()),
        "labels": images.labels.tolist(),
        "predictions": logits.argmax(-1).tolist(),
        "losses": [round(loss, 4) for loss in losses.tolist()],
    }


def confusions(request: dict[str, Any]) -> list[list[list[int]]]:
    """The confusion matrices of a run's snapshots on the 10,000 test images, from its card.

    Args:
        request: `run`, a run's id.

    Returns:
        Counts, (snapshots, 10, 10), row = label, column = prediction.

    Raises:
        UnknownNameError, CheckpointError
    """
    card = load_card(checkpoint_path(_run_of(request)))
    return [scores.confusion for scores in card.scores]


def layers(request: dict[str, Any]) -> dict[str, str]:
    """The `summary` of a run's layers, output shapes and parameters; `request` names the `run`."""
    return {"summary": summarize(_run_of(request).architecture)}


def _run_of(request: object) -> Run:
    return find_run(request.get("run") if isinstance(request, dict) else request)


def predict(drawing: dict, run: str = DEFAULT_RUN) -> dict:
    """Read a digit: probabilities of the digits 0 to 9, by the trained network and by the same one untrained.

    Args:
        drawing: {"strokes": [[[x, y], …], …]} with x and y in 0..1, y downwards; or
            {"picture": "…"} with a PNG or JPEG file in base64.
        run: a network and its recipe, such as relu-96-256/published.

    Returns:
        {"run": …, "prediction": digit, "trained": [10 probabilities], "untrained": [10 probabilities],
        "is_digit": whether the drawing looks like a digit at all}
    """
    timeline = load_timeline(run)
    if isinstance(drawing, dict) and "picture" in drawing:
        image = image_of_picture(open_picture(_decode(drawing["picture"])))
    else:
        image = image_of_drawing(parse_drawing(drawing))
    logits = timeline.logits(image[None])[-1, 0]
    return timeline.before_and_after(image) | {"is_digit": is_digit(run, logits, image)}


def _encode(ink: Tensor) -> str:
    return base64.b64encode((ink * 255).round().to(torch.uint8).numpy().tobytes()).decode("ascii")


def _decode(picture: object) -> bytes:
    if not isinstance(picture, str) or len(picture) > MAX_PICTURE_BYTES * 4 / 3:
        raise PictureError(
            f"A picture is a PNG or JPEG file of at most {MAX_PICTURE_BYTES:,} bytes, written in base64."
        )
    try:
        return base64.b64decode(picture, validate=True)
    except (binascii.Error, ValueError):
        raise PictureError("The picture is not written in base64.") from None
