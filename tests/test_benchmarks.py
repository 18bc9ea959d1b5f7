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
