"""Print how long twenty trainings at once take in the page, their memory, and if they spread as in Python.

Goals for `relu-50`: 20 trainings on 1,000 images, 10 passes, at most 3 s from the press to the last curve; on
60,000 images, one pass, at most 15 s; memory flat over ten rounds; drawing goes on as while one
trains. Mean and standard deviation are those of
Python's own training by the same recipe, within their errors.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/many.py
"""

import math
import statistics
import sys
from dataclasses import replace
from pathlib import Path

import torch
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import LAPTOP
from chromium import launch_chromium
from quick import is_quick
from site_server import running_site
from training_page import WATCH, memory_of, report, report_frames, scribble

from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import load_mnist
from mnist_core.networks.model import build_model
from mnist_core.runs.recipes import RUNS
from mnist_core.training.fitting import fit
from mnist_core.training.run_training import mean_loss_and_accuracy, select_images

RUN = RUNS["relu-50/published"]
STARTS = 20
TURNS = 5
ROUNDS = 10
GOALS = {(1_000, 10): 3, (60_000, 1): 15}  # seconds, by images and passes
# Presses the button, and tells the milliseconds until all networks are trained and a frame has shown it.
TRAIN = """() => new Promise((resolve) => {
  const root = document.querySelector("inkling-page").shadowRoot;
  const state = root.querySelector("[data-testid=many-state]");
  const start = performance.now();
  new MutationObserver((_, observer) => {
    if (state.dataset.state !== "done") return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  }).observe(state, { attributeFilter: ["data-state"] });
  root.querySelector("[data-testid=many]").click();
})"""
RESULTS = """() => {
  const root = document.querySelector("inkling-page").shadowRoot;
  const dots = root.querySelectorAll("[data-testid=many-dots] title");
  return [...dots].map((title) => parseFloat(title.textContent.split(": ")[1]) / 100);
}"""


def open_page(browser: Browser, url: str) -> Page:
    page = browser.new_context(viewport=LAPTOP).new_page()
    page.goto(f"{url}#run={RUN.id}")
    page.locator("main[data-ready]").wait_for(state="attached")
    page.locator("[data-example='3']").click()
    page.wait_for_timeout(1200)
    return page


def choose(page: Page, images: int, passes: int, starts: int) -> None:
    page.locator("#tab-settings").click()
    page.get_by_test_id("set-count").select_option(str(images))
    page.get_by_test_id("set-epochs").fill(str(passes))
    page.get_by_test_id("set-epochs").blur()
    page.get_by_test_id("set-starts").select_option(str(starts))


def watch(page: Page, drawing_ms: int, starts: int) -> None:
    """Drawing while they train, with their curves in sight."""
    choose(page, 1_000, 1_000, starts)
    page.get_by_test_id("many").click()
    page.locator("[data-testid=many-state][data-state=running]").wait_for(state="attached")
    page.get_by_test_id("pad-clear").click()
    page.evaluate(WATCH)
    page.evaluate("() => (seen.moved = 1)")  # frames count from now on
    scribble(page, drawing_ms)
    page.get_by_test_id("many-stop").click()
    seen = page.evaluate("seen")
    report(f"{starts} at once: answer to the pen", seen["answers"], 16.7)
    report_frames(f"{starts} at once", seen["frames"])


def python_accuracies(images: int, passes: int, starts: int) -> list[float]:
    """What Python's own training comes to, from as many starts, on all test images."""
    recipe = replace(RUN.recipe, training_images=images, epochs=passes)
    training, test = (load_mnist(mnist_folder(), split) for split in ("training", "test"))
    accuracies = []
    for seed in range(starts):
        model = build_model(RUN.architecture, seed=seed, input_range=recipe.input_range)
        for _ in fit(model, recipe, select_images(recipe, training, seed=seed), seed=seed):
            pass
        accuracies.append(mean_loss_and_accuracy(model, test.ink(), test.labels)[1])
    return accuracies


def compare(page: list[float], python: list[float]) -> None:
    """Print both means and standard deviations, and how many of their errors they lie apart."""
    (mean, deviation), (other_mean, other_deviation) = (
        (statistics.mean(values), statistics.stdev(values)) for values in (page, python)
    )
    error = math.sqrt(deviation**2 / len(page) + other_deviation**2 / len(python))
    deviation_error = math.sqrt(
        deviation**2 / (2 * len(page) - 2) + other_deviation**2 / (2 * len(python) - 2)
    )
    print(f"page:   {mean:.2%} ± {deviation:.2%} (n {len(page)}, standard deviation)")
    print(f"Python: {other_mean:.2%} ± {other_deviation:.2%} (n {len(python)})")
    means, deviations = (mean - other_mean) / error, (deviation - other_deviation) / deviation_error
    print(f"apart: means by {means:.1f} of their errors, deviations by {deviations:.1f} (goal: within 2)")


def main() -> None:
    goals, starts, turns, rounds, drawing_ms, test_images = GOALS, STARTS, TURNS, ROUNDS, 4000, None
    if is_quick(__doc__):
        goals, starts, turns, rounds, drawing_ms, test_images = {(100, 1): 3}, 5, 1, 1, 500, 100
    torch.set_num_threads(1)
    with running_site(test_images=test_images) as url, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = open_page(browser, url)
        for (images, passes), goal in goals.items():
            choose(page, images, passes, starts)
            seconds = [page.evaluate(TRAIN) / 1000 for _ in range(turns)]
            report(f"{starts} trainings of {RUN.id}, {passes} × {images:,}", seconds, goal, "s")
        images, passes = next(iter(goals))
        choose(page, images, passes, starts)
        used = []
        for _ in range(rounds):
            page.evaluate(TRAIN)
            page.wait_for_timeout(200)
            used.append(memory_of(page))
        print("memory after each round, MB:", " ".join(f"{value:.1f}" for value in used))
        found = page.evaluate(RESULTS)
        watch(page, drawing_ms, starts)
        compare(found, python_accuracies(images, passes, starts))
        browser.close()


if __name__ == "__main__":
    main()
