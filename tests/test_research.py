"""The laboratory notes show what the programs beside them print, and nothing else imports those programs."""

import re
import subprocess
import sys

import pytest
from app_server import PROJECT


def run(*arguments: str) -> subprocess.CompletedProcess:
    """A program of the laboratory, run."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)


def test_nothing_else_imports_research() -> None:
    folders = ("mnist_core", "webapp", "tests", "examples")
    modules = [PROJECT / "app.py", *(path for name in folders for path in (PROJECT / name).rglob("*.py"))]
    importing = re.compile(r"^\s*(?:from|import) research\b", re.MULTILINE)
    assert [path.name for path in modules if importing.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.thorough
@pytest.mark.parametrize("program", ["ablation", "writers"])
def test_the_notes_show_the_measured_tables(program: str) -> None:
    done = run(f"research.{program}", "--print")
    assert done.stdout.count("\n") > 3
    assert done.stdout in (PROJECT / "research" / "README.md").read_text(encoding="utf-8")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("program", "argument", "sentence"),
    [
        ("writers", "magic", "unknown: magic; choose from recipe, "),
        ("preprocessing", "magic", "unknown: magic; choose from pens, "),
        ("ablation", "--prnt", "unrecognized arguments: --prnt"),
        ("distortions", "nothing", "argument RUN: invalid choice: 'nothing' (choose from"),
        ("not_a_digit", "--donor=magic", "argument --donor: invalid choice: 'magic' (choose from"),
    ],
)
def test_a_mistyped_argument_ends_with_a_usage_line_before_any_training(
    program: str, argument: str, sentence: str
) -> None:
    done = run(f"research.{program}", argument)
    assert (done.returncode, done.stderr[:7]) == (2, "usage: ")
    assert sentence in done.stderr
