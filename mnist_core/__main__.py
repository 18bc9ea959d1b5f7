"""The command line: python -m mnist_core list | summary | fetch | train | evaluate | predict | results."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Self

import torch
from tqdm import tqdm

from mnist_core.architectures import find_architecture
from mnist_core.checkpoints import (
    checkpoint_path,
    choose_median,
    load_cards,
    load_checkpoint,
    save_checkpoint,
)
from mnist_core.data import fetch_mnist, load_mnist, mnist_folder
from mnist_core.detector import (
    DETECTOR_FILE,
    draw_nondigits,
    load_detector,
    save_detector,
    train_without,
)
from mnist_core.drawing import read_drawing, read_unipen
from mnist_core.errors import InklingError, UnknownNameError
from mnist_core.evaluation import Fold, calibrate, evaluate
from mnist_core.folds import validate_by_writer
from mnist_core.lessons import LessonMaker
from mnist_core.model import summarize
from mnist_core.pens import load_pen_drawings, pen_file
from mnist_core.preprocessing import image_of_drawing, image_of_picture, open_picture
from mnist_core.recipes import RUNS, Run, find_run
from mnist_core.refusal_rates import (
    LEARNT,
    SHOWN,
    SHOWN_SEED,
    detectors_of_unseen_kinds,
    load_digits,
    logits_of,
    measure_refusal,
)
from mnist_core.results import rendered_files
from mnist_core.training import Progress, Training, train
from mnist_core.tutorial import time_tutorial_epoch


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


def train_runs(arguments: argparse.Namespace) -> None:
    """Train each run from every seed and keep the one with the median accuracy."""
    runs, folder = [find_run(run_id) for run_id in arguments.runs], mnist_folder()
    drawings = load_pen_drawings(pen_file()) if any(run.recipe.teaching for run in runs) else []
    training, test = load_mnist(folder, "training"), load_mnist(folder, "test")
    with Bars() as bars:
        maker = LessonMaker(training, drawings, device=arguments.device, report=bars.report)
        for run in runs:
            lessons = maker.lessons(run.recipe.teaching) if run.recipe.teaching else None
            trainings: dict[int, Training] = {}
            tutorial_seconds = []
            for seed in arguments.seeds:
                report = partial(bars.report, f"{run.id}, seed {seed}")
                trainings[seed] = train(
                    run, training, test, seed=seed, lessons=lessons, device=arguments.device, report=report
                )
                if run.recipe.published:
                    tutorial_seconds.append(time_tutorial_epoch(run, folder, seed=seed))
            timeline, card = choose_median(
                trainings, test, tutorial_seconds, lessons.seconds if lessons else 0.0
            )
            save_checkpoint(timeline, card, checkpoint_path(run))
            for result in card.seeds:
                print(f"{run.id}, seed {result.seed}: {result.test_accuracy:.2%} of the test images right")
            print(f"Kept seed {timeline.seed}, the median: {checkpoint_path(run)}", flush=True)


def validate_on_folds(arguments: argparse.Namespace) -> None:
    """Read every pen drawing with a network that never saw its writer, and note that in the card."""
    runs = [find_run(run_id) for run_id in arguments.runs]
    for run in runs:
        if not run.recipe.teaching:
            raise UnknownNameError(f"{run.id} does not learn from pen strokes; choose a robust run.")
    drawings = load_pen_drawings(pen_file())
    training = load_mnist(mnist_folder(), "training")
    results: dict[Run, list[Fold]] = {run: [] for run in runs}
    with Bars() as bars:
        for run, fold in validate_by_writer(
            runs, training, drawings, folds=arguments.folds, device=arguments.device, report=bars.report
        ):
            results[run].append(fold)
            tqdm.write(f"{run.id}: {fold.correct:,} of {fold.n:,} right, writers {', '.join(fold.writers)}")
    for run, folds in results.items():
        n, correct = sum(fold.n for fold in folds), sum(fold.correct for fold in folds)
        report = {"run": run.id, "n": n, "correct": correct, "accuracy": correct / n}
        print(json.dumps({**report, "folds": [asdict(fold) for fold in folds]}))
        if checkpoint_path(run).exists():
            timeline, card = load_checkpoint(checkpoint_path(run))
            save_checkpoint(timeline, replace(card, unseen_writers=folds), checkpoint_path(run))


def make_detector(arguments: argparse.Namespace) -> None:
    """Train the detector that tells digits from things that are none, for all runs."""
    digits = load_mnist(mnist_folder(), "training").images[:LEARNT]
    save_detector(train_without(digits, *draw_nondigits(SHOWN, SHOWN_SEED), unseen=()))
    print(f"Wrote {DETECTOR_FILE}")


def measure_refusals(arguments: argparse.Namespace) -> None:
    """Choose from which score on each run refuses; note that, its errors and calibration in the card."""
    runs, folder, detector = [find_run(run_id) for run_id in arguments.runs], mnist_folder(), load_detector()
    digits, test = load_digits(folder, load_pen_drawings(pen_file())), load_mnist(folder, "test")
    timelines = {run: load_checkpoint(checkpoint_path(run)) for run in runs}
    unseen = detectors_of_unseen_kinds(digits.learnt)
    for run, (timeline, card) in timelines.items():
        refusal = measure_refusal(timeline, detector, unseen, digits)
        calibration = calibrate(logits_of(timeline, test.images).softmax(1), test.labels)
        save_checkpoint(
            timeline, replace(card, refusal=refusal, calibration=calibration), checkpoint_path(run)
        )
        report = {"run": run.id, **asdict(refusal), "calibration": asdict(calibration)}
        print(json.dumps({**report, "expected_calibration_error": calibration.expected_error}), flush=True)


class Bars:
    """One progress bar on the terminal for each thing that is being trained, one after the other."""

    def __enter__(self) -> Self:
        self.bar: tqdm | None = None
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def report(self, name: str, progress: Progress) -> None:
        """Show where the training called `name` stands."""
        if self.bar is None or self.bar.desc.removesuffix(": ") != name:
            self.__exit__()
            self.bar = tqdm(desc=name, unit="step", total=progress.total_steps)
        self.bar.set_postfix(epoch=progress.epoch, loss=progress.loss, accuracy=progress.accuracy)
        self.bar.update(progress.step - self.bar.n)


def evaluate_run(arguments: argparse.Namespace) -> None:
    """Accuracy and loss of one snapshot on MNIST's test images, or on UNIPEN drawings."""
    run = find_run(arguments.run)
    timeline, _ = load_checkpoint(checkpoint_path(run))
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
        "run": run.id,
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
            f"{run.id} at step {report['step']:,} on {report['data']}: {scores.correct:,} of {scores.n:,} "
            f"right ({scores.accuracy:.2%}), loss {scores.loss:.4f}"
        )


