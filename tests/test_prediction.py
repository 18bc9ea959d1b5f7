"""What the API answers with, compared with the engine."""

import base64
import io
import logging
from pathlib import Path
from typing import Any

import pytest
import torch
from committed import load_timeline
from PIL import Image

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.detector.made_up_drawings import draw_made_up
from mnist_core.detector.network import detect, load_detector
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.errors import DrawingError, PictureError, UnknownNameError
from mnist_core.runs.recipes import RUNS
from webapp import prediction
from webapp.prediction import MAX_PICTURE_BYTES, predict

HANDWRITINGS = read_handwritings()
FIVE = next(entry.drawing for entry in HANDWRITINGS if entry.label == 5)


def encoded(picture: Image.Image, form: str = "PNG") -> dict[str, str]:
    content = io.BytesIO()
    picture.save(content, form)
    return {"picture": base64.b64encode(content.getvalue()).decode()}


@pytest.mark.parametrize("run_id", RUNS)
def test_both_answers_are_those_of_the_committed_networks(run_id: str) -> None:
    for entry in HANDWRITINGS[::9]:
        answer = predict(entry.drawing.to_json(), run_id)
        rows = load_timeline(run_id).logits(image_of_drawing(entry.drawing)[None]).softmax(-1)[:, 0]
        assert answer["run"] == run_id
        assert answer["untrained"] == pytest.approx(rows[0].tolist(), abs=1e-6)
        assert answer["trained"] == pytest.approx(rows[-1].tolist(), abs=1e-6)
        assert answer["prediction"] == rows[-1].argmax()


@pytest.mark.parametrize("run_id", ["relu-96-256/robust", "relu-50/shuffled-labels"])
def test_what_is_less_probably_a_digit_than_the_threshold_is_not_a_digit(run_id: str) -> None:
    detector = load_detector()
    drawings = [
        *(entry.drawing for entry in HANDWRITINGS[::9]),
        *(each for _, each in draw_made_up(20, seed=3)),
    ]
    probable = detect(detector.network, torch.stack([image_of_drawing(drawing) for drawing in drawings]))
    told = [predict(drawing.to_json(), run_id)["is_digit"] for drawing in drawings]
    assert told == (probable >= detector.threshold).tolist()
    assert len(set(told)) == 2


def test_a_picture_is_read_too() -> None:
    ink = image_of_drawing(FIVE).repeat_interleave(10, 0).repeat_interleave(10, 1)
    picture = Image.fromarray((255 - ink * 255).to(torch.uint8).numpy())
    assert predict(encoded(picture), "relu-96-256/robust")["prediction"] == 5


@pytest.mark.parametrize(
    ("drawing", "sentence"),
    [
        ({"strokes": []}, "The drawing is empty"),
        ({"strokes": [[[1.5, 0.5]]]}, "x and y must be numbers from 0 to 1"),
        ({"strokes": [[[float("nan"), 0.5]]]}, "x and y must be numbers from 0 to 1"),
        (None, "A drawing has the form"),
        ([1], "A drawing has the form"),
    ],
)
def test_what_is_no_drawing_is_a_sentence(drawing: object, sentence: str) -> None:
    with pytest.raises(DrawingError, match=sentence):
        predict(drawing, "relu-50/robust")


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        ("aGVsbG8=", "no"),
        (5, "A picture is a PNG or JPEG file of at most 1,000,000 bytes"),
        ("A" * (MAX_PICTURE_BYTES * 2), "A picture is a PNG or JPEG file of at most 1,000,000 bytes"),
        (encoded(Image.new("1", (4_500, 4_500)))["picture"], "pixels"),
    ],
)
def test_what_is_no_picture_is_a_sentence(picture: object, sentence: str) -> None:
    with pytest.raises(PictureError, match=sentence):
        predict({"picture": picture}, "relu-50/robust")


