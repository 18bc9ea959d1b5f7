"""Every benchmark that the README names runs to its end and prints its figures beside their goals."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from app_server import PROJECT

BENCHMARKS = PROJECT / "tests" / "benchmarks"
SMALL = {"load.py": "1", "soak.py": "15000", "pages.py": "2"}  # seconds a row, updates, pages


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["engine.py", "startup.py", "latency.py", "slider.py", "load.py", "soak.py", "pages.py"]
)
def test_a_benchmark_prints_its_figures(name: str, mnist: Path) -> None:
    command = [sys.executable, str(BENCHMARKS / name), *filter(None, [SMALL.get(name)])]
    environment = os.environ | {"PYTHONPATH": ".", "MNIST_DATA": str(mnist)}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=590, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "goal" in done.stdout
