"""The test images behind a cell of a confusion matrix."""

from typing import Any

import torch

from mnist_core.errors import UnknownNameError, brief
from mnist_core.recipes import find_run
from webapp.handlers import encode
from webapp.runs import load_stored
from webapp.samples import SamplePool

SHOWN = 60  # images of a cell, at most


def cell(request: dict[str, Any], pool: SamplePool) -> dict[str, Any]:
    """The test images of one label that one snapshot of a run reads as one digit.

    Only the images with that label are read, about 1,000 of them, by one network.

    Args:
        request: `run`, a run's id; `snapshot`, a position on its timeline; `label` and `prediction`, digits.
        pool: where MNIST is, if it is here.

    Returns:
        `source`: "mnist", "pending" or "handwritings". With "mnist" also `total`, how many images there
        are, as the run's card counted them, and `images`, the first 60 × 784 bytes of ink in base64.

    Raises:
        UnknownNameError: no such run, snapshot or digit, or its checkpoint cannot be read.
    """
    match request:
        case {"run": run_id, "snapshot": int(index), "label": int(label), "prediction": int(prediction)}:
            timeline = load_stored(find_run(run_id))
        case _:
            raise UnknownNameError(
                f"Unknown cell {brief(request)}; send a run, a snapshot, a label and a prediction."
            )
    if not (0 <= index < len(timeline.steps) and 0 <= label <= 9 and 0 <= prediction <= 9):
        raise UnknownNameError(
            f"Unknown cell: snapshot {index}, label {label}, prediction {prediction}; "
            f"{run_id} has snapshots 0 to {len(timeline.steps) - 1}, and digits go from 0 to 9."
        )
    test = pool.mnist()
    if test is None:
        return {"source": pool.source}
    ink = test.images[test.labels == label].float() / 255
    # In double precision, as the card was made, so that the images agree with its counts.
    logits = timeline.at(index).to(torch.float64).logits(ink)[0]  # (images, 10)
    found = ink[logits.argmax(-1) == prediction]
    return {"source": "mnist", "total": len(found), "images": encode(found[:SHOWN])}
