"""A drawing's answer beside others: of other untrained networks, and to another image of it."""

import functools
from typing import Any

import torch

from mnist_core.luck import build_others
from mnist_core.preprocessing import image_of_drawing, shrink_drawing, stages_of_drawing
from webapp.handlers import encode, read_request, rounded
from webapp.runs import load_reader

_others = functools.cache(build_others)


def luck(request: dict[str, Any]) -> list[list[float]]:
    """What twenty other untrained networks of a run's shape say of a drawing; takes and raises as `answer`.

    Returns:
        Probabilities, (20, 10), to 3 decimals.
    """
    run, drawing = read_request(request)
    others = _others(run.architecture, run.recipe.input_range)
    return rounded(others.probabilities(image_of_drawing(drawing)[None])[:, 0], 3)


def given(request: dict[str, Any]) -> dict[str, Any]:
    """A drawing merely shrunk and made like MNIST, and what every snapshot says of both; takes as `answer`.

    Returns:
        `shrunk` and `made`: each an `image` and its `probabilities`, as in `answer`. How the latter is made:
        `box`, around the strokes' points: left, top, width and height in widths of the pad; `fitted`: that
        box in 20×20 bytes of ink, in base64; `shift`: by how many pixels, down and right, it is then moved.

    Raises:
        DrawingError, UnknownNameError
    """
    run, drawing = read_request(request)
    stages = stages_of_drawing(drawing)
    images = torch.stack([shrink_drawing(drawing), stages.image])
    probabilities = load_reader(run).probabilities(images)  # (snapshots, 2, 10)
    shrunk, made = (
        {"image": encode(images[way]), "probabilities": rounded(probabilities[:, way], 6)} for way in (0, 1)
    )
    return {
        "shrunk": shrunk,
        "made": made,
        "box": [*stages.corner.tolist(), *stages.extent.tolist()],
        "fitted": encode(torch.from_numpy(stages.fitted)),
        "shift": stages.shift,
    }
