"""What is refused as no digit: score, threshold and counts, and what the project promises of them."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from made import made_card, made_images, made_refusal, made_timeline
from torch import nn

from mnist_core.__main__ import main
from mnist_core.checkpoints.files import load_checkpoint, save_checkpoint
from mnist_core.checkpoints.metadata import checkpoint_path
from mnist_core.checkpoints.records import Refused
from mnist_core.commands import measuring
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, read_handwritings
from mnist_core.measuring import refusal_rates
from mnist_core.measuring.evaluation import score_on_training
from mnist_core.measuring.refusal_rates import (
    ALLOWED,
    Digits,
    choose_threshold,
    last_logits,
    measure_refusal,
    total,
)
from mnist_core.networks.detector import Detector, build_detector, detect, load_detector
from mnist_core.networks.refusal import judge, score
from mnist_core.runs.recipes import RUNS
from mnist_core.training.detector_training import draw_nondigits
from mnist_core.training.nondigits import KINDS

PUBLISHED = {run_id: run for run_id, run in RUNS.items() if run_id.endswith("/published")}
EVERY_RUN = pytest.mark.parametrize("run", PUBLISHED.values(), ids=PUBLISHED)
RUN = RUNS["relu-50/published"]
DETECTOR = load_detector()


class Asked:
    """A committed run that judges drawings as the page does."""

    def __init__(self, run):
        timeline, card = load_checkpoint(checkpoint_path(run))
        self.timeline, self.refusal = timeline.to(torch.float32), card.refusal

    def refuses(self, drawing):
        return self.refuses_image(image_of_drawing(drawing).float())

    def refuses_image(self, image):
        logits = self.timeline.logits(image[None])[-1]
        return judge(self.refusal.threshold, DETECTOR, logits, image[None])[1].item()


@pytest.fixture(scope="module", params=PUBLISHED.values(), ids=PUBLISHED)
def asked(request):
    return Asked(request.param)


@pytest.fixture(scope="module")
def images_of_nondigits():
    """Ten of every kind."""
    return draw_nondigits(10 * len(KINDS), seed=99)[1] / 255


def test_the_score_is_the_product_of_two_probabilities():
    logits = torch.tensor([[0.75, 0.25]]).log()
    assert score(logits, torch.tensor([0.5])).tolist() == [pytest.approx(0.375)]


def test_the_threshold_refuses_no_more_than_allowed_of_either_source():
    generator = torch.Generator().manual_seed(0)
    sources = [torch.rand(5_000, generator=generator), torch.rand(3_000, generator=generator) ** 2]
    threshold = choose_threshold(sources)
    shares = [(scores < threshold).double().mean().item() for scores in sources]
    assert max(shares) == pytest.approx(ALLOWED, abs=1 / 3_000)


@pytest.mark.parametrize(("threshold", "refused"), [(0.0, False), (1.0, True)])
def test_judge_refuses_what_lies_below_the_threshold(threshold, refused):
    images, logits = made_images(3).ink(), torch.zeros(3, 10)
    refusal = replace(made_refusal(), threshold=threshold)
    detector = Detector(build_detector(0), threshold=0.5)
    scores, are_refused = judge(refusal.threshold, detector, logits, images)
    torch.testing.assert_close(scores, score(logits.double(), detect(detector.network, images)))
    assert are_refused.tolist() == [refused] * 3


def test_without_a_refusal_the_detector_judges_alone_by_its_own_threshold():
    images, logits, network = made_images(9).ink(), torch.zeros(9, 10), build_detector(0)
    detections = detect(network, images)
    threshold = detections.median().item()  # four of nine lie below it
    scores, refused = judge(None, Detector(network, threshold), logits, images)
    assert torch.equal(scores, detections)
    assert refused.tolist() == [detection < threshold for detection in detections]
    assert refused.sum() == 4


def test_totals_add_up():
    assert total([Refused(10, 1), Refused(20, 5)]) == Refused(30, 6)


def test_only_the_last_snapshot_is_asked():
    timeline, images = made_timeline(RUN), made_images(40).images
    expected = timeline.to(torch.float64).logits(images.double() / 255)[-1]
    torch.testing.assert_close(last_logits(timeline, images), expected)


@pytest.fixture
def few(monkeypatch):
    """Few digits, and few things that are none."""
    monkeypatch.setattr(refusal_rates, "COUNT", 48)
    images = made_images(50).images
    return Digits(images, [images[:20], images[20:30]], [images[30:], images[:7], images[:3]])


def test_every_image_and_every_kind_is_counted(few):
    refusal = measure_refusal(made_timeline(RUN), build_detector(0), [], few)
    assert [refusal.mnist.n, refusal.pens.n, refusal.handwritings.n] == [20, 7, 3]
    assert (list(refusal.nondigits), total(refusal.nondigits.values()).n) == (list(KINDS), 48)


def test_kinds_are_judged_with_the_detector_that_did_not_see_them(few):
    sees_all = nn.Sequential(nn.Flatten(), nn.Linear(784, 2))  # bright images are digits
    nn.init.constant_(sees_all[1].weight[0], -1.0)
    sees_nothing = nn.Sequential(nn.Flatten(), nn.Linear(784, 2))  # bright images are none
    nn.init.constant_(sees_nothing[1].weight[0], 1.0)
    refusal = measure_refusal(made_timeline(RUN), sees_all, [(["dot"], sees_nothing)], few)
    assert list(refusal.unseen_kinds) == ["dot"]
    assert refusal.unseen_kinds["dot"].refused < refusal.nondigits["dot"].refused


def test_the_command_writes_what_it_prints_into_the_card(small, few, monkeypatch, capsys):
    save_checkpoint(made_timeline(RUN), made_card(), checkpoint_path(RUN, small))
    monkeypatch.setattr(measuring, "load_pen_drawings", lambda path: read_handwritings())
    monkeypatch.setattr(measuring, "load_digits", lambda folder, drawings: few)
    monkeypatch.setattr(measuring, "detectors_of_unseen_kinds", lambda digits: [(["dot"], build_detector(1))])
    assert main(["measure", RUN.id]) == 0
    printed = json.loads(capsys.readouterr().out)
    timeline, card = load_checkpoint(checkpoint_path(RUN, small))
    assert replace(card, refusal=None, calibration=None, pens=None) == made_card()
    assert torch.equal(timeline.weights[0], made_timeline(RUN).weights[0])
    assert printed == {
        "run": RUN.id,
        "refusal": asdict(card.refusal),
        "calibration": asdict(card.calibration),
        "pens": asdict(card.pens),
        "expected_calibration_error": card.calibration.expected_error,
    }


def test_the_command_writes_only_training_scores_if_asked_for_them(small, capsys):
    save_checkpoint(made_timeline(RUN), replace(made_card(), training_scores=[]), checkpoint_path(RUN, small))
    assert main(["measure", "--training", RUN.id]) == 0
    printed = json.loads(capsys.readouterr().out)
    timeline, card = load_checkpoint(checkpoint_path(RUN, small))
    assert card == replace(
        made_card(), training_scores=score_on_training(made_timeline(RUN), made_images(60))
    )
    assert torch.equal(timeline.weights[0], made_timeline(RUN).weights[0])
    assert printed == {"run": RUN.id, "training": asdict(card.training_scores[-1])}


def test_a_control_is_not_measured_for_refusals(capsys):
    assert main(["measure", "relu-50/100-images"]) == 2
    assert capsys.readouterr().err == (
        "error: relu-50/100-images is a control, judged by the detector alone; choose another run.\n"
    )


def test_every_handwriting_of_the_project_is_accepted(asked):
    refused = [entry for entry in read_handwritings() if asked.refuses(entry.drawing)]
    assert not refused


@pytest.mark.parametrize("slant", [-0.15, 0.0, 0.1, 0.2, 0.3])
def test_a_plain_stroke_is_accepted_as_a_one(asked, slant):
    stroke = np.stack([np.linspace(0.5 + slant, 0.5 - slant, 20), np.linspace(0.1, 0.9, 20)], axis=1)
    assert not asked.refuses(Drawing((stroke,)))


def test_what_is_no_digit_is_refused(asked, images_of_nondigits):
    refused = [asked.refuses_image(image) for image in images_of_nondigits]
    assert sum(refused) >= 0.9 * len(refused)


@EVERY_RUN
def test_the_committed_card_refuses_as_few_digits_as_promised(run):
    refusal = load_checkpoint(checkpoint_path(run))[1].refusal
    assert all(count.refused <= 0.01 * count.n for count in (refusal.mnist, refusal.pens))


@EVERY_RUN
def test_the_committed_card_refuses_as_many_nondigits_as_promised(run):
    count = total(load_checkpoint(checkpoint_path(run))[1].refusal.nondigits.values())
    assert (count.n, count.refused >= 0.9 * count.n) == (2_000, True)


@EVERY_RUN
def test_the_cards_calibration_covers_every_test_image(run):
    card = load_checkpoint(checkpoint_path(run))[1]
    right = sum(each.n * each.accuracy for each in card.calibration.bins)
    assert sum(each.n for each in card.calibration.bins) == 10_000
    assert right == pytest.approx(card.scores[-1].correct, abs=0.5)
