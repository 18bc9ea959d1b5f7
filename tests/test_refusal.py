"""What is refused as no digit: the commands that count it, and what the project promises of it."""

import json
import os
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from made import made_card, made_images, made_timeline, write_unipen
from test_main import one_line_refusal

from mnist_core.__main__ import main
from mnist_core.checkpoints.detector_file import load_detector, load_detector_card
from mnist_core.checkpoints.files import load_checkpoint, save_checkpoint
from mnist_core.checkpoints.metadata import checkpoint_path
from mnist_core.commands import measuring
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, read_handwritings
from mnist_core.drawings.unipen_archive import unipen_folder
from mnist_core.measuring.evaluation import score_on_training
from mnist_core.measuring.refusal_rates import choose_threshold, count_refused, detections_of, rates_of, total
from mnist_core.networks.detector import build_detector, is_refused
from mnist_core.runs.recipes import RUNS
from mnist_core.training import detector_data
from mnist_core.training.detector_data import Data, load_data, split_for_all, splits_by_donor
from mnist_core.training.detector_training import CLASSES, Examples, draw_kinds, train_detector
from mnist_core.training.geometry import SHAPES
from mnist_core.training.nondigits import KINDS, draw_by_hand
from mnist_core.training.pens import pen_file

PUBLISHED = {run_id: run for run_id, run in RUNS.items() if run_id.endswith("/published")}
EVERY_RUN = pytest.mark.parametrize("run", PUBLISHED.values(), ids=PUBLISHED)
RUN = RUNS["relu-50/published"]
DETECTOR = load_detector()
CARD = load_detector_card()


def refuses(drawing):
    return is_refused(DETECTOR, image_of_drawing(drawing)[None]).item()


def share(count):
    return count.refused / count.n


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
    monkeypatch.setattr(measuring, "load_pen_drawings", lambda path: read_handwritings())
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
    monkeypatch.setattr(measuring, "load_data", lambda folder: Data(drawn, drawn + mnist[0] + mnist[1]))
    monkeypatch.setattr(
        measuring,
        "train_detector",
        lambda examples, report: build_detector(len(CLASSES), len(examples.origins)),
    )
    monkeypatch.setattr(measuring, "save_detector", lambda network, card: kept.append((network, card)))
    monkeypatch.setattr(measuring, "choose_threshold", lambda scores, origins: 0.5)
    assert main(["detector"]) == 0
    ((_, card),) = kept
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(asdict(card)))
    assert (card.rates.mnist.n, card.left_out.mnist.n) == (4, 8)  # two donors, so two detectors asked
    assert (card.left_out.unipen.n, card.left_out.letters["A"].n, card.left_out.kinds["heart"].n) == (2, 1, 1)
    assert (card.format, card.classes, card.threshold) == ("inkling detector 2", CLASSES, 0.5)


LIMITS = {"mnist": 0.006, "pens": 0.01, "unipen": 0.012, "handwritings": 0.0}  # of digits, refused


@pytest.mark.parametrize("source", LIMITS)
@pytest.mark.parametrize("rates", [CARD.rates, CARD.left_out], ids=["all known", "left out"])
def test_as_few_digits_are_refused_as_promised(rates, source):
    assert share(getattr(rates, source)) <= LIMITS[source]


@pytest.mark.parametrize("rates", [CARD.rates, CARD.left_out], ids=["all known", "left out"])
def test_as_many_real_letters_and_symbols_are_refused_as_promised(rates):
    cases = {
        name: total(v for k, v in rates.letters.items() if getattr(k, name)())
        for name in ("isupper", "islower")
    }
    assert min(map(share, cases.values())) >= 0.92
    assert share(rates.letters["A"]) >= 0.9
    assert share(total(rates.symbols.values())) >= 0.8


def test_what_was_left_out_was_counted_whole():
    left_out = CARD.left_out
    assert (left_out.mnist.n, left_out.pens.n, left_out.unipen.n) == (50_000, 7_494, 5_545)
    assert total(left_out.letters.values()).n == 16_977
    assert total(left_out.symbols.values()).n == 2_084
    assert {counts.n for counts in CARD.rates.kinds.values()} == {
        counts.n for counts in left_out.kinds.values()
    }


