"""Small artificial images, drawings, timelines and cards, in the place of MNIST, pens and trained runs."""

import json
import random
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from mnist_core.checkpoints.card import Card, Epoch, Scores, SeedResult, Tally
from mnist_core.detector.examples import CLASSES, LETTERS, SYMBOLS
from mnist_core.detector.made_up_drawings import KINDS
from mnist_core.detector.network import DetectorCard, NotADigit, NotADigitRates
from mnist_core.drawings.mnist import LabelledImages
from mnist_core.drawings.strokes import Drawing, LabelledDrawing
from mnist_core.measuring.exported_files import Exports, FileScores
from mnist_core.networks.model import build_model, linear_layers
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import Run


def made_images(count: int) -> LabelledImages:
    """Noise with labels; the first pixel of an image is its number, so that it can be recognised."""
    assert count <= 256
    generator = torch.Generator().manual_seed(count)
    images = torch.randint(256, (count, 28, 28), generator=generator, dtype=torch.uint8)
    images[:, 0, 0] = torch.arange(count)
    return LabelledImages(images, torch.randint(10, (count,), generator=generator))


def shortened(run: Run, **changes: Any) -> Run:
    """The run with a smaller or otherwise changed recipe."""
    return replace(run, recipe=replace(run.recipe, **changes))


def without_dropout(run: Run) -> Run:
    """The run with every dropout at 0."""
    hidden = tuple(replace(layer, dropout=0.0) for layer in run.architecture.hidden)
    return replace(run, architecture=replace(run.architecture, hidden=hidden))


def arc(label: int = 0, writer: str = "1", points: int = 40) -> LabelledDrawing:
    """A drawing of one stroke: an arc about the middle of the pad."""
    turn = np.linspace(0, 5, points)
    stroke = np.stack([0.5 + 0.3 * np.cos(turn), 0.5 + 0.3 * np.sin(turn)], axis=1)
    return LabelledDrawing(Drawing((stroke,)), label, writer)


def made_timeline(run: Run, steps: tuple[int, ...] = (0, 1, 5)) -> Timeline:
    """A timeline whose snapshots are fresh models of different seeds, in half precision."""
    models = [linear_layers(build_model(run.architecture, seed=seed)) for seed in range(len(steps))]
    maps = list(zip(*models, strict=True))  # of each linear map its layer in every snapshot
    return Timeline(
        run=run,
        seed=0,
        steps=steps,
        images_seen=tuple(step * run.recipe.batch_size for step in steps),
        weights=tuple(torch.stack([layer.weight.detach().half() for layer in layers]) for layers in maps),
        biases=tuple(torch.stack([layer.bias.detach().half() for layer in layers]) for layers in maps),
    )


def made_card(snapshots: int = 3, accuracies: tuple[float, ...] = (0.94, 0.95, 0.96)) -> Card:
    """A card with figures that are easy to recognise."""
    confusion = [[1000 if row == column else 0 for column in range(10)] for row in range(10)]
    confusion[0][:2] = [500, 500]
    return Card(
        scores=[Scores(n=10_000, correct=9_500, loss=0.25, confusion=confusion)] * snapshots,
        epochs=[Epoch(1, 0.5, 0.9, 0.25, 0.95)],
        seeds=[SeedResult(seed, 0.1, accuracy, 0.99) for seed, accuracy in enumerate(accuracies)],
        training_seconds=12.3,
        epoch_seconds=2.0,
        tutorial_epoch_seconds=9.0,
        versions={"python": "3.13.0", "torch": "2.13.0"},
        machine="2 cores (made), 1 thread used",
        training_scores=[Tally(n=60_000, correct=59_400, loss=0.05)] * snapshots,
    )


def made_detector_card() -> DetectorCard:
    """A detector's card with figures that are easy to recognise."""

    def rates(refused: int) -> NotADigitRates:
        letters, symbols, kinds = (
            {label: NotADigit(100, refused) for label in labels} for labels in (LETTERS, SYMBOLS, KINDS)
        )
        digits = NotADigit(10_000, 55), NotADigit(7_000, 49), NotADigit(5_000, 50), NotADigit(80, 0)
        return NotADigitRates(*digits, letters, symbols, kinds)

    return DetectorCard("inkling detector 2", 0.25, CLASSES, rates(99), rates(95))


def made_exports() -> Exports:
    """Figures of exported files that are easy to recognise."""
    runs = {
        "relu-50/robust": (FileScores(1_000, 0.01, 9_800, 0), FileScores(250, 0.013, 9_795, 12)),
        "relu-25-25/robust": (FileScores(800, 0.01, 9_700, 1), FileScores(240, 0.0125, 9_693, 15)),
    }
    files = {run_id: {"float32": exact, "int8": small} for run_id, (exact, small) in runs.items()}
    return Exports("made machine", {"onnx": "1.0"}, n=10_000, calibration_images=300, runs=files)


def write_unipen(path: Path, drawings: list[LabelledDrawing]) -> None:
    """The drawings as a UNIPEN file, on a pad of 1,000 × 1,000, y upwards."""
    lines = []
    for number, entry in enumerate(drawings):
        lines += [
            f'.SEGMENT DIGIT {number} ? "{entry.label}"',
            f".COMMENT {entry.label} {entry.writer} {number}",
        ]
        for stroke in entry.drawing.strokes:
            points = [f"{x * 1000:.2f} {1000 - y * 1000:.2f}" for x, y in stroke]
            lines += [".PEN_DOWN", *points, ".PEN_UP"]
    path.write_text("\n".join(lines) + "\n")


def scale_writers(source: Path, path: Path, *, seed: int) -> None:
    """A UNIPEN file's digits as if every writer's tablet had a scale of its own, from 0.05 to 50 times."""
    dice = random.Random(seed)
    scales: dict[str, float] = defaultdict(lambda: 0.05 * 1000 ** dice.random())
    lines, scale = [], 1.0
    for line in source.read_text().splitlines():
        if line.startswith(".COMMENT"):
            scale = scales[line.split()[2]]
        is_point = bool(line.strip()) and not line.startswith(".")
        lines.append(" ".join(f"{float(value) * scale:.4f}" for value in line.split()) if is_point else line)
    path.write_text("\n".join(lines) + "\n")


def network_at(timeline: Timeline, snapshot: int) -> nn.Sequential:
    """One snapshot as a module of its own, in double precision, ready to predict."""
    run = timeline.run
    model = build_model(run.architecture, seed=1234, input_range=run.recipe.input_range).double().eval()
    with torch.no_grad():
        for layer, weight, bias in zip(linear_layers(model), timeline.weights, timeline.biases, strict=True):
            layer.weight.copy_(weight[snapshot])
            layer.bias.copy_(bias[snapshot])
    return model


def read_parts(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors and the card of a checkpoint, unchecked."""
    with safe_open(path, framework="pt") as file:
        card = json.loads(file.metadata()["card"])
    return load_file(path), card


def write_parts(path: Path, tensors: dict[str, Tensor], card: object) -> None:
    """A file made like a checkpoint, from whatever parts."""
    save_file(tensors, path, {"card": card if isinstance(card, str) else json.dumps(card)})


def read_header(path: Path) -> tuple[dict[str, Any], bytes]:
    """A safetensors file's header, as JSON, and the bytes that follow it."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def write_header(path: Path, header: dict[str, Any], weights: bytes, length: int | None = None) -> None:
    """A file of this header and these bytes behind it; `length`: what it claims its header's length is."""
    text = json.dumps(header).encode()
    path.write_bytes((length or len(text)).to_bytes(8, "little") + text + weights)
