"""Lesson links: the page's state in its address opens the same page again; a damaged link does no harm."""

import base64
import random

import pytest
from committed import load_timeline
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Page, expect
from python_says import expect_bars, image_on, link_of, open_drawing, write_drawing
from visitor import VIEWS, example, expect_verdict, expect_view, model_input, move_slider, open_fragment, say

from mnist_core.drawings.strokes import read_handwritings
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS
from webapp.files import name_code_folder

pytestmark = pytest.mark.thorough

FIVE = write_drawing(read_handwritings()[40].drawing)  # of all links in docs/lesson.md
LESSON = [  # run, step, open view, as its links stood until the page answered by itself
    ("relu-50/published", "0", None),
    ("relu-50/published", "12", None),
    ("relu-50/published", "803", "learning"),
    ("relu-50/published", None, "confusion"),
    ("relu-50/published", None, "given"),
    ("relu-50/published", None, "history"),
    ("relu-50/100-images", None, "history"),
    ("relu-50/shuffled-labels", None, "history"),
    ("relu-50/published", None, "layers"),
]
WRITTEN = [name for name in VIEWS if name not in ("luck", "learning")]  # links of today
READ_ALL = """async links => {
  const [{ readLink }, response] = await Promise.all([import("./CODE/link.js"), fetch("runs.json")]);
  const runs = Object.fromEntries((await response.json()).runs.map(run => [run.id, run]));
  return links.map(link => {
    const read = readLink("#" + link, runs);
    return read && { ...read, sample: read.sample && { ...read.sample, image: [...read.sample.image] } };
  });
}""".replace("CODE", name_code_folder())
PACKED = "gZgZUUgB.wPgyBoBoB"  # two strokes
NO_INK = "A" * 1046
numbers = st.integers(0, 10_000)
strokes = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=12).map(
    lambda points: ".".join(f"{x}.{y}" for x, y in points)
)
images = st.binary(min_size=784, max_size=784).filter(any)
samples = st.tuples(st.integers(0, 9), images).map(
    lambda sample: f"{sample[0]}.{base64.urlsafe_b64encode(sample[1]).decode().rstrip('=')}"
)


@st.composite
def states(draw: st.DrawFn) -> dict[str, str]:
    """The fields of a link to any state of the page."""
    run = draw(st.sampled_from(["relu-50/published", "relu-25-25/robust", DEFAULT_RUN]))
    steps = load_timeline(run).steps[:-1]
    fields = {
        "run": run,
        "step": str(draw(st.sampled_from([None, *steps]))),
        "open": draw(st.sampled_from(["", "luck."])) + draw(st.sampled_from(["", *WRITTEN])),
        "lesson": draw(st.sampled_from(["", "1"])),
        "drawing": "_".join(draw(st.lists(strokes, max_size=5))),
        "sample": draw(st.one_of(st.just(""), samples)),
    }
    fields["open"] = fields["open"].removesuffix(".")
    return {key: value for key, value in fields.items() if value not in ("", "None")}


def fragment(fields: dict[str, str]) -> str:
    return "#" + "&".join(f"{key}={value}" for key, value in fields.items())


@pytest.mark.parametrize(("run_id", "step", "view"), LESSON)
def test_a_link_of_the_lesson_opens_what_it_has_always_opened(
    same_page: Page, run_id: str, step: str | None, view: str | None
) -> None:
    steps = load_timeline(run_id).steps
    asked = {"run": run_id, "step": step, "open": view, "lesson": "1", "drawing": FIVE}
    open_fragment(same_page, fragment({key: value for key, value in asked.items() if value}))
    expect(same_page.get_by_test_id("play")).to_be_enabled()
    index = steps.index(int(step)) if step else len(steps) - 1
    expect(same_page.get_by_test_id("timeline")).to_have_value(str(index))
    expect(same_page.get_by_test_id("run")).to_have_attribute("data-run", run_id)
    assert write_drawing(read_handwritings()[40].drawing) == link_of(same_page)["drawing"]
    expect_bars(same_page, image_on(same_page), run_id, index)
    expect_view(same_page, VIEWS.get(view or "", "digits"))


@pytest.mark.parametrize(
    ("names", "view", "has_marks"),
    [
        ("learning", "training", False),
        ("given.history", "training", False),
        ("luck.training.confusion", "confusion", True),
        ("layers.hand.luck", "digits", True),
    ],
)
def test_of_the_views_that_an_older_link_opened_it_opens_the_last(
    same_page: Page, names: str, view: str, has_marks: bool
) -> None:
    open_fragment(same_page, f"#run=relu-50/published&open={names}&drawing={FIVE}")
    expect_view(same_page, view)
    expect(same_page.locator(".mark:visible")).to_have_count(10 if has_marks else 0)


