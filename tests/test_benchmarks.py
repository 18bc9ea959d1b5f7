"""Every benchmark that the README names runs to its end and prints its figures beside their goals."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from app_server import PROJECT

BENCHMARKS = PROJECT / "tests" / "benchmarks"


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "engine.py",
        "training.py",
        "training_page.py",
        "startup.py",
        "first_answer.py",
        "latency.py",
        "slider.py",
        "clone.py",
    ],
)
def test_a_benchmark_prints_its_figures(name: str, mnist: Path) -> None:
    environment = os.environ | {"PYTHONPATH": ".", "MNIST_DATA": str(mnist)}
    turns = ["1"] if name.startswith("training") else []
    command = [sys.executable, str(BENCHMARKS / name), *turns]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=590, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "goal" in done.stdout


def test_the_recipe_shows_the_measured_table_of_writers() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.writers", "--print"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.count("\n") > 3
    assert done.stdout in (PROJECT / "docs" / "recipe.md").read_text(encoding="utf-8")


def test_an_unknown_candidate_is_named() -> None:
    command = [sys.executable, "-m", "tests.benchmarks.writers", "magic"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "unknown: magic; choose from recipe, " in done.stderr
