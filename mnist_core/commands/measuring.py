"""Commands that measure finished runs, and write that into cards and tables; they train the detector, too."""

import argparse
import json
from dataclasses import asdict, replace

import torch

from mnist_core.checkpoints.files import load_checkpoint, save_checkpoint
from mnist_core.checkpoints.metadata import checkpoint_path, load_cards
from mnist_core.checkpoints.records import PenScores
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import load_mnist
from mnist_core.drawings.preprocessing import image_of_drawing, shrink_drawing
from mnist_core.drawings.strokes import LabelledDrawing
from mnist_core.errors import InklingError, UnknownNameError
from mnist_core.measuring.evaluation import calibrate, evaluate, score_on_training
from mnist_core.measuring.refusal_rates import (
    SHOWN,
    SHOWN_SEED,
    detectors_of_unseen_kinds,
    last_logits,
    load_digits,
    measure_refusal,
)
from mnist_core.measuring.results import rendered_files
from mnist_core.networks.detector import Detector, load_detector, save_detector
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import Run, find_run
from mnist_core.training.detector_training import draw_nondigits, train_without
from mnist_core.training.pens import load_pen_drawings, pen_file


def make_detector(arguments: argparse.Namespace) -> None:
    """Train the detector that tells digits from things that are none, for all runs, and choose its threshold.

    It prints what the detector refuses where it judges alone, as JSON.
    """
    digits = load_digits(mnist_folder(), load_pen_drawings(pen_file()))
    if arguments.measure:
        network = load_detector().network
    else:
        network = train_without(digits.learnt, *draw_nondigits(SHOWN, SHOWN_SEED), unseen=())
    refusal = measure_refusal(None, network, detectors_of_unseen_kinds(digits.learnt), digits)
    save_detector(Detector(network, refusal.threshold))
    print(json.dumps({"run": "detector", "refusal": asdict(refusal)}))


def measure(arguments: argparse.Namespace) -> None:
    """Measure finished runs, and note that in their cards."""
    runs = [find_run(run_id) for run_id in arguments.runs]
    if arguments.training:
        measure_training(runs)
    else:
        measure_refusals(runs)


def measure_training(runs: list[Run]) -> None:
    """Note how runs read the images that they learned from."""
    training = load_mnist(mnist_folder(), "training")
    for run in runs:
        timeline, card = load_checkpoint(checkpoint_path(run))
        scores = score_on_training(timeline, training)
        save_checkpoint(timeline, replace(card, training_scores=scores), checkpoint_path(run))
        print(json.dumps({"run": run.id, "training": asdict(scores[-1])}), flush=True)


def measure_refusals(runs: list[Run]) -> None:
    """Note what runs refuse, their calibration and how they read pens."""
    for run in runs:
        if run.recipe.is_control:
            raise UnknownNameError(
                f"{run.id} is a control, judged by the detector alone; choose another run."
            )
    folder, detector = mnist_folder(), load_detector()
    drawings = load_pen_drawings(pen_file())
    digits, test = load_digits(folder, drawings), load_mnist(folder, "test")
    timelines = {run: load_checkpoint(checkpoint_path(run)) for run in runs}
    unseen = detectors_of_unseen_kinds(digits.learnt)
    for run, (timeline, card) in timelines.items():
        refusal = measure_refusal(timeline, detector.network, unseen, digits)
        calibration = calibrate(last_logits(timeline, test.images).softmax(1), test.labels)
        pens = measure_pens(timeline, drawings)
        measured = replace(card, refusal=refusal, calibration=calibration, pens=pens)
        save_checkpoint(timeline, measured, checkpoint_path(run))
        report = {"run": run.id, "refusal": asdict(refusal), "calibration": asdict(calibration)}
        error = {"expected_calibration_error": calibration.expected_error}
        print(json.dumps({**report, "pens": asdict(pens), **error}), flush=True)


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
        for path, content in rendered_files(load_cards()).items()
        if not path.exists() or path.read_text(encoding="utf-8") != content
    ]
    if arguments.check and stale:
        names = ", ".join(str(path) for path, _ in stale)
        raise InklingError(f'Stale results in {names}; run "python -m mnist_core results".')
    for path, content in stale:
        path.write_text(content, encoding="utf-8")
        print(f"Wrote {path}")
