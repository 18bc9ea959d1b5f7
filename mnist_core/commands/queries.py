"""Commands that show, measure or ask finished runs, and write no file."""

import argparse
import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

from mnist_core.checkpoints.card import Scores, checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.checkpoints.own_runs import load_file
from mnist_core.detector.network import is_not_a_digit, load_detector
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import load_mnist
from mnist_core.drawings.pictures import image_of_picture, open_picture, read_picture_folder
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import read_drawing
from mnist_core.drawings.unipen import read_characters, read_unipen
from mnist_core.measuring.evaluation import evaluate
from mnist_core.networks.model import summarize
from mnist_core.networks.timeline import Timeline, before_and_after
from mnist_core.runs.architectures import find_architecture
from mnist_core.runs.recipes import RUNS, find_run
from mnist_core.training.fine_tuning import STEPS, measure_fine_tuning


def list_runs(arguments: argparse.Namespace) -> None:
    """One line per run."""
    for run in RUNS.values():
        sizes = " → ".join(map(str, run.architecture.sizes))
        made = "" if checkpoint_path(run).exists() else "  (no checkpoint yet)"
        print(f"{run.id:<31} {sizes:<33} {run.architecture.parameters:>7,} parameters{made}")


def show_summary(arguments: argparse.Namespace) -> None:
    """Layers, output shapes and parameters of one architecture."""
    print(summarize(find_architecture(arguments.architecture)))


def load_run(name: str) -> tuple[Timeline, list[Scores]]:
    """The timeline of a run and its snapshots' scores; of a file, if the name is one's, without scores."""
    if name.endswith(".safetensors"):
        return load_file(Path(name)), []
    timeline, card = load_checkpoint(checkpoint_path(find_run(name)))
    return timeline, card.scores


def evaluate_run(arguments: argparse.Namespace) -> None:
    """Accuracy and loss of one snapshot on MNIST's test images, on UNIPEN drawings or on pictures."""
    timeline, _ = load_run(arguments.run)
    snapshot, detector = timeline.at(timeline.index_of(arguments.step)), load_detector()
    data, reasons, writers = "MNIST test", Counter[str](), list[str]()
    if arguments.pictures:
        ink, labels, reasons = read_picture_folder(arguments.pictures)
        data = arguments.pictures.resolve().name
    elif arguments.strokes:
        data = arguments.strokes.name
        drawings = read_unipen(arguments.strokes)
        ink = torch.stack([image_of_drawing(entry.drawing) for entry in drawings])
        labels = torch.tensor([entry.label for entry in drawings])
        writers = [entry.writer for entry in drawings]
    else:
        test = load_mnist(mnist_folder(), "test")
        ink, labels = test.ink(torch.float64), test.labels
    (scores,) = evaluate(snapshot, ink, labels)
    report = {
        "run": timeline.run.id,
        "step": snapshot.steps[0],
        "data": data,
        "n": scores.n,
        "correct": scores.correct,
        "accuracy": scores.accuracy,
        "loss": scores.loss,
        "refused": is_not_a_digit(detector, ink).double().mean().item(),
    }
    flawless = count_flawless_writers(snapshot, ink, labels, writers) if len(set(writers)) > 1 else None
    if arguments.json:
        unreadable = {"unreadable": {"count": reasons.total(), "reasons": reasons}}
        report |= unreadable if arguments.pictures else {}
        print(json.dumps(report | ({"writers": flawless} if flawless else {})))
        return
    print(
        f"{timeline.run.id} at step {report['step']:,} on {data}: "
        f"{scores.correct:,} of {scores.n:,} right ({scores.accuracy:.2%}), loss {scores.loss:.4f}, "
        f"{report['refused']:.2%} refused as no digits"
    )
    if flawless:
        print(f"Of {flawless['n']:,} writers {flawless['without_error']:,} are read without any error")
    for reason, count in reasons.items():
        print(f"Not read: {count:,}. {reason}")


def count_flawless_writers(
    snapshot: Timeline, ink: Tensor, labels: Tensor, writers: list[str]
) -> dict[str, int]:
    """How many writers there are, and of how many every drawing is read right.

    Args:
        snapshot: of one step.
        ink: of all drawings, (n, 28, 28).
        labels: (n,).
        writers: n names.
    """
    is_right = (snapshot.to(torch.float64).logits(ink.double())[0].argmax(1) == labels).tolist()
    misread = {writer for writer, right in zip(writers, is_right, strict=True) if not right}
    everyone = set(writers)
    return {"n": len(everyone), "without_error": len(everyone - misread)}


def count_refused_characters(arguments: argparse.Namespace) -> None:
    """How many characters of a UNIPEN file, whatever their labels, a run's answers are refused for."""
    (timeline, _), detector = load_run(arguments.run), load_detector()
    characters = read_characters(arguments.strokes)
    ink = torch.stack([image_of_drawing(entry.drawing) for entry in characters])
    refused: dict[str, list[bool]] = {label: [] for label in sorted({entry.label for entry in characters})}
    for entry, is_refused in zip(characters, is_not_a_digit(detector, ink).tolist(), strict=True):
        refused[entry.label].append(is_refused)
    labels = {label: {"n": len(each), "refused": sum(each) / len(each)} for label, each in refused.items()}
    share = sum(map(sum, refused.values())) / len(characters)
    if arguments.json:
        report = {"run": timeline.run.id, "data": arguments.strokes.name, "n": len(characters)}
        print(json.dumps({**report, "refused": share, "labels": labels}))
        return
    print(f"{arguments.strokes.name}: {share:.2%} of {len(characters):,} characters refused as no digits")
    for label, counts in labels.items():
        print(f"{label:>8}  {counts['refused']:>7.2%} of {counts['n']:,}")


def fine_tune_run(arguments: argparse.Namespace) -> None:
    """What fine-tuning on every writer's first drawings does to the errors on the others, and on MNIST."""
    # Files of the page have no fine-tuning rate.
    timeline, _ = load_checkpoint(checkpoint_path(find_run(arguments.run)))
    run, drawings, folder = timeline.run, read_unipen(arguments.strokes), mnist_folder()
    with tqdm(unit="writer", disable=None) as bar:

        def report(writer: str, writers: int) -> None:
            bar.total = writers
            bar.update()

        measured = measure_fine_tuning(
            timeline,
            drawings,
            load_mnist(folder, "training"),
            load_mnist(folder, "test"),
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
    timeline, _ = load_run(arguments.run)
    if arguments.file.suffix.lower() == ".json":
        image = image_of_drawing(read_drawing(arguments.file))
    else:
        image = image_of_picture(open_picture(arguments.file))
    logits = timeline.to(torch.float32).logits(image[None])[:, 0]  # (snapshots, 10)
    refused = is_not_a_digit(load_detector(), image[None])
    answer = before_and_after(timeline.run, logits) | {"is_digit": not refused.item()}
    if arguments.json:
        print(json.dumps(answer))
        return
    verdict = f"reads a {answer['prediction']}" if answer["is_digit"] else "takes this for no digit"
    print(f"{answer['run']} {verdict}.\ndigit  untrained  trained")
    for digit, (untrained, trained) in enumerate(zip(answer["untrained"], answer["trained"], strict=True)):
        print(f"{digit:>5}  {untrained:>9.2%}  {trained:>7.2%}")
