"""Python's side of the walk: what every network answers, and what the page is in, read from a link to it."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from typing import Any, TypeVar
from urllib.parse import parse_qs

import numpy as np
import torch
import visitor
from numpy.typing import NDArray
from python_says import unpack_drawing
from visitor import count_images
from walk_own import OwnCard, is_own, known, own_runs

from mnist_core.checkpoints.card import Card, checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.detector.network import detect, load_detector
from mnist_core.drawings.preprocessing import image_of_drawing, shrink_drawing, stages_of_drawing
from mnist_core.drawings.strokes import Drawing
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import RUNS

Strokes = tuple[tuple[tuple[float, float], ...], ...]
find_detector = cache(load_detector)
sentence = cache(visitor.say)


def say(key: str, **values: object) -> str:
    """One of the page's sentences; of the digits, 8 alone is "an"."""
    return re.sub(r"\b(a) 8\b(?![.,]\d)", r"\1n 8", sentence(key, **values), flags=re.IGNORECASE)


TAUGHT = {  # sentences that are others of a network which was taught a hand
    *("before", "after", "now_untrained", "timeline_start", "training_own"),
}


@dataclass(frozen=True, eq=False)
class Asked:
    """A digit of the visitor's hand, to test on or to learn from; two that are alike are not the same."""

    label: int
    is_test: bool

    @property
    def words(self) -> tuple[int, bool]:
        """What can be told of it."""
        return self.label, self.is_test


@dataclass(frozen=True)
class PageState:
    """What the visitor has chosen, from a link that opens the page as it is.

    `index`: of the snapshot. `strokes`: of the drawing. `sample`: label and 784 levels of the image that lies
    over it, or None. `views`: the stage's, and "luck" if the columns bear marks. `asked`: which digit of the
    hand the drawing was made for, or None; in a link it is not.
    """

    run: str
    index: int
    strokes: Strokes
    sample: tuple[int, bytes] | None
    views: frozenset[str]
    is_lesson: bool
    asked: Asked | None = None

    @property
    def last(self) -> int:
        """The index of the run's last snapshot."""
        return len(load(self.run)[0].steps) - 1

    @property
    def levels(self) -> bytes | None:
        """What the network is given."""
        if self.sample:
            return self.sample[1]
        return image_of(self.strokes) if self.strokes else None

    @property
    def is_growing(self) -> bool:
        """Whether the run is one of the visitor's own that is being trained."""
        return is_own(self.run) and own_runs[self.run].is_growing

    @property
    def is_taught(self) -> bool:
        """Whether the run was taught a hand."""
        return is_own(self.run) and own_runs[self.run].taught_from is not None

    @property
    def is_trained(self) -> bool:
        """Whether the snapshot is the finished network, and no training that was stopped."""
        own = own_runs[self.run] if is_own(self.run) else None
        is_whole = not own or not (own.is_growing or own.is_stopped or "stopAfter" in (own.plan or {}))
        return self.index == self.last and is_whole

    def say(self, key: str, **values: object) -> str:
        """A sentence about the run."""
        return say(f"{key}_taught" if self.is_taught and key in TAUGHT else key, **values)

    @property
    def moment(self) -> str:
        """The snapshot in words, as in the middle of a sentence."""
        if self.is_trained:
            return self.say("after")
        images = load(self.run)[0].images_seen[self.index]
        return say("now_between", images=count_images(images)) if self.index else self.say("now_untrained")


def read_link(link: str) -> PageState:
    """What a link of the page says."""
    fields = {name: values[0] for name, values in parse_qs(link.lstrip("#")).items()}
    run = fields["run"]
    steps = [*map(str, load(run)[0].steps)]
    step = fields.get("step", steps[-1])
    if step not in steps:
        raise AssertionError(f"the step in the link: the page shows {step}, expected was one of {steps}")
    label, _, letters = fields.get("sample", "").partition(".")
    drawing = unpack_drawing(fields["ink"]) if "ink" in fields else fields.get("drawing")
    return PageState(
        run,
        steps.index(step),
        read_strokes(drawing) if drawing else (),
        (int(label), base64.urlsafe_b64decode(letters + "==")) if letters else None,
        opened(fields["open"].split(".") if "open" in fields else []),
        "lesson" in fields,
    )


