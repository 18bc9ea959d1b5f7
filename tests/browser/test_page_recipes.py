"""Trained in the page by its published recipe, a network gets as good as in Python: minutes for each."""

from statistics import mean

import pytest
from own_training import expect_measured
from playwright.sync_api import Browser, expect
from visitor import open_page

from mnist_core.checkpoints.card import checkpoint_path, load_metadata
from mnist_core.runs.recipes import RUNS

PUBLISHED = [run for run in RUNS.values() if run.id.endswith("/published")]
STARTS = 3
HOUR = 3600


@pytest.mark.slow
@pytest.mark.parametrize("run", PUBLISHED, ids=lambda run: run.id)
def test_a_published_recipe_reads_as_many_test_images_as_in_python(run, browser: Browser, site: str) -> None:
    page = open_page(browser.new_context(), f"{site}#run={run.id}")
    accuracies = []
    for start in range(1, STARTS + 1):
        page.get_by_test_id("train-new" if start > 1 else "train").click()
        page.get_by_test_id("train-hurry").check()
        own = f"{run.architecture.id}/own-{start}"
        expect(page.get_by_test_id("run")).to_have_attribute("data-run", own, timeout=60_000)
        expect_measured(page, seconds=HOUR)
        said = page.get_by_test_id("run-details").text_content() or ""
        accuracies.append(float(said.split("reads ")[1].split(" %")[0]) / 100)
    page.context.close()
    expected = mean(result.test_accuracy for result in load_metadata(checkpoint_path(run)).card.seeds)
    print(f"{run.id}: {mean(accuracies):.2%}, in Python {expected:.2%}; each: {accuracies}")
    assert mean(accuracies) == pytest.approx(expected, abs=0.005)
