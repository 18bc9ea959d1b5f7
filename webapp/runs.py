"""The runs that this server can show: their cards when it starts, their weights when first asked for."""

import functools
import logging
from pathlib import Path

from torch import Tensor

from mnist_core.cards import Card
from mnist_core.checkpoints import CHECKPOINTS, Head, checkpoint_path, load_checkpoint, load_head
from mnist_core.detector import Detector, load_detector
from mnist_core.errors import CheckpointError, UnknownNameError
from mnist_core.reader import Reader
from mnist_core.recipes import RUNS, Run
from mnist_core.refusal import judge
from mnist_core.timeline import Timeline

log = logging.getLogger("inkling")


def find_heads(root: Path = CHECKPOINTS) -> dict[Run, Head]:
    """The heads of all runs with an intact checkpoint; the others are logged.

    Raises:
        CheckpointError: there is no intact checkpoint at all.
    """
    heads = {}
    for run in RUNS.values():
        try:
            heads[run] = load_head(checkpoint_path(run, root))
        except CheckpointError as error:
            log.warning("%s is left out of the menu: %s", run.id, error)
    if not heads:
        raise CheckpointError(f"No run in {root} can be shown; restore Inkling's checkpoints.")
    return heads


def choose_default(heads: dict[Run, Head], wanted: str) -> str:
    """The id of the run that the page opens with: the one wanted, if it can be shown."""
    ids = [run.id for run in heads]
    if wanted in ids:
        return wanted
    log.warning("%s cannot be shown; the page opens with %s", wanted, ids[0])
    return ids[0]


def load_reader(run: Run) -> Reader:
    """All snapshots of a run; UnknownNameError if its checkpoint cannot be read."""
    return _load(run)[0]


def load_card(run: Run) -> Card:
    """A run's card; raises what `load_reader` raises."""
    return _load(run)[1]


@functools.lru_cache(maxsize=2)  # 5 MB each; a class looks at one run
def load_stored(run: Run) -> Timeline:
    """A run's timeline as stored, which agrees with its card exactly; raises what `load_reader` raises."""
    return _read(run)[0]


def are_digits(run: Run, logits: Tensor, images: Tensor) -> list[bool]:
    """Whether a run takes images (batch, 28, 28) for digits; `logits`, (batch, 10), its last snapshot's."""
    _, card = _load(run)
    detector = _detector()
    if not card.refusal or not detector:
        return [True] * len(images)
    return (~judge(card.refusal, detector, logits, images)[1]).tolist()


@functools.cache
def _load(run: Run) -> tuple[Reader, Card]:
    timeline, card = _read(run)
    log.info("%s: %d snapshots read", run.id, len(timeline.steps))
    return Reader.of(timeline), card


def _read(run: Run) -> tuple[Timeline, Card]:
    """A run's checkpoint; a visitor is told that it cannot be read, the log why and where it lies."""
    try:
        return load_checkpoint(checkpoint_path(run))
    except CheckpointError as error:
        log.error("%s cannot be shown: %s", run.id, error)
        raise UnknownNameError(f"{run.id} cannot be shown at the moment; choose another.") from None


@functools.cache
def _detector() -> Detector | None:
    try:
        return load_detector()
    except CheckpointError as error:
        log.warning("Nothing is refused as no digit: %s", error)
        return None
