"""The API's answer, by PyTorch: imported when it is first asked, so that the app starts without it."""

import base64
import binascii
import functools
import logging
import math
import re
import threading
from typing import Any

import torch
from torch import Tensor

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.detector.network import Detector, is_not_a_digit, load_detector
from mnist_core.drawings.pictures import FORMATS, image_of_picture, open_picture
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import parse_drawing
from mnist_core.errors import CheckpointError, PictureError, UnknownNameError, brief
from mnist_core.networks.timeline import Timeline, before_and_after
from mnist_core.runs.recipes import Run, find_run

MAX_PICTURE_BYTES = 1_000_000  # of an encoded picture
MAX_PICTURE_PIXELS = 4_000_000  # of a decoded one: 16 MB
PICTURE = f"A picture is a {FORMATS} file of at most {MAX_PICTURE_BYTES:,} bytes, written in base64."
DATA_URL = re.compile(r"\s*data:[^,]*;base64,", re.IGNORECASE)
BLANKS = re.compile(r"[ \t\r\n]+")  # lines are often wrapped
NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=_ \t\r\n-]")
STANDARD = str.maketrans("-_", "+/")  # of the alphabet for URLs
_decoding = threading.Lock()  # one picture at a time: decoded, it takes a hundred times its bytes
log = logging.getLogger("inkling")


def predict(drawing: object, run_id: object) -> dict[str, Any]:
    """What a run's untrained and its trained network say of a drawing or a picture.

    Args:
        drawing: {"strokes": [[[x, y], …], …]} with x and y in 0..1, or {"picture": "…"}, a PNG or JPEG
            file in base64.
        run_id: such as "relu-96-256/robust".

    Returns:
        `run`, `prediction` (the trained network's), `trained` and `untrained` (10 probabilities each) and
        `is_digit`: whether the detector, one network for all runs, takes it for a digit at all.

    Raises:
        DrawingError, PictureError, UnknownNameError
    """
    run = find_run(run_id)
    image = _image_of(drawing)[None]  # (1, 28, 28)
    logits = torch.cat([snapshot.logits(image) for snapshot in _load(run)])  # (2, 1, 10)
    return before_and_after(run, logits[:, 0]) | {"is_digit": _is_digit(image)}


def _image_of(drawing: object) -> Tensor:
    if not isinstance(drawing, dict) or "picture" not in drawing:
        return image_of_drawing(parse_drawing(drawing))
    content = _decode(drawing["picture"])
    with _decoding:
        return image_of_picture(open_picture(content, max_pixels=MAX_PICTURE_PIXELS))


def _decode(picture: object) -> bytes:
    """The bytes of a file in base64; PictureError says what is wrong with what was given."""
    if not isinstance(picture, str):
        raise PictureError(f"{PICTURE} It was given as {brief(picture)}.")
    start = prefix.end() if (prefix := DATA_URL.match(picture)) else 0
    if other := NOT_BASE64.search(picture, start):
        raise PictureError(
            f"The picture is not written in base64. Character {other.start() + 1:,} is {other[0]!r}; "
            "there are only A-Z, a-z, 0-9, + and / (or - and _), and = at the end. Leave out what comes "
            "before the data."
        )
    text = BLANKS.sub("", picture[start:])
    if len(text) > 4 * math.ceil(MAX_PICTURE_BYTES / 3):
        raise PictureError(f"{PICTURE} It was given as {len(text):,} characters.")
    if "-" in text or "_" in text:  # for URLs, mostly written without the = at its end
        text = text.translate(STANDARD)
        text += "=" * (-len(text) % 4)
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise PictureError(
            f"The picture is not written in base64. Its {len(text):,} characters are no groups of four, "
            "the last one filled up with =. Give all of them."
        ) from None
    if len(content) > MAX_PICTURE_BYTES:
        raise PictureError(f"{PICTURE} It was given as {len(content):,} bytes.")
    return content


def _is_digit(image: Tensor) -> bool:
    detector = _load_detector()
    return not (detector and is_not_a_digit(detector, image).item())


@functools.cache
def _load(run: Run) -> tuple[Timeline, Timeline]:
    """A run's untrained and its trained network.

    A caller is told that a checkpoint cannot be read, the log why and where it lies.
    """
    torch.set_num_threads(1)  # one image is too small to share between cores
    try:
        timeline, _ = load_checkpoint(checkpoint_path(run))
    except CheckpointError as error:
        log.error("%s cannot be asked: %s", run.id, error)
        raise UnknownNameError(f"{run.id} cannot be asked at the moment; choose another.") from None
    log.info("%s: read by PyTorch", run.id)
    timeline = timeline.to(torch.float32)
    return timeline.at(0), timeline.at(-1)


@functools.cache
def _load_detector() -> Detector | None:
    try:
        return load_detector()
    except CheckpointError as error:
        log.warning("Nothing is refused as no digit: %s", error)
        return None
