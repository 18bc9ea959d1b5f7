"""Plain functions between the page's JSON and mnist_core."""

import asyncio
import base64
import binascii
import functools
import math
import threading
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mnist_core.architectures import SIDE
from mnist_core.drawing import Drawing, LabelledDrawing, parse_drawing, read_handwritings
from mnist_core.errors import DrawingError, PictureError, UnknownNameError, brief
from mnist_core.model import summarize
from mnist_core.preprocessing import image_of_drawing, image_of_picture, open_picture
from mnist_core.recipes import DEFAULT_RUN, Run, find_run
from mnist_core.timeline import before_and_after
from webapp.runs import are_digits, load_card, load_reader
from webapp.samples import SamplePool

MAX_PICTURE_BYTES = 1_000_000  # of the API's encoded pictures
MAX_PICTURE_PIXELS = 4_000_000  # of the API's pictures: 16 MB when decoded
_places = threading.Semaphore(8)  # for pictures that are read or wait for it
_decoding = threading.Lock()  # one picture at a time: decoded, it takes a hundred times its bytes
IMAGE_LETTERS = math.ceil(SIDE * SIDE / 3) * 4  # of an image in base64


def read_request(request: object) -> tuple[Run, Drawing]:
    """The run and the drawing of a request that names its `run` and holds a JSON `drawing`.

    Raises:
        DrawingError, UnknownNameError
    """
    match request:
        case {"run": run_id, "drawing": drawing}:
            return find_run(run_id), parse_drawing(drawing)
    raise DrawingError(f"Unknown request {brief(request)}; send a run and a drawing.")


def encode(ink: Tensor) -> str:
    """Ink, 0 to 1, of any shape, as bytes from 0 to 255 in base64."""
    return base64.b64encode((ink * 255).round().to(torch.uint8).numpy().tobytes()).decode("ascii")


def rounded(probabilities: Tensor, decimals: int) -> list:
    """Probabilities, of any shape, as lists of that shape, each value to so many decimals."""
    return probabilities.double().numpy().round(decimals).tolist()


@functools.cache
def examples_of(digit: int) -> list[LabelledDrawing]:
    """The project's own drawings of one digit."""
    return [entry for entry in read_handwritings() if entry.label == digit]


def warm_up(run_id: str) -> None:
    """Load a run and answer once, so that the first visitor does not wait for it."""
    drawing = examples_of(0)[0].drawing
    answer({"run": run_id, "drawing": drawing.to_json()})


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What every snapshot of a run says of a drawing, or of an image as it is.

    Args:
        request: `run`, a run's id, and either `drawing`, a JSON drawing, or `image`, 784 bytes of ink,
            0 (paper) to 255, in base64, which goes in without preprocessing.

    Returns:
        `image`: the 784 bytes of ink that were read, in base64. `probabilities`: (snapshots, 10), to
        6 decimals. `is_digit`: whether the finished network takes the image for a digit.

    Raises:
        DrawingError, PictureError, UnknownNameError
    """
    run, image = image_of_request(request)
    return answer_all(run, [image])[0]


def image_of_request(request: dict[str, Any]) -> tuple[Run, Tensor]:
    """The run, and the image (28, 28), of a request to `answer`; raises what that raises."""
    match request:
        case {"run": run_id, "image": encoded}:
            return find_run(run_id), _read_image(encoded)
    run, drawing = read_request(request)
    return run, image_of_drawing(drawing)


def answer_all(run: Run, images: list[Tensor]) -> list[dict[str, Any]]:
    """What `answer` says of several images (28, 28) of one run, in their order."""
    batch = torch.stack(images)
    logits = load_reader(run).logits(batch)  # (snapshots, batch, 10)
    probabilities = rounded(logits.softmax(-1).transpose(0, 1), 6)
    is_digit = are_digits(run, logits[-1], batch)
    return [
        {"image": encode(image), "probabilities": rows, "is_digit": digit}
        for image, rows, digit in zip(images, probabilities, is_digit, strict=True)
    ]


def example(request: dict[str, Any]) -> dict[str, Any]:
    """One of the project's own drawings of a digit: `digit` says which, `number` counts through its hands.

    Raises:
        UnknownNameError: no such digit, or no whole number.
    """
    match request:
        case {"digit": int(digit), "number": int(number)} if 0 <= digit <= 9:
            drawings = examples_of(digit)
            return drawings[number % len(drawings)].drawing.to_json()
    raise UnknownNameError(f"Unknown example {brief(request)}; ask for a digit from 0 to 9 and a number.")


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
            raise UnknownNameError(
                f"Unknown draw in {brief(request)}; ask for a whole number from 0 to 2^32."
            )
    logits = load_reader(find_run(run_id)).logits(images.ink())  # (snapshots, 30, 10)
    labels = images.labels.expand(len(logits), -1)
    losses = nn.functional.cross_entropy(logits.transpose(1, 2), labels, reduction="none").mean(1)
    return {
        "source": source,
        "images": encode(images.ink()),
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
        UnknownNameError: no such run, or its checkpoint cannot be read.
    """
    return [scores.confusion for scores in load_card(_run_of(request)).scores]


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
    known = find_run(run)
    reader = load_reader(known)
    if isinstance(drawing, dict) and "picture" in drawing:
        content = _decode(drawing["picture"])
        with _decoding:
            image = image_of_picture(open_picture(content, max_pixels=MAX_PICTURE_PIXELS))
    else:
        image = image_of_drawing(parse_drawing(drawing))
    logits = reader.logits(image[None])  # (snapshots, 1, 10)
    return before_and_after(known, logits[:, 0]) | {"is_digit": are_digits(known, logits[-1], image[None])[0]}


async def predict_call(body: object) -> dict[str, Any]:
    """`predict` over plain HTTP: {"data": [drawing, run]}, the run if wanted, gives {"data": [reply]}.

    A picture takes up to a second, so it is read in a thread, and drawings are answered meanwhile.
    """
    match body:
        case {"data": [{"picture": _}, *_] as arguments} if len(arguments) <= 2:
            if not _places.acquire(blocking=False):
                raise PictureError("Too many pictures are being read just now; send it again.")
            try:
                return {"data": [await asyncio.to_thread(predict, *arguments)]}
            finally:
                _places.release()
        case {"data": [_, *_] as arguments} if len(arguments) <= 2:
            return {"data": [predict(*arguments)]}
    raise DrawingError(f'Unknown call {brief(body)}; send {{"data": [drawing, run]}}.')


def _read_image(encoded: object) -> Tensor:
    """The image (28, 28) that was `encode`d; PictureError if it is none, or holds no ink."""
    try:
        if not isinstance(encoded, str) or len(encoded) != IMAGE_LETTERS:
            raise ValueError
        ink = np.frombuffer(base64.b64decode(encoded, validate=True), np.uint8).reshape(SIDE, SIDE)
    except ValueError:  # of base64 and of reshape, too
        raise PictureError(
            f"An image is {SIDE} × {SIDE} bytes of ink in base64; given was {brief(encoded)}."
        ) from None
    if not ink.any():
        raise PictureError("The image holds no ink, so there is nothing to predict; give one with a digit.")
    return torch.from_numpy(ink / 255).float()


def _decode(picture: object) -> bytes:
    if not isinstance(picture, str) or len(picture) > MAX_PICTURE_BYTES * 4 / 3:
        raise PictureError(
            f"A picture is a PNG or JPEG file of at most {MAX_PICTURE_BYTES:,} bytes, written in base64."
        )
    try:
        return base64.b64decode(picture, validate=True)
    except (binascii.Error, ValueError):
        raise PictureError("The picture is not written in base64.") from None
