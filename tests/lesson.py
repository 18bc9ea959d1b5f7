"""The lessons' files, read by Python: their steps, and every figure that they name, computed anew."""

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from app_server import PROJECT
from committed import load_timeline
from torch import Tensor

from mnist_core.checkpoints.card import Metadata, Tally, checkpoint_path, load_metadata
from mnist_core.drawings.preprocessing import image_of_drawing, shrink_drawing
from mnist_core.drawings.strokes import Drawing, parse_drawing, read_handwritings
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import find_run

sys.path.append(str(Path(__file__).parent / "browser"))
from python_says import story_of
from visitor import count_images

FOLDER = PROJECT / "webapp" / "page" / "lessons"
NAMES = ["training", "inside"]  # in the order in which they are offered
SURE = 0.9


@dataclass(frozen=True)
class Step:
    """One step of a lesson, as its file has it."""

    lesson: str
    number: int  # from 1
    content: dict[str, Any] = field(repr=False)

    @property
    def link(self) -> str:
        """What opens it."""
        return f"#lesson={self.lesson}.{self.number}"

    @property
    def page(self) -> dict[str, str]:
        """The keys of the link to the state that it begins in."""
        return {key: values[0] for key, values in parse_qs(self.content["page"]).items()}

    @property
    def drawing(self) -> Drawing | None:
        """What lies on the pad when it begins."""
        if "example" in self.page:
            label, number = map(int, self.page["example"].split("."))
            return [entry.drawing for entry in read_handwritings() if entry.label == label][number]
        if "drawing" not in self.page:
            return None
        strokes = [
            [int(value) / 1e4 for value in part.split(".")] for part in self.page["drawing"].split("_")
        ]
        return parse_drawing({"strokes": [list(zip(s[::2], s[1::2], strict=True)) for s in strokes]})

    @property
    def move(self) -> dict[str, Any]:
        """What the page does once the bet is locked."""
        return self.content.get("move", {})

    @property
    def trains(self) -> bool:
        """Whether the page then trains a network, which is in no file."""
        return "train" in self.move


def read_lesson(name: str) -> dict[str, Any]:
    """A lesson's file."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def steps_of(name: str) -> list[Step]:
    """A lesson's steps."""
    return [Step(name, at + 1, step) for at, step in enumerate(read_lesson(name)["steps"])]


STEPS = [step for name in NAMES for step in steps_of(name)]


def percent(share: float) -> str:
    """A probability as the page says it."""
    return ">99.9 %" if share >= 0.9995 else f"{share * 100:.1f} %"


def share(score: Tally) -> str:
    """An accuracy as the page says it."""
    return "100 %" if score.correct == score.n else percent(score.accuracy)


@dataclass(frozen=True)
class Shown:
    """What the page shows when a bet has come out: a run's snapshot, and what lies on the pad."""

    timeline: Timeline
    metadata: Metadata
    index: int
    drawing: Drawing | None

    @classmethod
    def of(cls, run: str) -> "Shown":
        """The end of a committed run, with an empty pad."""
        timeline = load_timeline(run)
        metadata = load_metadata(checkpoint_path(find_run(run)))
        return cls(timeline, metadata, len(timeline.steps) - 1, None)

    def said(self, image: Tensor, index: int) -> list[float]:
        """The ten probabilities of an image."""
        return self.timeline.logits(image[None]).softmax(-1)[index, 0].tolist()

    def image(self) -> Tensor:
        """What the network is given."""
        assert self.drawing
        return image_of_drawing(self.drawing)

    def ranked(self, image: Tensor, index: int) -> list[tuple[float, int]]:
        """Probability and digit, the most probable first."""
        return sorted(((p, digit) for digit, p in enumerate(self.said(image, index))), reverse=True)


def shown_by(step: Step, run: str | None = None) -> Shown:
    """What a step shows in the end, or of another run its end; not where it trains a network."""
    run_id = run or step.page["run"]
    timeline, metadata = load_timeline(run_id), load_metadata(checkpoint_path(find_run(run_id)))
    is_end = run or "step" not in step.page or step.move.get("play")
    index = len(timeline.steps) - 1 if is_end else timeline.steps.index(int(step.page["step"]))
    return Shown(timeline, metadata, index, step.drawing)


