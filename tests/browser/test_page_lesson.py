"""The lesson for teachers is true: its links open what it says, its pictures are there."""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qs

import pytest
import torch
from committed import load_timeline
from lesson import LESSON, LINKS, PATH, PICTURES, Link
from playwright.sync_api import Browser, Page, expect
from visitor import VIEWS, bars, expect_view, open_page

from mnist_core.checkpoints.card import Metadata, Tally, checkpoint_path, load_metadata
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.runs.recipes import find_run

pytestmark = pytest.mark.thorough

PROSE = " ".join(LESSON.split())
PROJECTOR = {"width": 1024, "height": 768}


@pytest.fixture(scope="module", params=LINKS, ids=lambda link: link.name)
def link(request: pytest.FixtureRequest) -> Link:
    """One link of the lesson."""
    return request.param


@pytest.fixture(scope="module")
def page(browser: Browser, site: str, link: Link) -> Iterator[Page]:
    """The page that a link of the lesson opens, on a projector, with its answer."""
    context = browser.new_context(viewport=PROJECTOR)  # type: ignore[arg-type]
    page = open_page(context, f"{site}{link.fragment}")
    yield page
    faults = page.faults  # type: ignore[attr-defined]
    context.close()
    assert faults == []


@pytest.fixture
def metadata() -> Metadata:
    """The card of the run that the lesson is about."""
    return load_metadata(checkpoint_path(find_run("relu-50/published")))


def percent(score: Tally) -> str:
    """An accuracy as the page writes it."""
    return f"{score.accuracy * 100:.1f} %"


def asked(link: Link) -> dict[str, str]:
    """What a link's fragment asks for, by name."""
    fields = {name: values[0] for name, values in parse_qs(link.fragment.removeprefix("#")).items()}
    return {name: value.replace("learning", "history") for name, value in fields.items()}  # one view by now


def test_a_link_opens_its_run_and_view_without_the_choice_of_networks(page: Page, link: Link) -> None:
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", asked(link)["run"])
    expect(page.get_by_test_id("run")).to_be_disabled()
    expect_view(page, VIEWS[asked(link).get("open", "luck").split(".")[-1]])


def test_a_link_shows_pad_answer_time_and_its_view_in_sight(page: Page, link: Link) -> None:
    view = VIEWS[asked(link).get("open", "luck").split(".")[-1]]
    for name in ("pad", "verdict", "bars", "timeline", view):
        expect(page.get_by_test_id(name)).to_be_in_viewport(ratio=1)
    marks = 10 if asked(link).get("open") == "luck" else 0
    expect(page.locator(".mark:visible")).to_have_count(marks)


def test_a_link_shows_what_its_snapshot_says_of_one_of_our_own_drawings(page: Page, link: Link) -> None:
    timeline = load_timeline(asked(link)["run"])
    step = int(asked(link).get("step", timeline.steps[-1]))
    fives = [entry.drawing for entry in read_handwritings() if entry.label == 5]
    images = torch.stack([image_of_drawing(drawing) for drawing in fives])
    said = timeline.logits(images).softmax(-1)[timeline.steps.index(step)].tolist()
    assert any(bars(page)[1] == pytest.approx(probabilities, abs=1e-4) for probabilities in said)


def test_the_page_says_what_the_lesson_quotes(page: Page, link: Link) -> None:
    text = " ".join(page.locator("main").inner_text().split())
    assert [words for words in [link.verdict, *link.said] if words not in text] == []


def test_the_figures_that_no_quotation_holds_are_those_of_the_card(metadata: Metadata) -> None:
    card, right = metadata.card, dict(zip(metadata.images_seen, metadata.card.scores, strict=True))
    assert card.pens
    claims = [
        f"Between 512 ({percent(right[512])}) and 768 ({percent(right[768])})",
        f"of the {metadata.images_seen[-1]:,} that it is shown",
        f"{card.scores[-1].correct:,} of 10,000 lie on the diagonal",
        f"Of {card.pens.n:,} drawings by 30 writers it reads {card.pens.shrunk_correct:,} right",
        f"{card.pens.correct:,} ({card.pens.correct / card.pens.n * 100:.1f} %)",
        f"({card.pens.shrunk_correct / card.pens.n * 100:.1f} %)",
        f"it took {card.training_seconds:.1f} seconds on a machine with {card.machine.split()[0]} cores",
        f"From each of these {len(metadata.steps)} moments",
        f"{card.scores[-1].confusion[5][3]} fives, read as 3",
    ]
    assert [claim for claim in claims if claim not in PROSE] == []


def test_more_is_read_right_from_each_moment_to_the_next(metadata: Metadata) -> None:
    assert all(earlier.correct < later.correct for earlier, later in pairwise(metadata.card.scores))


def test_the_digits_that_are_mixed_up_are_those_of_the_card(metadata: Metadata) -> None:
    untrained, trained = (torch.tensor(metadata.card.scores[index].confusion) for index in (0, -1))
    assert 4500 < untrained.sum(0)[9] < 5000  # "nearly half"
    mistakes = (trained - trained.diag().diag()).flatten()
    assert mistakes.argsort(descending=True)[:2].tolist() == [53, 49]  # fives as threes, fours as nines


def test_every_link_is_used_in_the_text() -> None:
    assert sorted(re.findall(r"\]\[([\w-]+)\]", LESSON)) == sorted(link.name for link in LINKS)


def test_every_picture_of_the_lesson_is_there() -> None:
    assert PICTURES
    assert [picture for picture in PICTURES if not (PATH.parent / picture).exists()] == []


def test_every_view_has_a_picture() -> None:
    views = {asked(link)["open"] for link in LINKS if "open" in asked(link)} - {"luck"}
    assert views <= {picture.stem for picture in PICTURES}
