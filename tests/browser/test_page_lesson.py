"""The lesson for teachers is true: its links open what it says, its pictures are there."""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qs

import pytest
import torch
from app_server import Server
from committed import load_timeline
from hand import await_mnist, bars, opened, page_drawing
from lesson import LESSON, LINKS, PATH, PICTURES, Link
from playwright.sync_api import Browser, Page, expect

from mnist_core.checkpoints import Head, checkpoint_path, load_head
from mnist_core.drawing import parse_drawing, read_handwritings
from mnist_core.evaluation import Tally
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import find_run
from webapp.components import PANELS
from webapp.text import TEXT

PROSE = " ".join(LESSON.split())
PROJECTOR = {"width": 1024, "height": 768}
WORDS = """() => [document.body.innerText, ...[...document.querySelectorAll("[aria-label]")]
  .filter(element => element.checkVisibility()).map(element => element.ariaLabel)].join(" ")"""


@pytest.fixture(params=LINKS, ids=lambda link: link.name)
def link(request: pytest.FixtureRequest) -> Link:
    """One link of the lesson."""
    return request.param


@pytest.fixture
def page(browser: Browser, app: Server, link: Link) -> Iterator[Page]:
    """The page that a link of the lesson opens, on a projector, with its answer."""
    context = browser.new_context(viewport=PROJECTOR)  # type: ignore[arg-type]
    page = opened(context, f"{app.url}/{link.fragment}")
    await_mnist(page)
    expect(page.get_by_test_id("luck")).not_to_be_empty()
    yield page
    faults = page.faults  # type: ignore[attr-defined]
    context.close()
    assert faults == []


@pytest.fixture
def head() -> Head:
    """The card of the run that the lesson is about."""
    return load_head(checkpoint_path(find_run("relu-50/published")))


def percent(score: Tally) -> str:
    """An accuracy as the page writes it."""
    return f"{score.accuracy * 100:.1f} %"


def asked(link: Link) -> dict[str, str]:
    """What a link's fragment asks for, by name."""
    return {name: values[0] for name, values in parse_qs(link.fragment.removeprefix("#")).items()}


def test_a_link_opens_its_run_and_views_without_menus(page: Page, link: Link) -> None:
    assert page.evaluate("inkling.state.run") == asked(link)["run"]
    assert not page.evaluate("inkling.state.badLink")
    expect(page.locator("#model")).to_be_hidden()
    expect(page.locator("#recipe")).to_be_hidden()
    shown = page.locator("details[open]").evaluate_all("views => views.map(view => view.dataset.testid)")
    assert shown == asked(link).get("open", "").split()


def test_a_link_shows_what_its_snapshot_says_of_one_of_our_own_drawings(page: Page, link: Link) -> None:
    image = image_of_drawing(parse_drawing(page_drawing(page)))
    assert any(
        image.equal(image_of_drawing(entry.drawing)) for entry in read_handwritings() if entry.label == 5
    )
    timeline = load_timeline(asked(link)["run"])
    step = int(asked(link).get("step", timeline.steps[-1]))
    probabilities = timeline.probabilities(image[None])[timeline.steps.index(step), 0]
    assert bars(page, "trained") == pytest.approx(probabilities.tolist(), abs=1e-4)


def test_the_page_says_what_the_lesson_quotes(page: Page, link: Link) -> None:
    for words in [link.verdict, *link.said]:
        page.wait_for_function(f"words => ({WORDS})().replace(/\\s+/g, ' ').includes(words)", arg=words)


def test_the_figures_that_no_quotation_holds_are_those_of_the_card(head: Head) -> None:
    card, right = head.card, dict(zip(head.images_seen, head.card.scores, strict=True))
    assert card.pens
    claims = [
        f"Between 512 ({percent(right[512])}) and 768 ({percent(right[768])})",
        f"of the {head.images_seen[-1]:,} that it is shown",
        f"{card.scores[-1].correct:,} of 10,000 lie on the diagonal",
        f"Of {card.pens.n:,} drawings by 30 writers it reads {card.pens.shrunk_correct:,} right",
        f"{card.pens.correct:,} ({card.pens.correct / card.pens.n * 100:.1f} %)",
        f"({card.pens.shrunk_correct / card.pens.n * 100:.1f} %)",
        f"it took {card.training_seconds:.1f} seconds on a machine with {card.machine.split()[0]} cores",
        f"From each of these {len(head.steps)} moments",
    ]
    assert [claim for claim in claims if claim not in PROSE] == []


def test_more_is_read_right_from_each_moment_to_the_next(head: Head) -> None:
    assert all(earlier.correct < later.correct for earlier, later in pairwise(head.card.scores))


def test_the_digits_that_are_mixed_up_are_those_of_the_card(head: Head) -> None:
    untrained, trained = (torch.tensor(head.card.scores[index].confusion) for index in (0, -1))
    assert 4500 < untrained.sum(0)[9] < 5000  # "nearly half"
    mistakes = (trained - trained.diag().diag()).flatten()
    assert mistakes.argsort(descending=True)[:2].tolist() == [53, 49]  # fives as threes, fours as nines


def test_every_link_is_used_in_the_text() -> None:
    assert sorted(re.findall(r"\]\[([\w-]+)\]", LESSON)) == sorted(link.name for link in LINKS)


def test_every_picture_of_the_lesson_is_there() -> None:
    assert PICTURES
    assert [picture for picture in PICTURES if not (PATH.parent / picture).exists()] == []


def test_every_view_has_a_picture() -> None:
    assert set(PANELS) <= {picture.stem for picture in PICTURES}


def test_the_slider_stays_in_sight_beside_an_open_view(browser: Browser, app: Server) -> None:
    context = browser.new_context(viewport=PROJECTOR)  # type: ignore[arg-type]
    fragment = next(link.fragment for link in LINKS if link.name == "confusion")
    page = opened(context, f"{app.url}/{fragment}")
    await_mnist(page)
    page.get_by_test_id("confusion-trained").scroll_into_view_if_needed()
    page.mouse.wheel(0, 2000)
    expect(page.get_by_test_id("confusion-trained")).to_be_in_viewport(ratio=1)
    expect(page.get_by_test_id("timeline")).to_be_in_viewport(ratio=1)
    context.close()


def test_an_eight_is_called_an_eight(browser: Browser, app: Server) -> None:
    fragment = next(link.fragment for link in LINKS if link.name == "untrained")
    page = opened(browser.new_context(), f"{app.url}/{fragment}")
    expect(page.get_by_test_id("verdict")).to_contain_text("an 8")
    before = TEXT["verdict_before"].format(trained="11.3 %")
    expect(page.get_by_test_id("verdict")).to_contain_text(before)
    page.context.close()