def settled(shown: Shown) -> int:
    """The snapshot since which the answer is what it is in the end: sure of it, if it ever was."""
    all_said = shown.timeline.logits(shown.image()[None]).softmax(-1)[:, 0]
    last = int(all_said[-1].argmax())

    def since(least: float) -> int:
        ok = [int(each.argmax()) == last and float(each[last]) >= least for each in all_said]
        return next((len(ok) - at for at, each in enumerate(reversed(ok)) if not each), 0)

    sure = since(SURE)
    return sure if sure < len(all_said) else since(0)


def hardest(shown: Shown) -> tuple[int, int, int]:
    """How often two digits were mixed up, and which."""
    rows = shown.metadata.card.scores[shown.index].confusion
    pairs = [(times, a, b) for a, row in enumerate(rows) for b, times in enumerate(row) if a != b]
    return max(pairs, key=lambda pair: (pair[0], -pair[1], -pair[2]))


def units_on(shown: Shown) -> int:
    """How many units of the first layer have a sum above 0."""
    weights, biases = (values[0][shown.index] for values in (shown.timeline.weights, shown.timeline.biases))
    return int((weights @ shown.image().flatten() + biases > 0).sum())


def figure(name: str, shown: Shown) -> str:
    """A figure as the page says it."""
    card, index = shown.metadata.card, shown.index
    images = shown.metadata.images_seen
    if name in ("digit", "sure", "second", "second_sure", "least"):
        ranked = shown.ranked(shown.image(), index)
        place = {"digit": 0, "sure": 0, "second": 1, "second_sure": 1, "least": 9}[name]
        return str(ranked[place][1]) if name in ("digit", "second") else percent(ranked[place][0])
    if name in ("shrunk", "shrunk_sure"):
        assert shown.drawing
        probability, digit = shown.ranked(shrink_drawing(shown.drawing), index)[0]
        return str(digit) if name == "shrunk" else percent(probability)
    if name == "story":
        return story_of(shown.timeline.logits(shown.image()[None]).softmax(-1)[:, 0].tolist(), images)[0]
    if name == "half_after":
        return count_images(
            next(seen for seen, each in zip(images, card.scores, strict=True) if each.accuracy >= 0.5)
        )
    if name == "settled_after":
        return count_images(images[settled(shown)])
    if name == "images":
        return count_images(images[index])
    if name.startswith("hardest_"):
        times, label, read = hardest(shown)
        return str({"hardest_label": label, "hardest_read": read, "hardest_times": times}[name])
    if name in ("units", "units_on"):
        return str(units_on(shown) if name == "units_on" else shown.timeline.weights[0].shape[1])
    score, training = card.scores[index], card.training_scores[index] if card.training_scores else None
    if name.startswith("training_"):
        assert training
        return share(training) if name == "training_accuracy" else f"{training.n:,}"
    return {
        "accuracy": share(score),
        "untrained_accuracy": share(card.scores[0]),
        "test_images": f"{score.n:,}",
        "mistakes": f"{score.n - score.correct:,}",
    }[name]


def fill_in(sentence: str, step: Step, shown: Shown | None = None) -> str:
    """A sentence of a step with its figures, as the page says it."""
    here = shown or shown_by(step)

    def value(found: re.Match[str]) -> str:
        name, _, run = found[1].partition("@")
        return figure(name, shown_by(step, run) if run else here)

    said = re.sub(r"\b([Aa]) 8\b(?![.,]\d)", r"\1n 8", re.sub(r"\{([^}]*)\}", value, sentence))
    return said.replace(" %", "\u00a0%")


def came(step: Step, shown: Shown | None = None) -> str:
    """What came true of a step's bet, as the page says it; "" where nothing can."""
    bet = step.content.get("bet", {})
    here = shown or shown_by(step)
    if "figure" not in bet:
        return ""
    said = figure(bet["figure"], here)
    if bet["kind"] == "digit":
        return said
    if bet["kind"] == "time":
        return f"after {said} images"
    value = float(said.rstrip(" %").lstrip(">").replace(",", "")) / (100 if "%" in said else 1)
    inf = float("inf")
    return next(c["text"] for c in bet["choices"] if c.get("from", -inf) <= value < c.get("below", inf))