def test_new_drawings_of_made_up_kinds_are_refused_as_promised():
    assert share(total(CARD.rates.kinds.values())) >= 0.95


@pytest.fixture(scope="module")
def other_kinds():
    """Forty new drawings of every kind, the geometric shapes among them."""
    return draw_kinds(40 * len(KINDS), seed=99)


@pytest.mark.parametrize("shape", SHAPES)
def test_geometric_shapes_drawn_anew_are_refused(other_kinds, shape):
    drawn = other_kinds.where(lambda origin: origin[1] == shape)
    assert len(drawn.origins) == 40
    assert is_refused(DETECTOR, drawn.images / 255).double().mean() >= 0.9


def test_made_up_kinds_drawn_anew_are_refused(other_kinds):
    assert is_refused(DETECTOR, other_kinds.images / 255).double().mean() >= 0.9


def test_every_handwriting_of_the_project_is_accepted():
    assert not [entry for entry in read_handwritings() if refuses(entry.drawing)]


@pytest.mark.parametrize("slant", [-0.15, 0.0, 0.1, 0.2, 0.3])
def test_a_plain_stroke_is_accepted_as_a_one(slant):
    stroke = np.stack([np.linspace(0.5 + slant, 0.5 - slant, 20), np.linspace(0.1, 0.9, 20)], axis=1)
    assert not refuses(Drawing((stroke,)))


@pytest.fixture(scope="module")
def data(mnist):
    """Everything that detectors learn from and are asked; skipped where it is not, failed in CI."""
    for path in (
        pen_file(),
        *(unipen_folder() / f"{name}.unipen" for name in ("digits", "letters", "symbols")),
    ):
        if not path.is_file():
            message = (
                f"needs {path.name}: PENDIGITS names pendigits-orig.tra, UNIPEN the folder of the others"
            )
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            detector_data, "VARIANTS", dict.fromkeys(detector_data.VARIANTS, 0)
        )  # what is asked has none
        return load_data(mnist_folder())


def assert_nearly_equal(counts, expected):
    """Machines add in other orders, so that an image at the threshold may fall on either side."""
    assert counts.n == expected.n
    assert abs(counts.refused - expected.refused) <= 1 + counts.n / 5_000


def test_the_committed_detectors_rates_recomputed_equal_its_card(data):
    split = split_for_all(data)
    rates = rates_of(count_refused(DETECTOR, data.asked.where(split.asked.__contains__)))
    for source in LIMITS:
        assert_nearly_equal(getattr(rates, source), getattr(CARD.rates, source))
    for name in ("letters", "symbols", "kinds"):
        recomputed, expected = getattr(rates, name), getattr(CARD.rates, name)
        assert list(recomputed) == list(expected)
        for label, counts in recomputed.items():
            assert_nearly_equal(counts, expected[label])


def test_the_committed_threshold_is_the_one_of_the_validation_data(data):
    validation = data.asked.where(split_for_all(data).validating.__contains__)
    detections = detections_of(DETECTOR.network, validation)
    assert choose_threshold(detections, validation.origins) == pytest.approx(CARD.threshold, abs=1e-4)


@pytest.mark.slow
def test_a_detector_trained_without_a_donor_refuses_the_donors_letters(mnist):
    if not (unipen_folder() / "letters.unipen").is_file():
        pytest.skip("needs letters.unipen: UNIPEN names its folder")
    whole = load_data(mnist_folder())
    split = dict(splits_by_donor(whole))["ced"]
    network = train_detector(whole.shown.where(split.learns))
    validation = whole.asked.where(split.validating.__contains__)
    threshold = choose_threshold(detections_of(network, validation), validation.origins)
    counts = count_refused(
        replace(DETECTOR, network=network, threshold=threshold),
        whole.asked.where(split.asked.__contains__),
    )
    rates = rates_of(counts)
    assert share(total(rates.letters.values())) >= 0.92
    assert share(rates.mnist) <= 0.0075


@EVERY_RUN
def test_the_cards_calibration_covers_every_test_image(run):
    card = load_checkpoint(checkpoint_path(run))[1]
    right = sum(each.n * each.accuracy for each in card.calibration.bins)
    assert sum(each.n for each in card.calibration.bins) == 10_000
    assert right == pytest.approx(card.scores[-1].correct, abs=0.5)
