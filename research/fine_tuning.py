"""What fine-tuning on one drawing of each digit comes to: on the writers it was chosen on, and on the others.

    python -m research.fine_tuning published    on pendigits
    python -m research.fine_tuning robust       on UNIPEN

Run from the project's root, it prints a table after some minutes; `adapt` prints the same of all writers
together. --rate and --share try other values, only on the writers that they are chosen on.
"""

import argparse
import zlib
from dataclasses import replace

import numpy as np
import torch

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import images_of_drawings, load_mnist
from mnist_core.drawings.unipen import read_unipen
from mnist_core.drawings.unipen_archive import unipen_folder
from mnist_core.runs.recipes import RUNS, Run
from mnist_core.training.augmentation import pen_file
from mnist_core.training.fine_tuning import Writer, count_errors, fine_tune, split_by_shots

PENDIGITS_CHOSEN_ON = {"1", "2", "12", "13", "19", "22", "23", "28"}  # names of writers


def is_chosen_on(writer: str, recipe: str) -> bool:
    """Whether rates and shares were chosen on a writer: eight of pendigits', a fifth of UNIPEN's."""
    return writer in PENDIGITS_CHOSEN_ON if recipe == "published" else zlib.crc32(writer.encode()) % 5 == 0


def measure(run: Run, writers: list[Writer], recipe: str, is_trial: bool) -> dict[bool, list[int]]:
    """Sums over the writers that were chosen on (True) and over the others (False).

    Of each: networks, drawings, errors before and after, and errors on MNIST's test images after less before.
    """
    training, test = load_mnist(mnist_folder(), "training"), load_mnist(mnist_folder(), "test")
    timeline = replace(load_checkpoint(checkpoint_path(run))[0], run=run)
    before = timeline.model(-1)
    on_mnist = count_errors(before, test.ink(), test.labels)
    sums: dict[bool, list[int]] = {}
    for number, writer in enumerate(writers):
        is_chosen = is_chosen_on(writer.name, recipe)
        if is_trial and not is_chosen:
            continue
        after = fine_tune(timeline, writer.training, training, random=np.random.default_rng([0, number]))
        unseen = images_of_drawings(writer.test)
        errors = [count_errors(network, unseen.ink(), unseen.labels) for network in (before, after)]
        row = [1, len(unseen), *errors, count_errors(after, test.ink(), test.labels) - on_mnist]
        sums[is_chosen] = add(sums.get(is_chosen), row)
    return sums


def add(sums: list[int] | None, row: list[int]) -> list[int]:
    """The sums with a row more."""
    return [sum(pair) for pair in zip(sums or [0] * len(row), row, strict=True)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe", choices=["published", "robust"])
    parser.add_argument("--rate", type=float)
    parser.add_argument("--share", type=float)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    unipen = unipen_folder() / "digits.unipen"
    writers = split_by_shots(read_unipen(pen_file() if arguments.recipe == "published" else unipen), 1)
    tried = {"fine_tuning_rate": arguments.rate, "fine_tuning_share": arguments.share}
    changes = {name: value for name, value in tried.items() if value is not None}
    rows: dict[tuple[str, bool], list[int]] = {}
    for run in (run for run in RUNS.values() if run.id.endswith(f"/{arguments.recipe}")):
        changed = replace(run, **changes)
        for is_chosen, sums in measure(changed, writers, arguments.recipe, bool(changes)).items():
            rows[run.id, is_chosen] = sums
            rows["all", is_chosen] = add(rows.get(("all", is_chosen)), sums)
    print("| run | writers | networks | drawings | errors before | after | fewer | MNIST, points |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    for (name, is_chosen), (networks, n, before, after, mnist) in sorted(rows.items()):
        which = "chosen on" if is_chosen else "others"
        figures = f"{before:,} | {after:,} | {1 - after / max(1, before):.0%} | {mnist / networks / 100:+.2f}"
        print(f"| {name} | {which} | {networks} | {n:,} | {figures} |")


if __name__ == "__main__":
    main()
