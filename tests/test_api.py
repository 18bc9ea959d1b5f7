"""The API of a running app, over plain HTTP and with Gradio's client, as the README documents it."""

import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from app_server import PROJECT, Server

from mnist_core.drawings.strokes import read_handwritings
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS
from webapp.prediction import predict

HANDWRITINGS = [entry.drawing.to_json() for entry in read_handwritings()]
FIVE = next(entry.drawing.to_json() for entry in read_handwritings() if entry.label == 5)


def call(app: Server, *data: object) -> tuple[str, dict]:
    """What comes of a call over plain HTTP: the event's name and its data."""
    url = f"{app.url}/gradio_api/call/predict"
    request = urllib.request.Request(
        url, json.dumps({"data": data}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as reply:
        event = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{url}/{event}") as reply:
        lines = reply.read().decode().strip().split("\n")  # heartbeats may come before the answer
    name, content = lines[-2:]
    return name.removeprefix("event: "), json.loads(content.removeprefix("data: "))


def test_plain_http_gets_what_python_computes(app: Server) -> None:
    name, (reply,) = call(app, FIVE, "relu-50/published")  # type: ignore[misc]
    assert name == "complete"
    assert reply["prediction"] == 5
    expected = predict(FIVE, "relu-50/published")
    assert reply.keys() == expected.keys()
    assert reply["trained"] == pytest.approx(expected["trained"], abs=1e-6)
    assert reply["untrained"] == pytest.approx(expected["untrained"], abs=1e-6)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([{"strokes": []}, DEFAULT_RUN], "The drawing is empty"),
        ([{"strokes": [[[1.5, 0.5]]]}, DEFAULT_RUN], "x and y must be numbers from 0 to 1"),
        ([FIVE, "relu-26/published"], "Unknown run"),
        ([{"picture": "hello"}, DEFAULT_RUN], "The picture is not written in base64."),
    ],
)
def test_bad_input_gets_a_sentence_and_no_stack_trace(app: Server, data: list, sentence: str) -> None:
    name, reply = call(app, *data)
    assert name == "error"
    assert sentence in reply["error"]
    assert "Traceback" not in str(reply)


def test_head_does_not_take_an_answer_away(app: Server) -> None:
    url = f"{app.url}/gradio_api/call/predict"
    event = httpx.post(url, json={"data": [FIVE, "relu-50/published"]}).json()["event_id"]
    assert httpx.head(f"{url}/{event}").status_code == 405
    assert httpx.get(f"{url}/{event}").text.startswith("event: complete")


def test_gradio_s_client_needs_no_run(app: Server) -> None:
    from gradio_client import Client

    reply = Client(app.url, verbose=False).predict(FIVE, api_name="/predict")
    assert reply["run"] == DEFAULT_RUN
    assert reply["trained"] == pytest.approx(predict(FIVE, DEFAULT_RUN)["trained"], abs=1e-6)


def test_gradio_s_client_gets_the_sentence_of_an_error(app: Server) -> None:
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match="The drawing is empty"):
        Client(app.url, verbose=False).predict({"strokes": []}, DEFAULT_RUN, api_name="/predict")


@pytest.mark.parametrize(
    ("calls", "at_once"),
    [
        pytest.param(10, 1),
        pytest.param(40, 40, marks=pytest.mark.thorough),
        pytest.param(100, 1, marks=pytest.mark.slow),
        pytest.param(200, 200, marks=pytest.mark.slow),
    ],
)
def test_every_call_of_gradio_s_client_is_answered_right(app: Server, calls: int, at_once: int) -> None:
    from gradio_client import Client

    # Five seconds, the default, are short where PyTorch is loaded on a busy machine meanwhile. Each caller
    # has its own client: one that is asked by many threads may close its stream of replies under a new call.
    clients = [Client(app.url, verbose=False, httpx_kwargs={"timeout": 60}) for _ in range(at_once)]
    runs = list(RUNS)
    asked = [(HANDWRITINGS[n % len(HANDWRITINGS)], runs[n % len(runs)]) for n in range(calls)]

    def ask(number: int) -> dict:
        return clients[number % at_once].predict(*asked[number], api_name="/predict")

    with ThreadPoolExecutor(at_once) as pool:
        replies = list(pool.map(ask, range(calls)))
    for (drawing, run), reply in zip(asked, replies, strict=True):
        expected = predict(drawing, run)
        assert (reply["run"], reply["is_digit"]) == (run, expected["is_digit"])
        assert reply["trained"] == pytest.approx(expected["trained"], abs=1e-6)
        assert reply["untrained"] == pytest.approx(expected["untrained"], abs=1e-6)


def test_the_readme_s_request_works_as_it_stands(app: Server) -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    name, (reply,) = call(app, *json.loads(readme.split("-d '")[1].split("'")[0])["data"])  # type: ignore[misc]
    assert (name, reply["prediction"]) == ("complete", 1)
