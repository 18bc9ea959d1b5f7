"""The command line: python -m mnist_core COMMAND; --help lists the commands."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch
from tqdm import tqdm

from mnist_core.architectures import find_architecture
from mnist_core.archives import mnist_folder
from mnist_core.cards import Refusal
from mnist_core.checkpoints import checkpoint_path, load_cards, load_checkpoint
from mnist_core.data import fetch_mnist, load_mnist
from mnist_core.detector import load_detector
from mnist_core.drawing import read_drawing, read_unipen
from mnist_core.errors import InklingError, brief
from mnist_core.evaluation import evaluate
from mnist_core.fine_tuning import STEPS, adapt
from mnist_core.making import make_detector, measure, train_runs, validate_on_folds
from mnist_core.model import summarize
from mnist_core.own_runs import load_file
from mnist_core.preprocessing import image_of_drawing, image_of_picture, open_picture
from mnist_core.recipes import RUNS, find_run
from mnist_core.refusal import judge
from mnist_core.results import rendered_files
from mnist_core.timeline import Timeline, before_and_after

RUN_OR_FILE = "such as relu-96-256/published; see list; or a .safetensors file that the page saved"


def list_runs(arguments: argparse.Namespace) -> None:
    """One line per run."""
    for run in RUNS.values():
        sizes = " → ".join(map(str, run.architecture.sizes))
        made = "" if checkpoint_path(run).exists() else "  (no checkpoint yet)"
        print(f"{run.id:<31} {sizes:<33} {run.architecture.parameters:>7,} parameters{made}")


def show_summary(arguments: argparse.Namespace) -> None:
    """Layers, output shapes and parameters of one architecture."""
    print(summarize(find_architecture(arguments.architecture)))


def fetch(arguments: argparse.Namespace) -> None:
    """Download MNIST unless it is there."""
    fetch_mnist(mnist_folder())
    print(f"MNIST is in {mnist_folder()}.")


def load_run(name: str) -> tuple[Timeline, Refusal | None]:
    """The timeline and the refusal of a run, or of a file if the name ends in .safetensors."""
    if name.endswith(".safetensors"):
        return load_file(Path(name))
    timeline, card = load_checkpoint(checkpoint_path(find_run(name)))
    return timeline, card.refusal


def evaluate_run(arguments: argparse.Namespace) -> None:
    """Accuracy and loss of one snapshot on MNIST's test images, or on UNIPEN drawings."""
    timeline, _ = load_run(arguments.run)
    snapshot = timeline.index_of(timeline.steps[-1] if arguments.step is None else arguments.step)
    if arguments.strokes:
        drawings = read_unipen(arguments.strokes)
        ink = torch.stack([image_of_drawing(entry.drawing) for entry in drawings])
        labels = torch.tensor([entry.label for entry in drawings])
    else:
        test = load_mnist(mnist_folder(), "test")
        ink, labels = test.ink(torch.float64), test.labels
    scores = evaluate(timeline, ink, labels)[snapshot]
    report = {
        "run": timeline.run.id,
        "step": timeline.steps[snapshot],
        "data": arguments.strokes.name if arguments.strokes else "MNIST test",
        "n": scores.n,
        "correct": scores.correct,
        "accuracy": scores.accuracy,
        "loss": scores.loss,
    }
    if arguments.json:
        print(json.dumps(report))
    else:
        print(
            f"{timeline.run.id} at step {report['step']:,} on {report['data']}: "
            f"{scores.correct:,} of {scores.n:,} right ({scores.accuracy:.2%}), loss {scores.loss:.4f}"
        )


def adapt_run(arguments: argparse.Namespace) -> None:
    """What fine-tuning on every writer's first drawings does to the errors on the others, and on MNIST."""
    timeline = load_checkpoint(checkpoint_path(find_run(arguments.run)))[0]  # no file: it has no rate
    run, drawings, folder = timeline.run, read_unipen(arguments.strokes), mnist_folder()
    with tqdm(unit="writer", disable=None) as bar:

        def report(hand: str, writers: int) -> None:
            bar.total = writers
            bar.update()

        measured = adapt(
            *(timeline, drawings, load_mnist(folder, "training"), load_mnist(folder, "test")),
            shots=arguments.shots,
            seed=arguments.seed,
            report=report,
        )
    rates = {"learning_rate": run.fine_tuning_rate, "share": run.fine_tuning_share}
    settings = {"shots": arguments.shots, "steps": STEPS, **rates}
    if arguments.json:
        print(json.dumps({"run": run.id, **settings, **asdict(measured)}))
        return
    print(
        f"{run.id}, fine-tuned on {arguments.shots} of each digit: errors on the {measured.n:,} other "
        f"drawings of {measured.writers} writers {measured.errors_before:.2%} → {measured.errors_after:.2%}, "
        f"on MNIST's test images {measured.mnist_errors_before:.2%} → {measured.mnist_errors_after:.2%}"
    )


