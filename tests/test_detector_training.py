"""What the detector learns from, whom it leaves out, and how its threshold and its rates come about."""

from collections import Counter

import pytest
import torch
from made import made_images
from torch import nn

from mnist_core.detector import examples
from mnist_core.detector.examples import (
    CLASSES,
    LETTERS,
    LIKE_A_DIGIT,
    SYMBOLS,
    Data,
    Examples,
    donor_of,
    draw_examples,
    draw_kinds,
    load_characters,
    load_data,
    split_for_all,
    splits_by_donor,
)
from mnist_core.detector.made_up_drawings import KINDS
from mnist_core.detector.network import Detector, NotADigit, detect
from mnist_core.detector.train_detector import (
    ALLOWED,
    choose_threshold,
    count_not_a_digit,
    detections_of,
    rates_of,
    total,
    train_detector,
)
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import Character, read_handwritings
from mnist_core.errors import DataError

DRAWINGS = [entry.drawing for entry in read_handwritings()]


def characters(labels, writers):
    return [
        Character(DRAWINGS[number % len(DRAWINGS)], label, name)
        for number, (label, name) in enumerate(zip(labels, writers, strict=True))
    ]


def test_nothing_is_both_drawn_like_a_digit_and_learned_as_not_a_digit():
    like_digits = "".join(LIKE_A_DIGIT.values())
    assert not set(like_digits) & {*LETTERS, *SYMBOLS}
    assert len(set(like_digits)) == len(like_digits)


def test_every_letter_is_either_learned_or_has_a_reason_why_not():
    like_digits = "".join(LIKE_A_DIGIT.values())
    assert len(LETTERS) + sum(letter.isalpha() for letter in like_digits) == 52


def test_the_ten_digits_are_the_first_classes_and_no_class_is_there_twice():
    assert CLASSES[:10] == list("0123456789")
    assert len(set(CLASSES)) == len(CLASSES) == 10 + len(LETTERS) + len(SYMBOLS) + len(KINDS)


def test_what_is_drawn_like_a_digit_is_left_out(tmp_path, monkeypatch):
    lines = [
        f'.SEGMENT CHARACTER 0 ? "{label}"\n.COMMENT {label} aga/one 0\n.PEN_DOWN\n1 2\n3 4\n.PEN_UP'
        for label in "AOBxl"
    ]
    (tmp_path / "letters.unipen").write_text("\n".join(lines))
    monkeypatch.setenv("UNIPEN", str(tmp_path))
    assert [(entry.label, donor_of(entry.writer)) for entry in load_characters("letters")] == [
        ("A", "aga"),
        ("x", "aga"),
    ]


def test_missing_characters_are_an_error_that_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("UNIPEN", str(tmp_path))
    with pytest.raises(DataError) as caught:
        load_characters("symbols")
    assert str(caught.value).startswith(f"No characters at {tmp_path / 'symbols.unipen'}; ")
    assert str(caught.value).endswith("or set UNIPEN to their folder.")


def test_drawings_come_as_they_are_and_then_in_variants():
    drawn = draw_examples("letters", characters("Ax", ["aga/1", "apa/2"]), variants=3)
    assert drawn.origins == [("letters", "aga/1"), ("letters", "apa/2")] * 4
    assert [CLASSES[label] for label in drawn.labels] == ["A", "x"] * 4
    as_they_are = torch.stack([image_of_drawing(drawing) for drawing in DRAWINGS[:2]])
    assert torch.equal(drawn.images[:2], (as_they_are * 255).round().to(torch.uint8))
    assert len({image.numpy().tobytes() for image in drawn.images[::2]}) == 4


def test_examples_are_chosen_by_their_origins():
    drawn = draw_examples("letters", characters("AxR", ["aga/1", "apa/2", "aga/1"]))
    chosen = drawn.where(lambda origin: origin == ("letters", "aga/1"))
    assert torch.equal(chosen.images, drawn.images[[0, 2]])
    assert ([CLASSES[label] for label in chosen.labels], len(chosen.origins)) == (["A", "R"], 2)


@pytest.fixture(scope="module")
def data():
    """Drawings of five donors with twelve writers each, and of thirty pens; a few of everything."""
    writers = [
        f"{donor}/{number:02}" for donor in ("aga", "apa", "apb", "app", "ced") for number in range(12)
    ]
    pens = [str(number) for number in range(1, 31)]
    drawn = [
        draw_examples("pens", characters("7" * 30, pens)),
        draw_examples("unipen", characters("3" * 60, writers)),
        draw_examples("letters", characters("A" * 60, writers)),
        draw_examples("symbols", characters("&" * 60, writers)),
        draw_kinds(2 * len(KINDS), seed=0),
    ]
    made = made_images(3)
    mnist = [
        Examples(made.images, made.labels, [("mnist", name)] * 3) for name in ("learnt", "validating", "test")
    ]
    own = draw_examples("handwritings", characters("12", ["a", "b"]))
    return Data(sum(drawn[1:], drawn[0]) + mnist[0], sum(drawn[1:], drawn[0]) + mnist[1] + mnist[2] + own)


def test_every_donor_writer_and_kind_is_left_out_once(data):
    left_out = Counter(origin for _, split in splits_by_donor(data) for origin in split.left_out)
    people_and_kinds = {origin for origin in data.shown.origins if origin[0] != "mnist"}
    assert left_out == dict.fromkeys(people_and_kinds, 1)


