"""Megabytes of a clone after `git gc`: its repository and its work tree, beside their goal."""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from quick import is_quick

PROJECT = Path(__file__).parents[2]
GOAL = 100  # megabytes


def megabytes(folder: Path) -> float:
    """What all files in a folder hold."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main() -> None:
    """Clone the project into a temporary folder and weigh it; on request only its last commit."""
    depth = ["--depth", "1"] if is_quick(__doc__) else []
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", "--no-local", *depth, str(PROJECT), str(clone)], check=True)
        subprocess.run(["git", "gc", "-q"], cwd=clone, check=True)
        repository = megabytes(clone / ".git")
        both = megabytes(clone)
    print(
        f"repository {repository:.1f} MB, work tree {both - repository:.1f} MB: {both:.1f} MB (goal {GOAL})"
    )


if __name__ == "__main__":
    main()
