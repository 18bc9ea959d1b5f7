"""The value of `webapp.Sketchpad`, and that importing `webapp` alone does not load Gradio."""

import subprocess
import sys

import gradio as gr
import pytest
from app_server import PROJECT

from mnist_core.drawings.strokes import parse_drawing, read_handwritings
from mnist_core.errors import DrawingError
from webapp import Sketchpad
from webapp.files import PAGE

SEVEN = next(entry.drawing.to_json() for entry in read_handwritings() if entry.label == 7)
EMPTY: dict = {"strokes": []}
LOADED = """
import sys, webapp.files
print("gradio" in sys.modules)
webapp.Sketchpad
print("gradio" in sys.modules)
"""


def test_a_drawing_passes_unchanged_in_both_directions() -> None:
    pad = Sketchpad()
    assert pad.preprocess(SEVEN) == SEVEN
    assert pad.postprocess(SEVEN) == SEVEN


@pytest.mark.parametrize("nothing", [None, EMPTY])
def test_an_empty_pad_is_a_drawing_without_strokes(nothing: object) -> None:
    pad = Sketchpad(nothing)
    assert pad.value == pad.preprocess(nothing) == pad.postprocess(nothing) == EMPTY


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({"strokes": [[[1.5, 0.5]]]}, "x and y must be numbers from 0 to 1"),
        ({"strokes": [[[0.5, 0.5]]] * 201}, "A drawing has at most 200 strokes; given were 201."),
        ("drawing", "A drawing has the form"),
        ([[0.5, 0.5]], "A drawing has the form"),
    ],
)
def test_what_a_visitor_sends_wrong_is_a_sentence(payload: object, sentence: str) -> None:
    with pytest.raises(gr.Error) as refusal:
        Sketchpad().preprocess(payload)
    assert sentence in refusal.value.message


def test_what_an_app_s_author_returns_wrong_is_an_error() -> None:
    with pytest.raises(DrawingError, match="A drawing has the form"):
        Sketchpad().postprocess([[0.5, 0.5]])


def test_the_pad_is_the_page_s_own_module() -> None:
    pad = (PAGE / "pad.js").read_text(encoding="utf-8")
    assert "import " not in pad.split("*/")[-1]
    assert pad.replace("\nexport ", "\n") in Sketchpad().js_on_load


def test_clients_are_told_the_form_and_an_example_of_it() -> None:
    pad = Sketchpad()
    assert pad.api_info()["required"] == ["strokes"]
    for example in (pad.example_payload(), pad.example_value()):
        assert not parse_drawing(example).is_empty


def test_the_package_loads_gradio_only_for_its_pad() -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert said.stdout == "False\nTrue\n"