def predict(arguments: argparse.Namespace) -> None:
    """What a run says of one picture or JSON drawing, before and after training; or that it is no digit."""
    timeline, refusal = load_run(arguments.run)
    if arguments.file.suffix.lower() == ".json":
        image = image_of_drawing(read_drawing(arguments.file))
    else:
        image = image_of_picture(open_picture(arguments.file))
    logits = timeline.to(torch.float32).logits(image[None])[:, 0]  # (snapshots, 10)
    _, refused = judge(refusal, load_detector(), logits[-1:], image[None])
    answer = before_and_after(timeline.run, logits) | {"is_digit": not refused.item()}
    if arguments.json:
        print(json.dumps(answer))
        return
    verdict = f"reads a {answer['prediction']}" if answer["is_digit"] else "takes this for no digit"
    print(f"{answer['run']} {verdict}.\ndigit  untrained  trained")
    for digit, (untrained, trained) in enumerate(zip(answer["untrained"], answer["trained"], strict=True)):
        print(f"{digit:>5}  {untrained:>9.2%}  {trained:>7.2%}")


def write_results(arguments: argparse.Namespace) -> None:
    """Write the results tables, or say which ones are stale."""
    stale = [
        (path, content)
        for path, content in rendered_files(load_cards()).items()
        if not path.exists() or path.read_text(encoding="utf-8") != content
    ]
    if arguments.check and stale:
        names = ", ".join(str(path) for path, _ in stale)
        raise InklingError(f'Stale results in {names}; run "python -m mnist_core results".')
    for path, content in stale:
        path.write_text(content, encoding="utf-8")
        print(f"Wrote {path}")


def build_parser() -> argparse.ArgumentParser:
    """The commands and their arguments."""
    parser = argparse.ArgumentParser(
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
    training = add("train", train_runs, "Train runs from several seeds; keep the median one's timeline")
    training.add_argument("runs", nargs="+", metavar="run", help="such as relu-96-256/robust; see list")
    training.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="default: 0 1 2")
    training.add_argument("--device", type=_device, default="cpu", help="as PyTorch names it; default: cpu")
    folds = add("folds", validate_on_folds, "Measure robust runs on pen drawings by writers they never saw")
    folds.add_argument("runs", nargs="+", metavar="run", help="such as relu-96-256/robust; see list")
    folds.add_argument("--folds", type=int, default=5, help="groups of writers; default: 5")
    folds.add_argument("--device", type=_device, default="cpu", help="as PyTorch names it; default: cpu")
    detecting = add("detector", make_detector, "Train the detector that tells digits from what is none")
    detecting.add_argument(
        "--measure", action="store_true", help="train none; choose the threshold of the one that is there"
    )
    measuring = add("measure", measure, "Measure refusals, calibration and pen drawings into the cards")
    measuring.add_argument("runs", nargs="+", metavar="run", help="such as relu-96-256/published; see list")
    measuring.add_argument(
        "--training", action="store_true", help="how they read the images they learned from, instead"
    )
    evaluation = add("evaluate", evaluate_run, "Measure a run on MNIST's test images or on pen drawings")
    evaluation.add_argument("run", help=RUN_OR_FILE)
    evaluation.add_argument("--strokes", type=Path, metavar="FILE", help="a UNIPEN file of digits")
    evaluation.add_argument("--step", type=int, metavar="N", help="a snapshot's step; default: the last")
    evaluation.add_argument("--json", action="store_true", help="print one JSON object")
    adapting = add("adapt", adapt_run, "Teach a run each writer's hand; count errors before and after")
    adapting.add_argument("run", help="such as relu-96-256/published; see list")
    adapting.add_argument(
        "--strokes", type=Path, metavar="FILE", required=True, help="a UNIPEN file of digits"
    )
    adapting.add_argument("--shots", type=_at_least(1), default=1, help="drawings of each digit; default: 1")
    adapting.add_argument("--seed", type=_at_least(0), default=0, help="of the distortions; default: 0")
    adapting.add_argument("--json", action="store_true", help="print one JSON object")
    prediction = add("predict", predict, "Ask a run what digit a picture or a JSON drawing shows")
    prediction.add_argument("run", help=RUN_OR_FILE)
    prediction.add_argument("file", type=Path, help="a picture, or a drawing in a .json file")
    prediction.add_argument("--json", action="store_true", help="print one JSON object")
    results = add("results", write_results, "Write the results tables from the checkpoints' cards")
    results.add_argument("--check", action="store_true", help="change nothing; fail if a table is stale")
    return parser


def _at_least(least: int) -> Callable[[str], int]:
    """The type of an argument that is a whole number, not below `least`."""

    def whole_number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{brief(text)} is no whole number of at least {least}")
        return int(text)

    return whole_number


def _device(name: str) -> str:
    """The name of a device that is there; argparse turns the error into one line and exit code 2."""
    try:
        torch.zeros(1, device=name)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise argparse.ArgumentTypeError(f"PyTorch cannot use the device {name!r} here: {reason}") from None
    return name


def main(argv: list[str] | None = None) -> int:
    """Run one command; 2 is the exit code of everything that was asked wrongly."""
    torch.set_num_threads(1)  # at these sizes one thread beats two
    arguments = build_parser().parse_args(argv)
    try:
        arguments.action(arguments)
    except InklingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "\nStopped; a checkpoint that was saved before stays, and no other was changed.", file=sys.stderr
        )
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
