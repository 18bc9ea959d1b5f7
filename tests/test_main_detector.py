"""The commands refuse, measure and detector: what they count, print and keep."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from command_line import one_line_refusal
from made import made_card, made_images, made_timeline, write_unipen

from mnist_core.__main__ import main
from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from mnist_core.commands import measure
from mnist_core.detector.examples import CLASSES, Data, Examples
from mnist_core.detector.made_up_drawings import KINDS, draw_by_hand
from mnist_core.detector.network import build_detector
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.measuring.evaluation import score_on_training
from mnist_core.runs.recipes import RUNS

RUN = RUNS["relu-50/published"]


@pytest.fixture
def letters(tmp_path):
    """A UNIPEN file of 20 digits that are labelled as such, and of 30 hearts and stars labelled H and S."""
    path = tmp_path / "letters.unipen"
    random = np.random.default_rng(3)
    drawn = [replace(entry, label=str(entry.label)) for entry in read_handwritings()[:20]]
    for label, kind in zip("HS" * 15, ("heart", "star") * 15, strict=True):
        drawn.append(replace(drawn[0], drawing=draw_by_hand(KINDS[kind](random), random), label=label))
    write_unipen(path, drawn)
    return path


def test_refuse_counts_characters_of_any_label(letters, capsys):
    assert main(["refuse", RUN.id, "--strokes", str(letters), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    labels = report["labels"]
    assert (report["run"], report["data"], report["n"]) == (RUN.id, "letters.unipen", 50)
    assert (labels["H"]["n"], labels["S"]["n"], sum(each["n"] for each in labels.values())) == (15, 15, 50)
    assert min(labels["H"]["refused"], labels["S"]["refused"]) > 0.8
    assert [labels[label]["refused"] for label in labels if label.isdigit()] == [0.0] * (len(labels) - 2)
    by_label = sum(each["n"] * each["refused"] for each in labels.values())
    assert report["refused"] == pytest.approx(by_label / 50)


def test_refuse_says_the_same_in_words(letters, capsys):
    main(["refuse", RUN.id, "--strokes", str(letters), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert main(["refuse", RUN.id, "--strokes", str(letters)]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading == f"letters.unipen: {report['refused']:.2%} of 50 characters refused as no digits"
    assert [row.split() for row in rows] == [
        [label, f"{each['refused']:.2%}", "of", str(each["n"])] for label, each in report["labels"].items()
    ]


def test_refuse_refuses_a_file_without_characters_in_one_line(tmp_path, capsys):
    path = tmp_path / "none.unipen"
    path.write_text("nothing")
    line = one_line_refusal(capsys, "refuse", RUN.id, "--strokes", path)
    assert line.startswith(f"{path} holds no UNIPEN characters; ")


def test_evaluate_says_how_many_drawings_are_refused(tmp_path, capsys):
    entries = read_handwritings()[:20]
    heart = draw_by_hand(KINDS["heart"](np.random.default_rng(1)), np.random.default_rng(1))
    path = tmp_path / "digits.unipen"
    write_unipen(path, [*entries, *[replace(entries[0], drawing=heart)] * 5])
    assert main(["evaluate", RUN.id, "--strokes", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["refused"] == pytest.approx(0.2)


def test_measure_writes_what_it_prints_into_the_card(small, monkeypatch, capsys):
    save_checkpoint(made_timeline(RUN), made_card(), checkpoint_path(RUN, small))
    monkeypatch.setattr(measure, "load_pen_drawings", lambda path: read_handwritings())
    assert main(["measure", RUN.id]) == 0
    printed = json.loads(capsys.readouterr().out)
    timeline, card = load_checkpoint(checkpoint_path(RUN, small))
    assert replace(card, calibration=None, pens=None) == made_card()
    assert torch.equal(timeline.weights[0], made_timeline(RUN).weights[0])
    assert printed == {
        "run": RUN.id,
        "calibration": asdict(card.calibration),
        "pens": asdict(card.pens),
        "expected_calibration_error": card.calibration.expected_error,
    }


def test_measure_writes_only_training_scores_if_asked_for_them(small, capsys):
    save_checkpoint(made_timeline(RUN), replace(made_card(), training_scores=[]), checkpoint_path(RUN, small))
    assert main(["measure", "--training", RUN.id]) == 0
    printed = json.loads(capsys.readouterr().out)
    timeline, card = load_checkpoint(checkpoint_path(RUN, small))
    assert card == replace(
        made_card(), training_scores=score_on_training(made_timeline(RUN), made_images(60))
    )
    assert torch.equal(timeline.weights[0], made_timeline(RUN).weights[0])
    assert printed == {"run": RUN.id, "training": asdict(card.training_scores[-1])}


def test_a_control_is_not_measured(capsys):
    assert one_line_refusal(capsys, "measure", "relu-50/100-images") == (
        "relu-50/100-images is a control, which is not measured; choose another run."
    )


def test_detector_keeps_the_card_that_it_prints(monkeypatch, capsys):
    kept, made = [], made_images(4)
    pens = [("pens", str(number)) for number in range(10)]
    origins = [*pens, ("unipen", "aga/1"), ("unipen", "apa/1"), ("letters", "aga/1"), ("kinds", "heart")]
    images = made_images(len(origins))
    drawn = Examples(images.images, images.labels, origins)
    drawn.labels[-2:] = torch.tensor([CLASSES.index("A"), CLASSES.index("heart")])
    mnist = [Examples(made.images, made.labels, [("mnist", name)] * 4) for name in ("validating", "test")]
    monkeypatch.setattr(measure, "load_data", lambda folder: Data(drawn, drawn + mnist[0] + mnist[1]))
    monkeypatch.setattr(
        measure,
        "train_detector",
        lambda examples, report: build_detector(len(CLASSES), len(examples.origins)),
    )
    monkeypatch.setattr(measure, "save_detector", lambda network, card: kept.append((network, card)))
    monkeypatch.setattr(measure, "choose_threshold", lambda scores, origins: 0.5)
    assert main(["detector"]) == 0
    ((_, card),) = kept
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(asdict(card)))
    assert (card.rates.mnist.n, card.left_out.mnist.n) == (4, 8)  # two donors, so two detectors asked
    assert (card.left_out.unipen.n, card.left_out.letters["A"].n, card.left_out.kinds["heart"].n) == (2, 1, 1)
    assert (card.format, card.classes, card.threshold) == ("inkling detector 2", CLASSES, 0.5)
