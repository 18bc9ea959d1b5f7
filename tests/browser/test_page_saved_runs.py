"""A run saved in the page is a file that Python and the page read again; other files are refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from app_server import PROJECT
from own_training import RUN, SMALL, answers, page, press, save, train
from playwright.sync_api import Page, expect
from visitor import open_view

pytestmark = [pytest.mark.thorough, pytest.mark.all_test_images]  # as the command line reads

__all__ = ["page"]


def evaluate(path: Path) -> dict[str, float]:
    """What the command line says of a file."""
    command = [sys.executable, "-m", "mnist_core", "evaluate", str(path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=True)
    return json.loads(done.stdout)


def test_a_saved_run_is_as_good_for_the_command_line_and_opened_again_with_all_its_steps(
    page: Page, tmp_path: Path
) -> None:
    train(page, **SMALL)
    said, first = page.get_by_test_id("run-details").text_content() or "", answers(page)
    path = save(page, tmp_path)
    result = evaluate(path)
    assert result["n"] == 10_000
    assert f"{result['accuracy']:.1%}".replace("%", " %") in said
    press(page, "own-remove")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", RUN)
    page.get_by_test_id("own-file").set_input_files(path)
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", "relu-50/own-2")
    assert answers(page) == first


def test_a_foreign_or_damaged_file_is_refused_with_a_sentence(page: Page, tmp_path: Path) -> None:
    open_view(page, "settings")
    published = PROJECT / "checkpoints" / "relu-50" / "published.safetensors"
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(published.read_bytes()[:5000])
    text = tmp_path / "text.safetensors"
    text.write_text("A picture of a cat, and no network.")
    for path in (published, cut, text):
        page.get_by_test_id("own-file").set_input_files(path)
        expect(page.get_by_test_id("own-line")).to_contain_text("file")
    expect(page.get_by_test_id("run")).to_have_attribute("data-run", RUN)
    expect(page.get_by_test_id("own-runs").locator("li")).to_have_count(0)