def predict(arguments: argparse.Namespace) -> None:
    """What a run says of one picture or JSON drawing, before and after training."""
    timeline, _ = load_checkpoint(checkpoint_path(find_run(arguments.run)))
    if arguments.file.suffix.lower() == ".json":
        image = image_of_drawing(read_drawing(arguments.file))
    else:
        image = image_of_picture(open_picture(arguments.file))
    answer = timeline.to(torch.float32).before_and_after(image)
    if arguments.json:
        print(json.dumps(answer))
        return
    print(f"{answer['run']} reads a {answer['prediction']}.\ndigit  untrained  trained")
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
    add("detector", make_detector, "Train the detector that tells digits from things that are none")
    refusals = add("refusals", measure_refusals, "Choose and measure what runs refuse as no digit")
    refusals.add_argument("runs", nargs="+", metavar="run", help="such as relu-96-256/published; see list")
    evaluation = add("evaluate", evaluate_run, "Measure a run on MNIST's test images or on pen drawings")
    evaluation.add_argument("run", help="such as relu-96-256/published; see list")
    evaluation.add_argument("--strokes", type=Path, metavar="FILE", help="a UNIPEN file of digits")
    evaluation.add_argument("--step", type=int, metavar="N", help="a snapshot's step; default: the last")
    evaluation.add_argument("--json", action="store_true", help="print one JSON object")
    prediction = add("predict", predict, "Ask a run what digit a picture or a JSON drawing shows")
    prediction.add_argument("run", help="such as relu-96-256/published; see list")
    prediction.add_argument("file", type=Path, help="a picture, or a drawing in a .json file")
    prediction.add_argument("--json", action="store_true", help="print one JSON object")
    results = add("results", write_results, "Write the results tables from the checkpoints' cards")
    results.add_argument("--check", action="store_true", help="change nothing; fail if a table is stale")
    return parser


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
        print("\nStopped; no checkpoint was changed.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