def test_a_detector_learns_from_nobody_who_tests_or_validates_it(data):
    for donor, split in splits_by_donor(data):
        learned = set(data.shown.where(split.learns).origins)
        assert not learned & (split.asked | split.validating)
        assert not split.asked & split.validating
        assert donor not in {donor_of(name) for source, name in learned if source in ("unipen", "letters")}


def test_of_every_source_of_digits_some_validate_and_most_are_learned_from(data):
    for split in [split_for_all(data), *(split for _, split in splits_by_donor(data))]:
        for source in ("pens", "unipen"):
            writers = {origin for origin in data.asked.origins if origin[0] == source}
            validating = writers & split.validating
            assert 0 < len(validating) <= len(writers) / 5
            assert len([origin for origin in writers if split.learns(origin)]) >= len(writers) * 0.6
        assert ("mnist", "validating") in split.validating
        assert ("mnist", "test") in split.asked


def test_the_committed_detector_learns_from_all_letters_symbols_and_kinds(data):
    split = split_for_all(data)
    origins = [origin for origin in data.shown.origins if origin[0] in ("letters", "symbols", "kinds")]
    assert all(map(split.learns, origins))


class Brightness(nn.Module):
    """Says that brighter images are more probably digits."""

    def forward(self, images):
        logits = torch.zeros(len(images), len(CLASSES))
        logits[:, 0] = images.flatten(1).mean(1) * 10
        return logits


def flat(source, levels, label="0"):
    """Images of one brightness each."""
    images = torch.tensor(levels, dtype=torch.uint8)[:, None, None].expand(-1, 28, 28)
    return Examples(
        images, torch.full((len(levels),), CLASSES.index(label)), [(source, "writer")] * len(levels)
    )


def test_the_threshold_refuses_no_more_than_allowed_of_any_source():
    generator = torch.Generator().manual_seed(0)
    sources = {
        source: torch.randint(low, 256, (20_000,), generator=generator).tolist()
        for source, low in (("mnist", 0), ("pens", 3), ("unipen", 10))
    }
    examples = [flat(source, levels) for source, levels in sources.items()]
    validation = sum(examples[1:], examples[0])
    threshold = choose_threshold(detections_of(Brightness(), validation), validation.origins)
    shares = {
        source: (detections_of(Brightness(), flat(source, levels)) < threshold).double().mean().item()
        for source, levels in sources.items()
    }
    assert all(shares[source] <= ALLOWED[source] for source in ALLOWED)
    assert shares["mnist"] > ALLOWED["mnist"] / 2  # the darkest of its levels


def test_refusals_are_counted_by_source_and_label():
    threshold = detect(Brightness(), torch.full((1, 28, 28), 0.5)).item()
    asked = (
        flat("mnist", [0, 255, 255], "3") + flat("letters", [0, 0, 255], "A") + flat("kinds", [0], "heart")
    )
    counts = count_not_a_digit(Detector(Brightness(), threshold), asked)
    rates = rates_of(counts + counts)
    assert rates.mnist == NotADigit(6, 2)
    assert (rates.letters["A"], rates.letters["x"]) == (NotADigit(6, 4), NotADigit(0, 0))
    assert rates.kinds["heart"] == NotADigit(2, 2)
    assert total(rates.letters.values()) == NotADigit(6, 4)


def test_a_detector_learns_what_is_a_digit():
    bright, dark = [200] * 300, [0] * 300
    trained = train_detector(flat("mnist", bright) + flat("kinds", dark, "heart"))
    assert detect(trained, flat("", bright).images / 255).min() > 0.5
    assert detect(trained, flat("", dark).images / 255).max() < 0.5


def test_equal_examples_train_equal_detectors(data, monkeypatch):
    monkeypatch.setattr("mnist_core.detector.train_detector.COPIES", 1)
    first, second = (train_detector(data.shown) for _ in range(2))
    images = data.asked.images / 255
    assert torch.equal(detect(first, images), detect(second, images))


def test_data_has_every_source_with_its_writers(mnist, tmp_path, monkeypatch):
    pens = [entry for entry in read_handwritings() if entry.label < 2]
    monkeypatch.setattr(examples, "load_pen_drawings", lambda path: pens)
    monkeypatch.setattr(
        examples, "load_characters", lambda name: characters("Ax" if name == "letters" else "12", "ab")
    )
    monkeypatch.setattr(examples, "SHOWN", len(KINDS))
    monkeypatch.setattr(examples, "ASKED", len(KINDS))
    data = load_data(mnist)
    shown, asked = (Counter(source for source, _ in each.origins) for each in (data.shown, data.asked))
    people = {source: 1 + variants for source, variants in examples.VARIANTS.items()}
    assert shown == {
        **{"mnist": 50_000, "pens": len(pens) * people["pens"], "kinds": len(KINDS)},
        **{source: 2 * people[source] for source in ("unipen", "letters", "symbols")},
    }
    assert asked == {
        **{"mnist": 20_000, "pens": len(pens), "kinds": len(KINDS), "handwritings": len(DRAWINGS)},
        **dict.fromkeys(("unipen", "letters", "symbols"), 2),
    }


def test_missing_mnist_is_an_error_before_any_strokes_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(examples, "load_pen_drawings", lambda path: pytest.fail("the work began"))
    with pytest.raises(DataError, match="No MNIST file train-images"):
        load_data(tmp_path)


def test_pens_of_writers_that_are_no_numbers_validate_too():
    images = made_images(6)
    pens = Examples(
        images.images, images.labels, [("pens", name) for name in ("me", "a", "b", "1", "c", "d")]
    )
    assert split_for_all(Data(pens, pens)).validating == {
        ("pens", "1"),
        ("pens", "me"),
        ("mnist", "validating"),
    }