def opened(names: list[str]) -> frozenset[str]:
    """What a link opens by these names: the last one's view, and the marks."""
    return frozenset({visitor.VIEWS[names[-1]] if names else "digits", *({"luck"} & {*names})})


def read_training(link: str) -> Any:
    """The training that a link wants, or None."""
    (text,) = parse_qs(link.lstrip("#")).get("train", ["null"])
    return json.loads(text)


@lru_cache(maxsize=64)
def read_strokes(text: str) -> Strokes:
    """A link's strokes: whole ten-thousandths of the pad's width."""
    strokes = ([int(number) / 1e4 for number in stroke.split(".")] for stroke in text.split("_"))
    return tuple(tuple(zip(numbers[::2], numbers[1::2], strict=True)) for numbers in strokes)


def write_strokes(strokes: Strokes) -> str:
    """Strokes as a link holds them."""
    return "_".join(
        ".".join(str(round(value * 1e4)) for point in stroke for value in point) for stroke in strokes
    )


Result = TypeVar("Result")


def kept_by_version(function: Callable[..., Result]) -> Callable[..., Result]:
    """Keep what a function of a run says; an own run's id may stand for another network later."""
    kept = lru_cache(maxsize=2000)(function)

    @wraps(function)
    def wrapped(run_id: str, *rest: Any) -> Result:
        return kept(own_runs[run_id].version if run_id in own_runs else run_id, *rest)

    return wrapped


@kept_by_version
def load(run_id: str) -> tuple[Timeline, Card | OwnCard]:
    """A run's timeline, in double precision, and its card."""
    if run_id in known:
        return known[run_id].timeline, known[run_id].card
    timeline, card = load_checkpoint(checkpoint_path(RUNS[run_id]))
    return timeline.to(torch.float64), card


@kept_by_version
def network(run_id: str, index: int) -> Timeline:
    """One snapshot of a run."""
    return load(run_id)[0].at(index)


def ink(levels: bytes) -> torch.Tensor:
    """Images of 784 levels each as ink, (n, 28, 28), 0..1, in double precision."""
    return torch.frombuffer(bytearray(levels), dtype=torch.uint8).view(-1, 28, 28).double() / 255


@kept_by_version
def probabilities(run_id: str, levels: bytes) -> NDArray[np.float64]:
    """What every snapshot says of an image: (snapshots, 10)."""
    return load(run_id)[0].logits(ink(levels)).softmax(-1)[:, 0].numpy()


@kept_by_version
def readings(run_id: str, index: int, levels: bytes) -> list[int]:
    """What one snapshot reads in images."""
    return network(run_id, index).logits(ink(levels))[0].numpy().argmax(1).tolist()


@kept_by_version
def refusal_margin(levels: bytes) -> float:
    """By how much more probably than its threshold an image is a digit; below 0 it is refused as none."""
    detector = find_detector()
    return detect(detector.network, ink(levels)).item() - detector.threshold


def drawing_of(strokes: Strokes) -> Drawing:
    """Strokes as Python has them."""
    return Drawing(tuple(np.array(stroke) for stroke in strokes))


def to_levels(image: torch.Tensor | NDArray[np.float64]) -> bytes:
    """Ink 0..1 as levels 0..255."""
    return np.asarray(image * 255).round().astype(np.uint8).tobytes()


@lru_cache(maxsize=2000)
def image_of(strokes: Strokes) -> bytes:
    """A drawing made like MNIST's images: 784 levels."""
    return to_levels(image_of_drawing(drawing_of(strokes)))


@lru_cache(maxsize=2000)
def shrunk(strokes: Strokes) -> bytes:
    """The pad merely shrunk: 784 levels."""
    return to_levels(shrink_drawing(drawing_of(strokes)))


@lru_cache(maxsize=2000)
def fitted(strokes: Strokes) -> bytes:
    """A drawing in 20 by 20 pixels, before it is centred: 400 levels."""
    return to_levels(stages_of_drawing(drawing_of(strokes)).fitted)
