"""The command line: its commands and their arguments."""

import argparse
import warnings
from collections.abc import Callable
from pathlib import Path

import torch

from mnist_core.commands.arguments import MAX_SEED, Distinct, Parser, Seeds, whole_number
from mnist_core.commands.export import export_run, measure_exports
from mnist_core.commands.fetch import fetch, make_unipen
from mnist_core.commands.measure import make_detector, measure, write_results
from mnist_core.commands.queries import (
    count_refused_characters,
    evaluate_run,
    fine_tune_run,
    list_runs,
    predict,
    show_summary,
)
from mnist_core.commands.train import train_runs, validate_on_folds
from mnist_core.drawings.pictures import FORMATS

PUBLISHED_RUN, ROBUST_RUN = "such as relu-96-256/published; see list", "such as relu-96-256/robust; see list"
RUN_OR_FILE = f"{PUBLISHED_RUN}; or a .safetensors file that the page saved"


def build_parser() -> argparse.ArgumentParser:
    """The commands and their arguments."""
    parser = Parser(
        prog="python -m mnist_core",
        description="Train, measure and ask the five networks.",
        epilog="MNIST is looked for in the folder named by MNIST_DATA, by default data.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, action: Callable[[argparse.Namespace], None], description: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=description, description=f"{description}.")
        command.set_defaults(action=action)
        return command

    add("list", list_runs, "List the runs: an architecture and a recipe each")
    summary = add("summary", show_summary, "Print a network's layers, output shapes and parameters")
    summary.add_argument("architecture", help="such as relu-96-256")
    add("fetch", fetch, "Download MNIST, once")
    unipen = add("unipen", make_unipen, "Make files of digits, letters and symbols of the UNIPEN archive")
    unipen.add_argument(
        "archive", type=Path, metavar="ARCHIVE", help="train_r01_v07 of Zenodo 1195803, unpacked or as .tgz"
    )
    unipen.add_argument(
        "folder",
        type=Path,
        metavar="FOLDER",
        help="for the three files; UNIPEN names it, by default data/unipen",
    )
    training = add("train", train_runs, "Train runs from several seeds; keep the median one's timeline")
    training.add_argument("runs", nargs="+", action=Distinct, metavar="run", help=ROBUST_RUN)
    training.add_argument(
        "--seeds", type=int, nargs="+", action=Seeds, default=[0, 1, 2], help="default: 0 1 2"
    )
    training.add_argument("--device", type=_device, default="cpu", help="as PyTorch names it; default: cpu")
    folds = add("folds", validate_on_folds, "Measure robust runs on pen drawings by writers they never saw")
    folds.add_argument("runs", nargs="+", action=Distinct, metavar="run", help=ROBUST_RUN)
    folds.add_argument("--folds", type=whole_number(2), default=5, help="groups of writers; default: 5")
    folds.add_argument("--device", type=_device, default="cpu", help="as PyTorch names it; default: cpu")
    add("detector", make_detector, "Train and measure the detector that tells digits from what is none")
    measuring = add("measure", measure, "Measure calibration and pen drawings into the cards")
    measuring.add_argument("runs", nargs="+", action=Distinct, metavar="run", help=PUBLISHED_RUN)
    measuring.add_argument(
        "--training", action="store_true", help="how they read the images they learned from, instead"
    )
    evaluation = add(
        "evaluate", evaluate_run, "Measure a run on MNIST's test images, pen drawings or pictures"
    )
    evaluation.add_argument("run", help=RUN_OR_FILE)
    data = evaluation.add_mutually_exclusive_group()
    data.add_argument("--strokes", type=Path, metavar="FILE", help="a UNIPEN file of digits")
    data.add_argument(
        "--pictures", type=Path, metavar="FOLDER", help=f"pictures ({FORMATS}) in folders named 0 to 9"
    )
    evaluation.add_argument("--step", type=int, metavar="N", help="a snapshot's step; default: the last")
    evaluation.add_argument("--json", action="store_true", help="print one JSON object")
    refusing = add(
        "refuse", count_refused_characters, "Count the characters of any label that are refused as no digits"
    )
    refusing.add_argument("run", help=f"whose answers are refused; {RUN_OR_FILE}")
    refusing.add_argument("--strokes", type=Path, metavar="FILE", required=True, help="a UNIPEN file")
    refusing.add_argument("--json", action="store_true", help="print one JSON object")
    fine_tuning = add("adapt", fine_tune_run, "Teach a run each writer's hand; count errors before and after")
    fine_tuning.add_argument("run", help=PUBLISHED_RUN)
    fine_tuning.add_argument(
        "--strokes", type=Path, metavar="FILE", required=True, help="a UNIPEN file of digits"
    )
    fine_tuning.add_argument(
        "--shots", type=whole_number(1), default=1, help="drawings of each digit; default: 1"
    )
    fine_tuning.add_argument(
        "--seed", type=whole_number(0, MAX_SEED), default=0, help="of the distortions; default: 0"
    )
    fine_tuning.add_argument("--json", action="store_true", help="print one JSON object")
    prediction = add("predict", predict, "Ask a run what digit a picture or a JSON drawing shows")
    prediction.add_argument("run", help=RUN_OR_FILE)
    prediction.add_argument("file", type=Path, help=f"a picture ({FORMATS}), or a drawing in a .json file")
    prediction.add_argument("--json", action="store_true", help="print one JSON object")
    exporting = add("export", export_run, "Write a run's network as an ONNX file, for other programs")
    exporting.add_argument("run", help=RUN_OR_FILE)
    exporting.add_argument("file", type=Path, help="to write, ending in .onnx")
    exporting.add_argument("--int8", action="store_true", help="quantise it to 8-bit integers")
    exporting.add_argument("--step", type=int, metavar="N", help="a snapshot's step; default: the last")
    add("measure-exports", measure_exports, "Measure all runs as ONNX files into docs/export.json")
    results = add("results", write_results, "Write the results tables from the checkpoints' cards")
    results.add_argument("--check", action="store_true", help="change nothing; fail if a table is stale")
    return parser


def _device(name: str) -> str:
    """The name of a device that is there and can calculate; "meta" is one that cannot."""
    try:
        with warnings.catch_warnings(action="ignore"):
            torch.zeros(1, device=name).item()
    except Exception as error:  # each backend that is missing raises errors of its own
        reason = str(error).partition("\n")[0]
        raise argparse.ArgumentTypeError(f"PyTorch cannot use the device {name!r} here: {reason}") from None
    return name
