"""Print how well the page foretells how long a training takes: before it starts, and while it runs.

Each architecture is trained as its tutorial does, in a page of its own, for a stretch: as many images as are
expected to take a few seconds beside its slow start. `known`: such a stretch once more, foretold from the
speed of the first one. Goals: what is left is foretold within 20 % from a second after the start on.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/training_time.py
"""

import math
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import LAPTOP
from chromium import launch_chromium
from quick import is_quick
from site_server import running_site

from mnist_core.runs.recipes import RUNS
from webapp.files import name_code_folder

ARCHITECTURES = [run.architecture.id for run in RUNS.values() if run.id.endswith("/published")]
TURNS = 3
SECONDS = 5
# Trains in the page's own way, without its views. Tells what was foretold and how long it took, in seconds,
# and of every report while it ran how long it still took and what was foretold of that.
TRAIN = """async ([architecture, seconds]) => {
  const load = (name) => import(new URL(`CODE/${name}`, document.baseURI));
  const { createStore, tutorialOf } = await load("state.js");
  const { createOwnRuns } = await load("own_runs.js");
  const { Trainer } = await load("trainer.js");
  const { loadTestImages } = await load("grid_images.js");
  const list = await (await fetch("runs.json")).json();
  await loadTestImages();
  const store = createStore(list.runs, `${architecture}/published`, () => ({}));
  store.set({ source: "mnist" });
  const own = createOwnRuns(store, async () => {});
  const trainer = new Trainer(store, own, async (architecture) => own.reserve(architecture));
  const run = store.state.runs[`${architecture}/published`];
  const stretch = async () => {
    const plan = tutorialOf(run);
    const whole = trainer.time.estimateSeconds(plan, false);
    const images = plan.recipe.training_images * plan.recipe.epochs;
    const stop_after = Math.max(1000, Math.round(images * Math.min(1, seconds / whole)));
    plan.recipe = { ...plan.recipe, stop_after };
    const foretold = trainer.time.estimateSeconds(plan);
    let started = 0;
    const lefts = [];
    const took = await new Promise((resolve) => {
      store.watch(["training"], ({ training }) => {
        const now = performance.now() / 1000;
        if (training?.phase === "running") started ||= now;
        if (training?.phase === "running" && training.left !== null) lefts.push([now, training.left]);
        if (training?.phase === "done" && started) resolve(now - started);
      });
      void trainer.start(architecture, { stop_after });
    });
    trainer.store.set({ training: null });
    return { foretold, took, lefts: lefts.map(([now, left]) => [started + took - now, left]) };
  };
  await trainer.time.prepare(run.architecture);
  return { first: await stretch(), known: await stretch() };
}"""


def open_page(browser: Browser, url: str) -> Page:
    """A page that has drawn its first answers, as it has when a training is thought of."""
    page = browser.new_context(viewport=LAPTOP).new_page()
    page.goto(url)
    page.locator("main[data-ready]").wait_for(state="attached")
    page.wait_for_timeout(1000)
    return page


def train(browser: Browser, url: str, architecture: str, seconds: float) -> dict[str, Any]:
    """What TRAIN tells of two stretches, in a page of its own."""
    page = open_page(browser, url)
    told = page.evaluate(TRAIN.replace("CODE", name_code_folder()), [architecture, seconds])
    page.context.close()
    return told


def left_after(stretch: dict[str, Any], seconds: float) -> float:
    """What was foretold so many seconds after the start of the time left, as a share of what was left."""
    then = stretch["took"] - seconds
    lefts = stretch["lefts"] or [(then, math.nan)]  # too short to have a pace
    taken, foretold = min(lefts, key=lambda each: abs(each[0] - then))
    return foretold / taken


def spread(values: list[float]) -> str:
    """The median, and the least and the most."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def main() -> None:
    architectures, turns, seconds, test_images = ARCHITECTURES, TURNS, SECONDS, None
    if is_quick(__doc__):
        architectures, turns, seconds, test_images = ARCHITECTURES[:1], 1, 1, 100
    print(f"foretold : measured (goal: first 0.5 to 2, left 0.8 to 1.2), median of {turns} (least to most)")
    print(f"{'':<22} {'at first':<20} {'known':<20} {'left, after a second':<20} left, at half-time")
    with running_site(test_images=test_images) as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        for architecture in architectures:
            told = [train(browser, url, architecture, seconds) for _ in range(turns)]
            columns = [
                [each["first"]["foretold"] / each["first"]["took"] for each in told],
                [each["known"]["foretold"] / each["known"]["took"] for each in told],
                [left_after(each["first"], 1) for each in told],
                [left_after(each["first"], each["first"]["took"] / 2) for each in told],
            ]
            print(f"{architecture:<22}", *(f"{spread(column):<20}" for column in columns))
        browser.close()


if __name__ == "__main__":
    main()