@pytest.mark.parametrize(
    ("picture", "wrong"),
    [
        ("hello", "Its 5 characters are no groups of four"),
        ("aGVsbG8", "Its 7 characters are no groups of four"),
        ("aGVsbG8==", "Its 9 characters are no groups of four"),
        ("aG=sbG8=", "Its 8 characters are no groups of four"),
        ("====", "Its 4 characters are no groups of four"),
        ("data:image/png,aGVsbG8=", "Character 5 is ':'"),
        ("data:image/png;base64,aGVs,bG8=", "Character 27 is ','"),
        ("data:image/png;base64,aGVsbG8", "Its 7 characters are no groups of four"),
        ("aGVs\vbG8=", r"Character 5 is '\x0b'"),
        ("aGVs\n.G8=", "Character 6 is '.'"),
        ("aGVsb-8==", "Its 12 characters are no groups of four"),
        ("aGVsbGä=", "Character 7 is 'ä'"),
    ],
)
def test_what_is_wrong_with_base64_is_said(picture: str, wrong: str) -> None:
    with pytest.raises(PictureError) as refusal:
        predict({"picture": picture}, "relu-50/robust")
    assert str(refusal.value).startswith(f"The picture is not written in base64. {wrong}")


def wrapped(text: str, end: str, width: int = 76) -> str:
    return end.join(text[place : place + width] for place in range(0, len(text), width)) + end


@pytest.mark.parametrize(
    "written",
    [
        lambda text: f"data:image/png;base64,{text}",
        lambda text: f" DATA:image/PNG;charset=utf-8;BASE64,{wrapped(text, chr(10))}",
        lambda text: f"data:;base64,{text}",
        lambda text: wrapped(text, "\n"),
        lambda text: wrapped(text, "\r\n", 64),
        lambda text: f"\t{text} \n",
        lambda text: text.translate(str.maketrans("+/", "-_")),
        lambda text: text.translate(str.maketrans("+/", "-_")).rstrip("="),
        lambda text: wrapped(text.translate(str.maketrans("+/", "-_")), "\n"),
    ],
    ids=range(9),
)
@pytest.mark.parametrize("more", [0, 1, 2])
def test_base64_may_be_a_data_url_wrapped_or_made_for_urls(written: Any, more: int) -> None:
    ink = image_of_drawing(FIVE).repeat_interleave(10, 0).repeat_interleave(10, 1)
    picture = Image.fromarray((255 - ink * 255).to(torch.uint8).numpy())
    content = base64.b64decode(encoded(picture)["picture"]) + b"\xfb\xff" + bytes(more)  # with + and /
    text = base64.b64encode(content + b"\xfb\xff\xfe").decode()
    assert {"+", "/"} <= set(text)
    plain, other = (predict({"picture": each}, "relu-50/robust") for each in (text, written(text)))
    assert plain == other


def test_a_picture_may_have_just_as_many_bytes_as_the_sentence_says() -> None:
    whole = base64.b64decode(encoded(Image.new("L", (9, 9)))["picture"]).ljust(MAX_PICTURE_BYTES, b"\0")
    for content, sentence in (
        (whole, "The picture shows no ink"),  # decoded
        (whole + b"\0", "at most 1,000,000 bytes, written in base64. It was given as 1,000,001 bytes."),
        (whole * 2, "at most 1,000,000 bytes, written in base64. It was given as 2,666,668 characters."),
    ):
        with pytest.raises(PictureError) as refusal:
            predict({"picture": base64.b64encode(content).decode()}, "relu-50/robust")
        assert sentence in str(refusal.value)


def test_an_unknown_run_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match="Unknown run 'relu-26'; choose one of: relu-25-25/published"):
        predict(FIVE.to_json(), "relu-26")


def test_a_checkpoint_that_is_lost_is_a_clear_error_without_its_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    monkeypatch.setattr(prediction, "checkpoint_path", lambda run: checkpoint_path(run, tmp_path))
    prediction._load.cache_clear()
    with pytest.raises(UnknownNameError) as refusal:
        predict(FIVE.to_json(), "relu-50/robust")
    assert str(refusal.value) == "relu-50/robust cannot be asked at the moment; choose another."
    assert f"relu-50/robust cannot be asked: No checkpoint at {tmp_path}" in caplog.text
