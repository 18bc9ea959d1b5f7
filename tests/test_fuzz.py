"""Whatever a stranger sends, the app answers with a clear refusal, in bounded time, and goes on as before."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from app_server import OFFLINE, Server, running_app
from hostile import (
    CALL_PATH,
    DRAWINGS,
    JOIN_PATH,
    JSON_REQUESTS,
    MAX_REPLY,
    SECONDS,
    Reply,
    answer_to,
    post,
    raw_requests,
    send,
)
from hypothesis import HealthCheck, Phase, given, seed, settings

from mnist_core.runs.recipes import RUNS
from webapp.prediction import predict

MORE_MEGABYTES = 100  # that the server may hold after all of it: the ten networks, then nothing grows
ABANDONED_MEGABYTES = 80  # that answers which nobody fetches may take: Gradio keeps those of 2,000 sessions
SHORT, LONG, LONGEST = 60, 1_000, 50_000  # of either kind
SEED = int(os.environ.get("FUZZ_SEED") or secrets.randbelow(2**32))  # of the longest form's requests
EVERY = 20  # hostile requests, and one well-formed drawing
THOROUGH, SLOW = pytest.mark.thorough, pytest.mark.slow
HOW_MANY = pytest.mark.parametrize(
    "requests", [SHORT, pytest.param(LONG, marks=THOROUGH), pytest.param(LONGEST, marks=SLOW)]
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "log"


@pytest.fixture(scope="module")
def app(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app without MNIST, all of its networks in use; what it printed holds no error in the end."""
    with running_app(log=log, MNIST_DATA=str(tmp_path_factory.mktemp("empty")), **OFFLINE) as app:
        for run in RUNS:
            ask(app, run, DRAWINGS[0])
        yield app
        assert app.process.poll() is None
    assert "Traceback" not in log.read_text(), f"in the longest form, FUZZ_SEED={SEED} repeats the requests"


ROUTES = """
import gradio
def paths(routes):
    for route in routes:  # FastAPI keeps an included router as it is
        yield from [route.path] if hasattr(route, "path") else paths(route.original_router.routes)
with gradio.Blocks(analytics_enabled=False) as page:
    gradio.Textbox()
print(*paths(gradio.routes.App.create_app(page).routes))
"""
OURS = ["/", "/healthz", "/page/{path}", "/page/main.js", CALL_PATH, JOIN_PATH, f"{CALL_PATH}/{{event}}"]


@pytest.fixture(scope="module")
def routes() -> list[str]:
    """Every route of Gradio's, and ours."""
    said = subprocess.run([sys.executable, "-c", ROUTES], capture_output=True, text=True, check=True)
    gradio = said.stdout.split()
    assert len(gradio) > 40
    return sorted({*OURS, *gradio, *(f"/gradio_api{path}" for path in gradio)})


def ask(app: Server, run: str, drawing: dict) -> dict:
    """The app's answer to a drawing."""
    posted = post(app, CALL_PATH, json.dumps({"data": [drawing, run]}).encode())
    assert posted.status == 200
    reply = answer_to(app, posted)
    assert b"event: complete" in reply.body
    return json.loads(reply.body.split(b"data: ")[1].split(b"\n")[0])[0]


def check(reply: Reply, seconds: float) -> None:
    """What holds of every reply, to whatever was sent."""
    assert reply.status < 500, reply
    assert b"Traceback" not in reply.content
    assert b"<script>alert(1)" not in reply.body
    assert b"site-packages" not in reply.content
    assert len(reply.content) < MAX_REPLY
    assert seconds < SECONDS


class Attack:
    """A function for hypothesis that sends a request, checks the reply, and has drawings answered between."""

    def __init__(self, app: Server, kind: str) -> None:
        self.app, self.kind, self.numbers = app, kind, count()
        self.statuses: dict[int, int] = {}
        self.slowest = 0.0
        self.memory = app.resident_megabytes()
        self.expected = {
            (run, number): predict(DRAWINGS[number], run)
            for run, number in zip(RUNS, range(len(DRAWINGS)), strict=False)
        }

    def __call__(self, reply: Reply, started: float) -> None:
        seconds = time.perf_counter() - started
        self.slowest = max(self.slowest, seconds)
        self.statuses[reply.status] = self.statuses.get(reply.status, 0) + 1
        check(reply, seconds)
        if (number := next(self.numbers)) % EVERY == 0:
            run, drawing = list(self.expected)[number // EVERY % len(self.expected)]
            answer = ask(self.app, run, DRAWINGS[drawing])
            for key in ("trained", "untrained"):
                assert answer[key] == pytest.approx(self.expected[run, drawing][key], abs=1e-5)

    def report(self) -> None:
        """Print the figures, and check that little memory stays taken."""
        grown = self.app.resident_megabytes() - self.memory
        statuses = ", ".join(f"{status}: {n:,}" for status, n in sorted(self.statuses.items()))
        print(
            f"\n{self.kind}: {sum(self.statuses.values()):,} requests ({statuses}), "
            f"slowest {self.slowest:.2f} s, {grown:+.0f} MB"
        )
        assert grown < MORE_MEGABYTES


def attacks(requests: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Have hypothesis call a test with so many requests: the same ones, or in the longest form new ones.

    Where the longest form fails, it shows its seed; the environment variable FUZZ_SEED repeats it.
    """
    phases = (Phase.generate, Phase.shrink)
    chosen = settings(max_examples=requests, phases=phases, suppress_health_check=list(HealthCheck))
    if requests < LONGEST:
        return chosen
    print(f"\nFUZZ_SEED={SEED} repeats these requests")
    return lambda test: seed(SEED)(settings(chosen, derandomize=False)(test))


@HOW_MANY
def test_hostile_json_is_refused_and_drawings_are_answered_right(app: Server, requests: int) -> None:
    attack = Attack(app, "JSON")

    @attacks(requests)
    @given(JSON_REQUESTS)
    def attempt(request: tuple[str, bytes]) -> None:
        started = time.perf_counter()
        reply = post(app, *request)
        attack(reply, started)
        if reply.status == 200 and request[0] == CALL_PATH:
            attack(answer_to(app, reply), started)

    attempt()
    attack.report()


@HOW_MANY
def test_raw_bytes_are_refused_and_drawings_are_answered_right(
    app: Server, routes: list[str], requests: int
) -> None:
    attack = Attack(app, "raw")

    @attacks(requests)
    @given(raw_requests(routes))
    def attempt(request: bytes) -> None:
        started = time.perf_counter()
        attack(send(app, request, half_close=True), started)

    attempt()
    attack.report()


@pytest.mark.parametrize("calls", [pytest.param(1_000, marks=THOROUGH), pytest.param(10_000, marks=SLOW)])
def test_calls_that_nobody_fetches_leave_little_behind(app: Server, calls: int) -> None:
    before = app.resident_megabytes()
    for number in range(calls):
        session = f"session {number % 3_000}"
        body = {"data": [DRAWINGS[0], "relu-50/robust"], "fn_index": 0, "session_hash": session}
        assert post(app, JOIN_PATH, json.dumps(body).encode()).status == 200
        if number % 1_000 == 999:  # a full queue would refuse
            ask(app, "relu-50/robust", DRAWINGS[0])  # answered after all before it
    assert app.resident_megabytes() - before < ABANDONED_MEGABYTES
