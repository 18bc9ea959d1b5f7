"""Commands that measure finished runs, and write that into cards and tables; they train the detector, too."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial

import torch
from tqdm import tqdm

from mnist_core.checkpoints.atomic_write import as_output_error, atomic_write, check_outputs
from mnist_core.checkpoints.card import Card, PenScores, checkpoint_path, load_cards
from mnist_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from mnist_core.detector.examples import CLASSES, Data, Split, load_data, split_for_all, splits_by_donor
from mnist_core.detector.network import (
    DETECTOR_FILE,
    Detector,
    DetectorCard,
    load_detector_card,
    save_detector,
)
from mnist_core.detector.train_detector import (
    Counts,
    choose_threshold,
    count_not_a_digit,
    detections_of,
    rates_of,
    total,
    train_detector,
)
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import load_mnist
from mnist_core.drawings.preprocessing import image_of_drawing, shrink_drawing
from mnist_core.drawings.strokes import LabelledDrawing
from mnist_core.errors import InklingError, UnknownNameError
from mnist_core.measuring.evaluation import calibrate, evaluate, last_logits, score_on_training
from mnist_core.measuring.results import rendered_files
from mnist_core.networks.timeline import Timeline
from mnist_core.progress import ProgressBars
from mnist_core.runs.recipes import Run, find_run
from mnist_core.training.augmentation import load_pen_drawings, pen_file
from mnist_core.training.fitting import Progress


def make_detector(arguments: argparse.Namespace) -> None:
    """Train the detector that tells digits from what is not a digit, and measure what it refuses.

    Real drawings are counted twice: by the detector itself, which has learned from all donors, and by
    detectors that have not learned from those they are asked. It prints both, as JSON.
    """
    check_outputs([DETECTOR_FILE])
    data = load_data(mnist_folder())
    counts = Counts()
    with ProgressBars() as bars:
        for donor, split in splits_by_donor(data):
            detector = _train_on(data, split, partial(bars.report, f"without {donor}"))
            refused = count_not_a_digit(detector, data.asked.where(split.asked.__contains__))
            counts += refused
            letters = total(rates_of(refused).letters.values())
            progress = f"Without {donor}: {letters.refused:,} of {letters.n:,} letters refused"
            tqdm.write(progress, file=sys.stderr)  # standard output is JSON
        split = split_for_all(data)
        detector = _train_on(data, split, partial(bars.report, "detector"))
    rates = rates_of(count_not_a_digit(detector, data.asked.where(split.asked.__contains__)))
    card = DetectorCard("inkling detector 2", detector.threshold, CLASSES, rates, rates_of(counts))
    save_detector(detector.network, card)
    print(json.dumps(asdict(card)))


def _train_on(data: Data, split: Split, report: Callable[[Progress], None]) -> Detector:
    """A detector of what the split shows it, in half precision as it is kept, and its threshold."""
    network = train_detector(data.shown.where(split.learns), report).half().float()
    validation = data.asked.where(split.validating.__contains__)
    return Detector(network, choose_threshold(detections_of(network, validation), validation.origins))


def measure(arguments: argparse.Namespace) -> None:
    """Measure finished runs, and note that in their cards."""
    runs = [find_run(run_id) for run_id in arguments.runs]
    if arguments.training:
        measure_training(runs)
    else:
        measure_answers(runs)


def load_networks(runs: list[Run]) -> dict[Run, tuple[Timeline, Card]]:
    """All runs' timelines and cards, before any is measured; OutputError if a file cannot be written."""
    paths = [checkpoint_path(run) for run in runs]
    check_outputs(paths)
    return {run: load_checkpoint(path) for run, path in zip(runs, paths, strict=True)}


def measure_training(runs: list[Run]) -> None:
    """Note how runs read the images that they learned from."""
    networks, training = load_networks(runs), load_mnist(mnist_folder(), "training")
    for run, (timeline, card) in networks.items():
        scores = score_on_training(timeline, training)
        save_checkpoint(timeline, replace(card, training_scores=scores), checkpoint_path(run))
        print(json.dumps({"run": run.id, "training": asdict(scores[-1])}), flush=True)


def measure_answers(runs: list[Run]) -> None:
    """Note how well runs are calibrated, and how they read pens."""
    for run in runs:
        if run.recipe.is_control:
            raise UnknownNameError(f"{run.id} is a control, which is not measured; choose another run.")
    networks = load_networks(runs)
    drawings, test = load_pen_drawings(pen_file()), load_mnist(mnist_folder(), "test")
    for run, (timeline, card) in networks.items():
        calibration = calibrate(last_logits(timeline, test.images).softmax(1), test.labels)
        pens = measure_pens(timeline, drawings)
        save_checkpoint(timeline, replace(card, calibration=calibration, pens=pens), checkpoint_path(run))
        report = {"run": run.id, "calibration": asdict(calibration), "pens": asdict(pens)}
        print(json.dumps({**report, "expected_calibration_error": calibration.expected_error}), flush=True)


def measure_pens(timeline: Timeline, drawings: list[LabelledDrawing]) -> PenScores:
    """How the finished network reads pen drawings, made like MNIST and merely shrunk."""
    labels = torch.tensor([entry.label for entry in drawings])
    made, shrunk = (
        evaluate(timeline.at(-1), torch.stack([way(entry.drawing) for entry in drawings]), labels)[0]
        for way in (image_of_drawing, shrink_drawing)
    )
    return PenScores(len(drawings), made.correct, shrunk.correct)


def write_results(arguments: argparse.Namespace) -> None:
    """Write the results tables, or say which ones are stale."""
    stale = [
        (path, content)
        for path, content in rendered_files(load_cards(), load_detector_card()).items()
        if not path.exists() or path.read_text(encoding="utf-8") != content
    ]
    if arguments.check and stale:
        names = ", ".join(str(path) for path, _ in stale)
        raise InklingError(f'Stale results in {names}; run "python -m mnist_core results".')
    check_outputs([path for path, _ in stale])
    for path, content in stale:
        with as_output_error(path, "make room, then run the command again"), atomic_write(path) as partial:
            partial.write_text(content, encoding="utf-8")
        print(f"Wrote {path}")
