"""What Python says of what lies on the page: the page's bars, grid and views are compared with it."""

import functools
import itertools
import math
import re
import string
from collections.abc import Sequence
from urllib.parse import parse_qs

import numpy as np
import pytest
import torch
from committed import load_timeline
from playwright.sync_api import Page, expect
from torch import Tensor
from visitor import bars, count_images, open_fragment, say

from mnist_core.checkpoints.card import Card, checkpoint_path, load_metadata
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, parse_drawing
from mnist_core.runs.recipes import DEFAULT_RUN, find_run

LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"  # base64url's, by value


def link_of(page: Page) -> dict[str, str]:
    """The fields of the page's own link; it can be copied in the midst of a stroke."""
    page.get_by_test_id("share").dispatch_event("click")
    fragment = page.evaluate("location.hash.slice(1)")
    fields = {key: value for key, [value] in parse_qs(fragment, strict_parsing=True).items()}
    if "ink" in fields:
        fields["drawing"] = unpack_drawing(fields.pop("ink"))
    return fields


def unpack_drawing(ink: str) -> str:
    """A packed drawing as older links have it; of each point base64 VLQ says how far it is from the last."""
    x = y = 0
    strokes = []
    for part in ink.split("."):
        letters = re.findall("[g-z0-9_-]*[A-Za-f]", part)  # the last of a number has a value below 32
        deltas = [sum((LETTERS.index(c) & 31) << 5 * at for at, c in enumerate(word)) for word in letters]
        signed = [-(delta >> 1) if delta & 1 else delta >> 1 for delta in deltas]
        points = []
        for right, down in zip(signed[::2], signed[1::2], strict=True):
            x, y = x + right, y + down
            points += [x, y]
        strokes.append(".".join(map(str, points)))
    return "_".join(strokes)


def drawing_of(page: Page) -> Drawing:
    """The drawing on the pad, as the page's own link holds it."""
    text = link_of(page).get("drawing")
    strokes = [[int(number) / 1e4 for number in part.split(".")] for part in text.split("_")] if text else []
    points = [list(zip(stroke[::2], stroke[1::2], strict=True)) for stroke in strokes]
    return parse_drawing({"strokes": points})


def write_drawing(drawing: Drawing) -> str:
    """A drawing as a lesson link's field."""
    return "_".join(
        ".".join(str(round(value * 1e4)) for point in stroke.tolist() for value in point)
        for stroke in drawing.strokes
    )


def open_drawing(page: Page, drawing: Drawing, run_id: str = DEFAULT_RUN) -> None:
    """Put a drawing on the pad of the open page, under a run, and wait until that run's timeline is there."""
    open_fragment(page, f"#run={run_id}&drawing={write_drawing(drawing)}")
    expect(page.get_by_test_id("play")).to_be_enabled()


def image_on(page: Page) -> Tensor:
    """The image of the drawing on the pad, (28, 28), made by Python."""
    return image_of_drawing(drawing_of(page))


def levels_of(image: Tensor) -> list[int]:
    """An image (28, 28) of ink 0..1 as 784 levels."""
    return (image.flatten() * 255).round().int().tolist()


def image_of(levels: list[int]) -> Tensor:
    """784 levels as an image (28, 28) of ink 0..1."""
    return torch.tensor(levels).float().view(28, 28) / 255


def probabilities(image: Tensor, run_id: str = DEFAULT_RUN) -> list[list[float]]:
    """What every snapshot of a run says of an image (28, 28): (snapshots, 10)."""
    return load_timeline(run_id).logits(image[None]).softmax(-1)[:, 0].tolist()


def expect_bars(page: Page, image: Tensor, run_id: str = DEFAULT_RUN, snapshot: int = -1) -> None:
    """The page's bars are what Python computes of this image."""
    expected = probabilities(image, run_id)
    untrained, trained = bars(page)
    assert untrained == pytest.approx(expected[0], abs=1e-4)
    assert trained == pytest.approx(expected[snapshot], abs=1e-4)


def expect_no_bars(page: Page) -> None:
    """No bar of the page tells a probability."""
    assert all(math.isnan(value) for values in bars(page) for value in values)


@functools.cache
def card_of(run_id: str) -> Card:
    """A run's card, from its checkpoint."""
    return load_metadata(checkpoint_path(find_run(run_id))).card


def images_seen(run_id: str) -> tuple[int, ...]:
    """How many training images had been shown by each snapshot of a run."""
    return load_timeline(run_id).images_seen


def percent(probability: float) -> str:
    """A probability in the page's words."""
    return ">99.9 %" if probability >= 0.9995 else f"{probability * 100:.1f} %"


def hardest_of(confusion: Sequence[Sequence[int]]) -> str:
    """Which digit is taken for which other one most often, as the page says it."""
    misread = {
        (label, read): count
        for label, row in enumerate(confusion)
        for read, count in enumerate(row)
        if read != label
    }
    label, read = max(misread, key=lambda pair: misread[pair])
    count = misread[label, read]
    times = say("confusion_once") if count == 1 else say("confusion_times", times=f"{count:,}")
    sentence = say("confusion_hardest", label=label, prediction=read, times=times)
    return sentence.replace("a 8", "an 8") if count else say("confusion_perfect")


def story_of(said: Sequence[Sequence[float]], images: Sequence[int]) -> tuple[str, int | None]:
    """How the answer came about, and the snapshot since which the story says it; None if it names none.

    Args:
        said: probabilities, (snapshots, 10).
        images: shown by each snapshot.
    """
    answers = [int(np.argmax(values)) for values in said]
    digit = answers[-1]
    stays = max((at for at, answer in enumerate(answers) if answer != digit), default=-1) + 1
    unsure = [at for at, values in enumerate(said) if values[digit] < 0.9 or answers[at] != digit]
    sure = max(unsure, default=-1) + 1
    guesses = [str(answer) for answer, _ in itertools.groupby(answers[:stays])]
    guesses = ["…", *guesses[-10:]] if len(guesses) > 10 else guesses
    key = {(True, True): "story", (True, False): "story_leans", (False, True): "story_at_once"}.get(
        (bool(guesses), sure < len(said)), "story_luck"
    )
    words = ", then ".join(filter(None, [", ".join(guesses[:-1]), *guesses[-1:]]))
    since = sure if sure < len(said) else stays
    story = say(key, digit=digit, guesses=words, images=count_images(images[since]))
    return story, None if key == "story_luck" else since
