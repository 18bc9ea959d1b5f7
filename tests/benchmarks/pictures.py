"""Print how many of the 80 handwritings are read as pictures that people have, once and now.

Of each kind of picture (tests/picture_kinds.py) how many are read right, refused as no
digits or as no pictures, and shown wrong, by the page's default network; first by the program as it was at
BEFORE, if git has that commit here, then as it is.

Run from the project's root: PYTHONPATH=. python tests/benchmarks/pictures.py
"""

import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from app_server import PROJECT
from picture_kinds import GOALS, MAKERS, MOST_WRONG
from quick import is_quick

from mnist_core.drawings.strokes import read_handwritings

BEFORE = "97ffc27"
# Reads the folders of pictures in one, each picture named after its digit; prints [right, refused, wrong].
READ = """
import json, sys
from pathlib import Path
import torch
from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.detector.network import is_not_a_digit, load_detector
from mnist_core.drawings.pictures import image_of_picture, open_picture
from mnist_core.errors import PictureError
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS

torch.set_num_threads(1)
network = load_checkpoint(checkpoint_path(RUNS[DEFAULT_RUN]))[0].to(torch.float32).at(-1)
detector = load_detector()

def outcome(path):
    try:
        image = image_of_picture(open_picture(path))[None]
    except PictureError:
        return 1
    if is_not_a_digit(detector, image).item():
        return 1
    return 0 if network.logits(image)[0].argmax().item() == int(path.name[0]) else 2

for folder in sorted(Path(sys.argv[1]).iterdir()):
    outcomes = [outcome(path) for path in folder.iterdir()]
    print(json.dumps([outcomes.count(each) for each in range(3)]), flush=True)
"""


def save_pictures(folder: Path, every: int) -> None:
    """Make the pictures of every kind, in a folder each, in the order of the kinds."""
    drawings = read_handwritings()[::every]
    for number, maker in enumerate(maker for kinds in MAKERS.values() for maker in kinds.values()):
        kind = folder / f"{number:03}"
        kind.mkdir()
        for place, entry in enumerate(drawings):
            path = kind / f"{entry.label}-{place}.png"
            maker(entry.drawing, place * every).save(path, compress_level=1)


def read_pictures(folder: Path, program: Path) -> list[list[int]]:
    """Of every kind how many pictures a program in this folder reads right, refuses and shows wrong."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(folder)], cwd=program, stdout=subprocess.PIPE, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def unpack(commit: str, folder: Path) -> bool:
    """Unpack the program as it was at a commit; whether git has it here."""
    packed = subprocess.run(["git", "archive", commit], cwd=PROJECT, capture_output=True, check=False)
    if packed.returncode != 0:
        return False
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return True


def main() -> None:
    """Make the pictures, read them twice, and print a table."""
    every = 40 if is_quick(__doc__) else 1
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as earlier:
        save_pictures(Path(made), every)
        after = read_pictures(Path(made), PROJECT)
        has_before = unpack(BEFORE, Path(earlier))
        before = read_pictures(Path(made), Path(earlier)) if has_before else [["-", "-", "-"]] * len(after)
    count = sum(after[0])
    print(f"Of {count} pictures each: right / refused / shown wrong, at {BEFORE} and now; of 80, the goal is")
    print(f"so many right, and at most {MOST_WRONG} shown wrong\n")
    print("| pictures | kind | before | now | goal |\n|---|---|--:|--:|--:|")
    names = [(group, kind) for group, kinds in MAKERS.items() for kind in kinds]
    for (group, kind), *columns in zip(names, before, after, strict=True):
        cells = [" / ".join(map(str, column)) for column in columns]
        print(f"| {group} | {kind} | {cells[0]} | {cells[1]} | {GOALS[group]} |")


if __name__ == "__main__":
    main()
