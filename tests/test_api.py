"""The API of a running app, over plain HTTP and with Gradio's client, as the README documents it."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from app_server import OFFLINE, PROJECT, Server, running_app

from mnist_core.drawing import read_handwritings
from mnist_core.recipes import DEFAULT_RUN
from webapp import handlers

FIVE = next(entry.drawing.to_json() for entry in read_handwritings() if entry.label == 5)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app without MNIST."""
    with running_app(MNIST_DATA=str(tmp_path_factory.mktemp("empty")), **OFFLINE) as app:
        yield app


def post(app: Server, *data: object) -> dict:
    request = urllib.request.Request(
        f"{app.url}/gradio_api/run/predict",
        json.dumps({"data": data}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)["data"][0]


def test_plain_http_gets_what_python_computes(app: Server) -> None:
    reply, expected = post(app, FIVE, "relu-50/published"), handlers.predict(FIVE, "relu-50/published")
    assert reply["prediction"] == 5
    assert reply["trained"] == pytest.approx(expected["trained"], abs=1e-6)
    assert reply["untrained"] == pytest.approx(expected["untrained"], abs=1e-6)


def test_gradio_s_client_gets_what_python_computes(app: Server) -> None:
    from gradio_client import Client

    reply = Client(app.url, verbose=False).predict(FIVE, DEFAULT_RUN, api_name="/predict")
    assert reply["trained"] == pytest.approx(handlers.predict(FIVE)["trained"], abs=1e-6)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([{"strokes": []}, DEFAULT_RUN], "The drawing is empty"),
        ([{"strokes": [[[1.5, 0.5]]]}, DEFAULT_RUN], "x and y must be numbers from 0 to 1"),
        ([{"strokes": [[[float("nan"), 0.5]]]}, DEFAULT_RUN], "The body is no JSON"),
        ([FIVE, DEFAULT_RUN, 1], "Unknown call"),
        ([FIVE, "relu-26/published"], "Unknown run"),
        ([{"picture": "hello"}, DEFAULT_RUN], "no"),
    ],
)
def test_bad_input_gets_a_sentence_and_no_stack_trace(app: Server, data: list, sentence: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        post(app, *data)
    text = refusal.value.read().decode()
    assert refusal.value.code == 400
    assert sentence in text
    assert "Traceback" not in text


def test_the_readme_s_request_works_as_it_stands(app: Server) -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    body = json.loads(readme.split("-d '")[1].split("'")[0])
    assert post(app, *body["data"])["prediction"] == 1