def test_a_link_with_a_sample_lays_it_on_the_pad(same_page: Page) -> None:
    levels = [0] * 784
    levels[300:500] = range(50, 250)
    ink = base64.urlsafe_b64encode(bytes(levels)).decode().rstrip("=")
    open_fragment(same_page, f"#run=relu-50/published&sample=7.{ink}")
    assert model_input(same_page) == levels
    expect(same_page.get_by_test_id("pad-sample")).to_have_text(say("sample_hint", label=7))


def test_any_state_comes_back_from_its_link(same_page: Page) -> None:
    @settings(max_examples=25)
    @given(states())
    def comes_back(fields: dict[str, str]) -> None:
        open_fragment(same_page, fragment(fields))
        expect(same_page.get_by_test_id("run")).to_have_attribute("data-run", fields["run"])
        assert link_of(same_page) == fields

    comes_back()


def test_a_link_that_names_no_run_opens_the_usual_one_whatever_was_shown(same_page: Page) -> None:
    for field in [
        "step=0",
        "open=hand",
        "lesson=1",
        "projector=light",
        "example=5.0",
        f"drawing={FIVE}",
        f"sample=7.{'A' * 600}{'_' * 445}w",
        'train={"seed":2}',
    ]:
        open_fragment(same_page, f"#run=relu-50/published&{field}")
        expect(same_page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/published")
        open_fragment(same_page, f"#{field}")
        expect(same_page.get_by_test_id("run")).to_have_attribute("data-run", DEFAULT_RUN)
        expect(same_page.get_by_test_id("verdict")).not_to_contain_text(say("link_bad_kept"))
        if field.startswith("train"):
            same_page.get_by_test_id("link-leave").click()
        else:
            name, _, value = field.partition("=")
            assert link_of(same_page) == {"run": DEFAULT_RUN, name: value}


def test_a_link_to_another_run_at_the_same_position_keeps_its_step(same_page: Page) -> None:
    open_fragment(same_page, f"#run={DEFAULT_RUN}&step={load_timeline(DEFAULT_RUN).steps[3]}")
    expect(same_page.get_by_test_id("timeline")).to_have_value("3")
    open_fragment(same_page, f"#run=relu-50/robust&step={load_timeline('relu-50/robust').steps[3]}")
    expect(same_page.get_by_test_id("timeline")).to_have_value("3")


@pytest.mark.parametrize("can_copy", [True, False])
def test_on_a_phone_nothing_moves_when_a_link_was_copied_or_could_not_be(page: Page, can_copy: bool) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate(
        "can => { Clipboard.prototype.writeText = can ? async () => {} : () => Promise.reject(); }", can_copy
    )
    share, pad = page.get_by_test_id("share"), page.get_by_test_id("pad")
    before = pad.bounding_box()
    share.click()
    expect(share).to_contain_text(say("copied" if can_copy else "copy_in_bar"))
    assert pad.bounding_box() == before


def test_a_copied_link_opens_the_same_page_in_another_browser(same_page: Page, browser: Browser) -> None:
    open_drawing(same_page, example(5).drawing, "relu-50/published")
    same_page.get_by_test_id("timeline").fill("9")
    fields = link_of(same_page)
    other = browser.new_page()
    urls: list[str] = []
    other.on("request", lambda request: urls.append(request.url))
    other.goto(same_page.url)
    expect(other.get_by_test_id("play")).to_be_enabled()
    expect_bars(other, image_on(same_page), "relu-50/published", 9)
    assert link_of(other) == fields
    assert [url for url in urls if "ink=" in url] == []  # no server sees it
    other.close()


def test_a_link_holds_a_drawing_in_half_the_letters_of_older_links(same_page: Page) -> None:
    opened = [entry.drawing for entry in read_handwritings()[:60:6]]
    packed = 0
    for drawing in opened:
        open_fragment(same_page, f"#run={DEFAULT_RUN}&drawing={write_drawing(drawing)}")
        assert link_of(same_page)["drawing"] == write_drawing(drawing)
        packed += len(same_page.evaluate("new URLSearchParams(location.hash.slice(1)).get('ink')"))
    assert packed < sum(len(write_drawing(drawing)) for drawing in opened) / 2


def test_a_link_replaces_the_drawing_and_undo_brings_it_back(same_page: Page) -> None:
    open_drawing(same_page, example(5).drawing)
    drawn = link_of(same_page)["drawing"]
    open_drawing(same_page, example(7).drawing)
    expect_verdict(same_page, 7)
    same_page.get_by_test_id("pad-undo").click()
    assert link_of(same_page)["drawing"] == drawn


def test_a_lesson_takes_the_choice_away_and_another_link_gives_it_back(same_page: Page) -> None:
    open_fragment(same_page, "#run=relu-50/published&lesson=1")
    expect(same_page.get_by_test_id("run")).to_be_disabled()
    open_fragment(same_page, "#run=relu-50/published")
    expect(same_page.get_by_test_id("run")).to_be_enabled()


BAD = {
    "nonsense": "nonsense",
    "an unknown run": "run=relu-26/published",
    "an unknown step": "run=relu-50/published&step=3",
    "an unknown view": "run=relu-50/published&open=cockpit",
    "half a point": "run=relu-50/published&drawing=1.2.3",
    "a point beside the pad": "run=relu-50/published&drawing=20000.1",
    "an empty drawing": "run=relu-50/published&drawing=",
    "half a packed point": "run=relu-50/published&ink=C",
    "a packed point beside the pad": "run=relu-50/published&ink=ggnBA",
    "a packed point before the pad": "run=relu-50/published&ink=DA",
    "an empty packed drawing": "run=relu-50/published&ink=",
    "a packed number without an end": "run=relu-50/published&ink=AAgg",
    "10,001 packed points": "run=relu-50/published&ink=" + "AA" * 10_001,
    "two things on the pad": "run=relu-50/published&example=5.0&ink=AA",
    "201 strokes": "run=relu-50/published&drawing=" + "_".join(["1.1"] * 201),
    "10,001 points": "run=relu-50/published&drawing=" + ".".join(["1.1"] * 10_001),
    "200 kB": "run=relu-50/published&drawing=" + "1" * 200_000,
    "a sample without ink": f"run=relu-50/published&sample=7.{NO_INK}",
    "a short sample": f"run=relu-50/published&sample=7.{'x' * 1045}",
    "a sample labelled 10": f"run=relu-50/published&sample=10.{'x' * 1046}",
    "two runs": "run=relu-50/published&run=relu-25-25/published",
    "a name of JavaScript's own": "run=__proto__",
    "an unknown field": "run=relu-50/published&colour=red",
    "a lesson of 2": "run=relu-50/published&lesson=2",
    "markup": "run=<img src=x onerror=alert(1)>",
    "a broken escape": "run=%E0%A4%A",
}


def test_a_damaged_link_opens_the_plain_page_and_says_so(laptop: BrowserContext, site: str) -> None:
    faults: list[str] = []
    for name, bad in BAD.items():
        page = laptop.new_page()
        page.on("pageerror", lambda error, name=name: faults.append(f"{name}: {error}"))
        page.on("dialog", lambda dialog, name=name: faults.append(f"{name}: {dialog.message}"))
        page.goto(f"{site}#{bad}", wait_until="commit")
        expect(page.get_by_test_id("verdict"), name).to_contain_text(say("link_bad"))
        expect(page.get_by_test_id("run"), name).to_have_attribute("data-run", DEFAULT_RUN)
        assert link_of(page) == {"run": DEFAULT_RUN}, name
        page.close()
    assert faults == []


def test_a_damaged_link_leaves_an_open_page_as_it_is(same_page: Page) -> None:
    open_drawing(same_page, example(5).drawing, "relu-50/published")
    fields = link_of(same_page)
    for bad in BAD.values():
        open_fragment(same_page, f"#{bad}")
        expect(same_page.get_by_test_id("verdict")).to_contain_text(say("link_bad_kept"))
    assert link_of(same_page) == fields
    move_slider(same_page, 3)
    expect(same_page.get_by_test_id("verdict")).not_to_contain_text(say("link_bad_kept"))


def test_of_a_thousand_damaged_links_each_is_read_or_refused(same_page: Page) -> None:
    """Random text, and whole links with characters changed, cut out or repeated."""
    dice = random.Random(0)
    ink = base64.urlsafe_b64encode(random.Random(1).randbytes(784)).decode().rstrip("=")
    wholes = [
        f"run=relu-50/published&step=12&open=learning&drawing={FIVE}",
        f"run={DEFAULT_RUN}&sample=3.{ink}",
        f"run={DEFAULT_RUN}&ink={PACKED}",
    ]
    letters = "".join(map(chr, range(32, 127))) + "é漢\U0001f600"
    damaged = []
    for number in range(1000):
        whole = wholes[number % 3]
        start = dice.randrange(len(whole))
        end = start + dice.randrange(1, 8)
        middle = ["", dice.choice(letters), whole[start:end] * 2, None][number // 3 % 4]
        noise = "".join(dice.choices(letters, k=dice.randrange(80)))
        damaged.append(noise if middle is None else whole[:start] + middle + whole[end:])
    read = same_page.evaluate(READ_ALL, damaged)
    for state in filter(None, read):
        assert state["run"] in RUNS
        assert state["snapshot"] in [None, *range(len(load_timeline(state["run"]).steps) - 1)]
        assert state["view"] in VIEWS.values()
        assert state["marks"] in (True, False)
        assert state["sample"] is None or (
            len(state["sample"]["image"]) == 784 and any(state["sample"]["image"])
        )
        assert all(0 <= value <= 1 for stroke in state["drawing"]["strokes"] for xy in stroke for value in xy)
    assert 100 < sum(state is None for state in read) < 1000
