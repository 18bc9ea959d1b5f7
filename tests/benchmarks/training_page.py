"""Print how a training in the page feels: how soon it is seen, how drawing goes on, and what memory it takes.

Goals: a whole training of the default network, 10 passes through 60,000 images, and measured, at most 20 s;
from the moment the images are there, the first bar moved by an update at most 100 ms later, and half of the
grid green at most 3 s later; while it trains, whatever view is open, the answer to the pen at most 16.7 ms
after it (median), and 99 % of frames at most 50 ms; memory flat over 20 trainings, and at most 150 MB for
three runs of the largest.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/training_page.py
"""

import statistics
import sys
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import LAPTOP
from chromium import launch_chromium
from quick import is_quick
from site_server import running_site

from mnist_core.runs.recipes import DEFAULT_RUN

WATCHED = ("relu-50", "relu-96-256")
DEFAULT = DEFAULT_RUN.split("/")[0]
VIEWS = ("digits", "input", "training", "confusion", "inside", "network", "hand", "settings")
LARGEST = "relu-128-128-64-64"
TURNS = 3
TRAININGS = 20
RUNS = 3  # as many as the page keeps
IMAGES = 1_000
# Notes when the images were there, when an update first moved a bar, when half of the grid was green, how
# long the frames took, and when the untrained bars, which training never moves, answered the pen.
WATCH = """() => {
  const root = document.querySelector("inkling-page").shadowRoot;
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  window.seen = { frames: [], answers: [] };
  let pointed = 0;
  addEventListener("pointermove", () => (pointed = performance.now()), true);
  const look = (changes) => {
    const now = performance.now();
    const run = find("run").dataset.run;
    if (find("train-state").dataset.state === "running") seen.ready ??= now;
    const rows = [...find("bars").querySelectorAll("[data-digit]")];
    const isOwn = run.includes("/own-");
    const isMoved = rows.some(({ dataset }) => dataset.trained !== dataset.untrained);
    if (seen.ready && isOwn && isMoved) seen.moved ??= now;
    if (isOwn && root.querySelectorAll(".tile.right").length >= 15) seen.green ??= now;
    const isDrawn = changes.some(({ target, oldValue, attributeName }) =>
      attributeName === "data-untrained" && target.getAttribute(attributeName) !== oldValue);
    if (isDrawn && pointed) {
      seen.answers.push(now - pointed);
      pointed = 0;
    }
  };
  const names = ["data-untrained", "data-trained", "data-state", "data-run", "class"];
  const all = { subtree: true, attributeFilter: names, attributeOldValue: true };
  new MutationObserver(look).observe(root, all);
  let last = performance.now();
  const frame = (now) => {
    if (seen.moved) seen.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


# Presses the button, and tells the seconds until the images are there, until the training is done, and until
# all of its snapshots are measured.
WHOLE = """() => new Promise((resolve) => {
  const root = document.querySelector("inkling-page").shadowRoot;
  const state = root.querySelector("[data-testid=train-state]");
  const start = performance.now();
  const parts = {};
  new MutationObserver((_, observer) => {
    const now = (performance.now() - start) / 1000;
    parts[state.dataset.state] ??= now;
    if (state.dataset.state !== "done" || state.hasAttribute("data-measuring")) return;
    observer.disconnect();
    resolve([parts.running, parts.done, now]);
  }).observe(state, { attributes: true });
  root.querySelector("[data-testid=train]").click();
})"""


def open_page(browser: Browser, url: str, architecture: str) -> Page:
    """A page of its own, with an example on the pad."""
    page = browser.new_context(viewport=LAPTOP).new_page()
    page.goto(f"{url}#run={architecture}/published")
    page.locator("main[data-ready]").wait_for(state="attached")
    page.locator("[data-example='3']").click()
    page.wait_for_timeout(1200)
    return page


def await_state(page: Page, phase: str) -> None:
    selector = f"[data-testid=train-state][data-state={phase}]:not([data-measuring])"
    page.locator(selector).wait_for(state="attached", timeout=300_000)


def scribble(page: Page, milliseconds: int) -> None:
    """Draw for some time, about a hundred pointer events a second."""
    box = page.get_by_test_id("pad").bounding_box()
    assert box
    left, top, side = box["x"], box["y"], box["width"]
    page.mouse.move(left + side / 4, top + side / 4)
    page.mouse.down()
    for step in range(milliseconds // 10):
        page.mouse.move(left + side * (0.25 + step % 50 / 100), top + side * (0.25 + step % 37 / 74))
        page.wait_for_timeout(10)
    page.mouse.up()


def report(name: str, values: list[float], goal: float, unit: str = "ms") -> None:
    """Print a median with its spread, and the goal."""
    ordered = sorted(values)
    spread = f"{ordered[0]:.1f} to {ordered[-1]:.1f}"
    print(f"{name:<52} {statistics.median(ordered):9.1f} {unit}  ({spread}, n {len(ordered)}; goal {goal})")


def time_whole(browser: Browser, url: str, *, turns: int, images: int) -> None:
    """A whole training of the default network by its tutorial, and its parts."""
    times = []
    for _ in range(turns):
        page = open_page(browser, url, DEFAULT)
        page.locator("#tab-settings").click()
        page.get_by_test_id("set-count").select_option(f"{images}")
        page.get_by_test_id("set-epochs").fill("10")
        page.get_by_test_id("set-epochs").blur()
        page.locator("#tab-digits").click()
        times.append(page.evaluate(WHOLE))
        page.context.close()
    loading, training, measuring = (
        [after - before for before, after in zip(before, after, strict=True)]
        for before, after in pairwise([[0.0] * turns, *map(list, zip(*times, strict=True))])
    )
    report(f"{DEFAULT}, 10 x {images:,}: seconds in all", [all_of_it for *_, all_of_it in times], 20, "s ")
    for name, part in {"loading": loading, "training": training, "measuring": measuring}.items():
        report(f"  of these {name}", part, 20, "s ")


def watch_views(browser: Browser, url: str, *, views: tuple[str, ...], drawing_ms: int) -> None:
    """Drawing on a view after the other while the default network trains as fast as it can."""
    page = open_page(browser, url, DEFAULT)
    page.locator("#tab-settings").click()
    page.get_by_test_id("set-epochs").fill("1000")
    page.get_by_test_id("set-epochs").blur()
    page.get_by_test_id("train").click()
    page.get_by_test_id("train-hurry").check()
    await_state(page, "running")
    page.evaluate(WATCH)
    for view in views:
        page.locator(f"#tab-{view}").click()
        page.wait_for_timeout(500)
        page.get_by_test_id("pad-clear").click()
        page.evaluate("() => Object.assign(seen, { frames: [], answers: [] })")
        scribble(page, drawing_ms)
        seen = page.evaluate("seen")
        report(f"{DEFAULT}, view {view}: answer to the pen", seen["answers"], 16.7)
        report_frames(f"{DEFAULT}, view {view}", seen["frames"])
    page.context.close()


def report_frames(name: str, frames: list[float]) -> None:
    """Print how long 99 % of frames take at most."""
    ordered = sorted(frames)
    share = ordered[int(0.99 * len(ordered))]
    print(f"{name}: 99 % of {len(ordered)} frames at most {share:.1f} ms (goal 50)")


def watch_training(browser: Browser, url: str, architecture: str, *, turns: int, drawing_ms: int) -> None:
    """What a visitor sees of trainings at the watching pace, drawing for so long."""
    moved, green, frames, answers = [], [], [], []
    for _ in range(turns):
        page = open_page(browser, url, architecture)
        page.evaluate(WATCH)
        page.get_by_test_id("train").click()
        await_state(page, "running")
        page.wait_for_function("() => seen.green", timeout=60_000)
        scribble(page, drawing_ms)
        seen = page.evaluate("seen")
        moved.append(seen["moved"] - seen["ready"])
        green.append(seen["green"] - seen["ready"])
        frames += seen["frames"]
        answers += seen["answers"]
        page.context.close()
    report(f"{architecture}: the first bar moved after", moved, 100)
    report(f"{architecture}: half of the grid green after", green, 3000)
    report(f"{architecture}: answer to the pen while it trains", answers, 16.7)
    report_frames(architecture, frames)


def memory_of(page: Page) -> float:
    """Megabytes that the page's own memory and its buffers take, after garbage collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    session.detach()
    return (usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6


def watch_memory(browser: Browser, url: str, *, trainings: int, runs: int, images: int) -> None:
    """The page's memory over many trainings on so many images, and with runs of the largest network."""
    page = open_page(browser, url, "relu-50")
    page.locator("#tab-settings").click()
    page.get_by_test_id("set-count").select_option(f"{images}")
    used = []
    for number in range(trainings):
        page.get_by_test_id("train-again" if number else "train").click()
        await_state(page, "running")
        await_state(page, "done")
        used.append(memory_of(page))
    print("memory after each training of relu-50, MB:", " ".join(f"{value:.1f}" for value in used))
    page.context.close()
    page = open_page(browser, url, LARGEST)
    page.locator("#tab-settings").click()
    page.get_by_test_id("set-count").select_option(f"{images}")
    before = memory_of(page)
    for number in range(runs):
        page.get_by_test_id("train").click()
        page.locator(f"[data-testid=run][data-run='{LARGEST}/own-{number + 1}']").wait_for()
        await_state(page, "done")
    after = memory_of(page)
    print(f"{runs} runs of {LARGEST}: {after - before:.1f} MB more (goal 150), {after:.1f} MB in all")
    page.context.close()


def main() -> None:
    watched, memory = WATCHED, {"trainings": TRAININGS, "runs": RUNS, "images": IMAGES}
    pace, test_images, views, whole = {"turns": TURNS, "drawing_ms": 4000}, None, VIEWS, 60_000
    if is_quick(__doc__):
        watched, memory = WATCHED[:1], {"trainings": 1, "runs": 1, "images": 100}
        pace, test_images, views, whole = {"turns": 1, "drawing_ms": 500}, 100, VIEWS[:1], 100
    with running_site(test_images=test_images) as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        time_whole(browser, url, turns=pace["turns"], images=whole)
        watch_views(browser, url, views=views, drawing_ms=pace["drawing_ms"])
        for architecture in watched:
            watch_training(browser, url, architecture, **pace)
        watch_memory(browser, url, **memory)
        browser.close()


if __name__ == "__main__":
    main()
