"""The detector refuses and accepts what the project promises; its published figures are recomputed."""

from dataclasses import replace

import numpy as np
import pytest
from absent import required

from mnist_core.detector import examples
from mnist_core.detector.examples import (
    Examples,
    draw_examples,
    draw_kinds,
    load_data,
    split_for_all,
    splits_by_donor,
)
from mnist_core.detector.made_up_drawings import KINDS
from mnist_core.detector.network import is_not_a_digit, load_detector, load_detector_card
from mnist_core.detector.train_detector import (
    choose_threshold,
    count_not_a_digit,
    detections_of,
    rates_of,
    total,
    train_detector,
)
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Drawing, read_handwritings
from mnist_core.drawings.unipen_archive import unipen_folder
from mnist_core.training.augmentation import pen_file

DETECTOR = load_detector()
CARD = load_detector_card()


def refuses(drawing):
    return is_not_a_digit(DETECTOR, image_of_drawing(drawing)[None]).item()


def share(count):
    return count.refused / count.n


LIMITS = {"mnist": 0.006, "pens": 0.01, "unipen": 0.012, "handwritings": 0.0}  # of digits, refused


def test_as_few_digits_are_refused_as_promised():
    for name, rates in {"all known": CARD.rates, "left out": CARD.left_out}.items():
        for source, limit in LIMITS.items():
            assert share(getattr(rates, source)) <= limit, f"{source}, {name}"


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


def test_made_up_kinds_drawn_anew_are_refused_each_geometric_shape_too(other_kinds):
    for shape in ("house", "triangle", "square", "diamond", "plus", "check"):
        drawn = other_kinds.where(lambda origin, shape=shape: origin[1] == shape)
        assert len(drawn.origins) == 40
        assert is_not_a_digit(DETECTOR, drawn.images / 255).double().mean() >= 0.9, shape
    assert is_not_a_digit(DETECTOR, other_kinds.images / 255).double().mean() >= 0.9


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
        required(path)
    drawn: dict[tuple[str, int], Examples] = {}

    def draw_once(source, characters, variants=0):
        key = source, len(characters)
        return drawn.get(key) or drawn.setdefault(key, draw_examples(source, characters, variants))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examples, "draw_examples", draw_once)
        patch.setattr(examples, "VARIANTS", dict.fromkeys(examples.VARIANTS, 0))  # what is asked has none
        patch.setattr(examples, "SHOWN", len(KINDS))  # nothing here learns
        return load_data(mnist_folder())


def assert_nearly_equal(counts, expected):
    """Machines add in other orders, so that an image at the threshold may fall on either side."""
    assert counts.n == expected.n
    assert abs(counts.refused - expected.refused) <= 1 + counts.n / 5_000


@pytest.mark.thorough
def test_the_committed_detectors_rates_recomputed_equal_its_card(data):
    split = split_for_all(data)
    rates = rates_of(count_not_a_digit(DETECTOR, data.asked.where(split.asked.__contains__)))
    for source in LIMITS:
        assert_nearly_equal(getattr(rates, source), getattr(CARD.rates, source))
    for name in ("letters", "symbols", "kinds"):
        recomputed, expected = getattr(rates, name), getattr(CARD.rates, name)
        assert list(recomputed) == list(expected)
        for label, counts in recomputed.items():
            assert_nearly_equal(counts, expected[label])


@pytest.mark.thorough
def test_the_committed_threshold_is_the_one_of_the_validation_data(data):
    validation = data.asked.where(split_for_all(data).validating.__contains__)
    detections = detections_of(DETECTOR.network, validation)
    assert choose_threshold(detections, validation.origins) == pytest.approx(CARD.threshold, abs=1e-4)


@pytest.mark.slow
def test_a_detector_trained_without_a_donor_refuses_the_donors_letters(mnist):
    required(unipen_folder() / "letters.unipen")
    whole = load_data(mnist_folder())
    split = dict(splits_by_donor(whole))["ced"]
    network = train_detector(whole.shown.where(split.learns))
    validation = whole.asked.where(split.validating.__contains__)
    threshold = choose_threshold(detections_of(network, validation), validation.origins)
    counts = count_not_a_digit(
        replace(DETECTOR, network=network, threshold=threshold),
        whole.asked.where(split.asked.__contains__),
    )
    rates = rates_of(counts)
    assert share(total(rates.letters.values())) >= 0.92
    assert share(rates.mnist) <= 0.0075
