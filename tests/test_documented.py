"""The documentation is true: every command and snippet in it is tried, in its smallest form."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from absent import required, skip_or_fail
from app_server import PROJECT, Server, free_port, wait_for_page
from command_line import SEVEN
from documented import COMMANDS, LEFT_OUT, MARKDOWN, SNIPPETS
from made import made_timeline
from own_run_files import write_own
from PIL import Image, ImageOps
from unipen_archives import COORDINATES, listing
from unipen_files import PEN_DIGITS

from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.unipen_archive import unipen_folder
from mnist_core.runs.recipes import RUNS

CI = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
SECONDS = 150  # that a command may take, also beside other work
ADDRESS = "http://127.0.0.1:7860"  # of the documentation's app
KINDS = {  # how a command is tried: the first that fits
    "installs": r"pip install ",
    "tests": r"python -m pytest\b",
    "uploads": r"hf ",
    "asks": r"curl ",
    "serves": r".*python (app\.py|examples/|-m webapp\.site .*--serve)",
    "runs": r".*python ",
}
# Those of mnist_core and research are run where less is there: MNIST's first images, and one run to export.
FEWER = [
    ("mnist_core/drawings/mnist.py", ".reshape(shape)", ".reshape(shape)[:200]"),
    (
        "mnist_core/training/run_training.py",
        "DataLoader(images,",
        "DataLoader([images[n] for n in range(200)],",
    ),
    ("mnist_core/detector/examples.py", "LEARNT = 50_000", "LEARNT = 150"),
    ("mnist_core/detector/examples.py", "= 30_000, 0", "= 290, 0"),
    ("mnist_core/detector/examples.py", "= 6_000, 2", "= 290, 2"),
    ("mnist_core/detector/train_detector.py", "epochs=7", "epochs=1"),
    ("mnist_core/commands/export.py", "in RUNS.values()", "in [*RUNS.values()][:1]"),
]
NO_FIGURES = {"python -m mnist_core fetch", "python -m mnist_core results"}  # a folder; what was stale
UNITS = {
    "milliseconds": r"\bms\b|milliseconds",
    "seconds": r"\d s\b|seconds",
    "megabytes": "MB",
    "memory": "MB",
}
ROWS = dict(re.findall(r"^\| `(python \S+)` \| (.+) \|$", MARKDOWN["README.md"], re.MULTILINE))


def kind_of(command: str) -> str | None:
    return next((kind for kind, pattern in KINDS.items() if re.match(pattern, command)), None)


def of_kind(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("command", [each for each in COMMANDS if kind_of(each) == kind])


def shortened(path: Path, most: int, *, by_donor: bool = False, writers: int | None = None) -> str:
    """A UNIPEN file's first so many characters of every label by every writer, or donor of writers."""
    head, *segments = path.read_text(encoding="utf-8").split("\n.SEGMENT ")
    kept, counts, writers_seen = [head], Counter[tuple[str, str]](), dict[str, None]()
    for segment in segments:
        label, writer = segment.split("\n.COMMENT ")[1].split()[:2]
        key = label, writer.split("/")[0] if by_donor else writer
        writers_seen.setdefault(writer)
        counts[key] += 1
        if counts[key] <= most and list(writers_seen).index(writer) < (writers or len(writers_seen)):
            kept.append(segment)
    return "\n.SEGMENT ".join(kept)


@pytest.fixture(scope="session")
def stand_ins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the commands' words in capitals stand for, and with few pen strokes."""
    folder = tmp_path_factory.mktemp("stand_ins")
    pens, unipen = required(PEN_DIGITS), folder / "unipen"
    (folder / "pendigits.tra").write_text(shortened(pens, 1, writers=8))
    (folder / "pens.unipen").write_text(shortened(pens, 2, writers=2))
    unipen.mkdir()
    for name, most in (("digits", 3), ("letters", 1), ("symbols", 1)):
        text = shortened(required(unipen_folder() / f"{name}.unipen"), most, by_donor=True)
        (unipen / f"{name}.unipen").write_text(text)
    (folder / "drawing.json").write_text(json.dumps(SEVEN.to_json()))
    (folder / "pictures" / "7").mkdir(parents=True)
    ink = Image.fromarray((image_of_drawing(SEVEN) * 255).byte().numpy())
    ImageOps.invert(ink).resize((280, 280)).save(folder / "pictures" / "7" / "seven.png")
    write_own(folder / "own-1.safetensors", made_timeline(RUNS["relu-50/published"]))
    archive = {"include/aga/data/one.dat": COORDINATES, "data/1a/aga/me.dat": listing('0 ? "7"')}
    for name, text in archive.items():
        (folder / "archive" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "archive" / name).write_text(text, encoding="latin-1")
    (folder / "site").mkdir()
    return folder


@pytest.fixture
def copy(stand_ins: Path) -> Iterator[Path]:
    """A copy of the project, in which a command may write what it wants."""

    def left_out(folder: str, names: list[str]) -> set[str]:
        hidden = {name for name in names if name[0] == "."}
        return LEFT_OUT | hidden if Path(folder) == PROJECT else set()

    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(PROJECT, folder, ignore=left_out, dirs_exist_ok=True)
        shutil.copytree(stand_ins, folder, dirs_exist_ok=True)
        for name in (".git", "node_modules"):
            (Path(folder) / name).symlink_to(PROJECT / name)
        yield Path(folder)


def start(command: str, folder: Path, **environment: str) -> subprocess.Popen:
    """Begin a command in a folder; what it prints on both streams is kept."""
    words = shlex.split(command)
    while "=" in words[0]:
        environment |= [words.pop(0).split("=", 1)]
    words[0] = {"python": sys.executable, "hf": str(Path(sys.executable).parent / "hf")}.get(
        words[0], words[0]
    )
    if not shutil.which(words[0]):
        skip_or_fail(f"needs {words[0]}, which the documentation uses")
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.Popen(
        words,
        cwd=folder,
        env=inherited | {"GRADIO_ANALYTICS_ENABLED": "False"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(command: str, folder: Path, **environment: str) -> str:
    """What a command prints that ends well and in time."""
    with start(command, folder, **environment) as process:
        try:
            printed, complaints = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # what it has started, too
            where = f"{COMMANDS.get(command)} names {command!r}, which"
            pytest.fail(
                f"{where} takes more than {SECONDS} s: give it a smallest form, in SMALLEST of documented.py"
            )
    assert process.returncode == 0, f"{command}: {complaints[-3000:]}"
    assert "Traceback" not in complaints, f"{command}: {complaints[-3000:]}"
    return printed


def test_every_documented_command_is_tried_by_a_test_of_its_kind() -> None:
    unknown = [f"{name} names {command!r}" for command, name in COMMANDS.items() if not kind_of(command)]
    assert unknown == [], "say in KINDS of test_documented.py how these are tried"
    assert {kind_of(command) for command in COMMANDS} == set(KINDS)


def test_something_stands_for_every_word_in_capitals() -> None:
    left = [
        f"{name} names {command!r}"
        for command, name in COMMANDS.items()
        if kind_of(command) in ("runs", "serves") and re.search(r"(?<!\S)\W?[A-Z]{2,}(?![\w=])", command)
    ]
    assert left == [], "say in STAND_INS of documented.py what stands for the words in capitals"


@pytest.mark.thorough
@of_kind("runs")
def test_a_documented_command_runs_and_prints_figures(
    command: str, copy: Path, stand_ins: Path, mnist: Path
) -> None:
    environment = {"MNIST_DATA": str(mnist)}
    if command.startswith(("python -m mnist_core", "python -m research")):
        for name, text, fewer in FEWER:
            source = (copy / name).read_text(encoding="utf-8")
            assert source.count(text) == 1, (
                f"{name} says {text!r} no more: FEWER of test_documented.py must follow"
            )
            (copy / name).write_text(source.replace(text, fewer), encoding="utf-8")
        environment |= {"PENDIGITS": str(stand_ins / "pendigits.tra"), "UNIPEN": str(stand_ins / "unipen")}
    printed = run(command, copy, **environment)
    assert re.search(r"\d", printed) or command in NO_FIGURES, f"{command} printed no figures: {printed}"
    row = ROWS.get(command.removeprefix("PYTHONPATH=. ").removesuffix(" --quick"))
    if row:
        promised = ["goal", *(UNITS[word] for word in row.split() if word in UNITS)]
        assert [pattern for pattern in promised if not re.search(pattern, printed)] == [], printed


@pytest.mark.thorough
@of_kind("serves")
def test_a_documented_server_shows_a_page(command: str, copy: Path, mnist: Path) -> None:
    port = free_port()
    own = f"{command} {port}" if "--serve" in command else command
    with start(own, copy, MNIST_DATA=str(mnist), GRADIO_SERVER_PORT=str(port)) as process:
        try:
            wait_for_page(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            _, complaints = process.communicate(timeout=20)
    assert "Traceback" not in complaints, complaints


@pytest.mark.thorough
def test_the_documented_calls_are_answered(app: Server) -> None:
    printed = ""
    for command in (command for command in COMMANDS if kind_of(command) == "asks"):
        event = re.search(r'"event_id": *"(\w+)"', printed)
        asked = command.replace(ADDRESS, app.url).replace("EVENT_ID", event[1] if event else "")
        printed = run(asked, PROJECT)
    assert '"prediction": 1' in printed


@of_kind("installs")  # not run: a test installs nothing
def test_a_file_of_packages_that_is_to_be_installed_is_there(command: str) -> None:
    files = re.findall(r"-r (\S+)", command)
    assert files
    assert [name for name in files if not (PROJECT / name).is_file()] == []


@of_kind("tests")
def test_ci_runs_a_documented_command_for_tests(command: str) -> None:
    assert re.search(rf"^(.* && )?{re.escape(command)}$", CI, re.MULTILINE)


@of_kind("uploads")  # not run: the Hub asks for an account
def test_a_command_of_the_hub_has_the_options_that_it_is_given(command: str) -> None:
    words = shlex.split(command)
    place = next(number for number, word in enumerate(words) if "/" in word)  # of the repository's name
    said = run(shlex.join([*words[:place], "--help"]), PROJECT, HF_HUB_OFFLINE="1")
    assert [word for word in words if word[:2] == "--" and word not in said] == []
    folder = words[place + 1]
    assert folder in (".", "--type") or f"python -m webapp.site {folder}" in COMMANDS


@pytest.mark.thorough
@pytest.mark.parametrize("code", SNIPPETS.values(), ids=SNIPPETS)
def test_a_documented_snippet_runs(code: str, copy: Path, app: Server) -> None:
    if any(code == path.read_text(encoding="utf-8") for path in (PROJECT / "examples").iterdir()):
        return  # the example itself is started, as a documented server
    for architecture in re.findall(r'"([\w-]+)\.onnx"', code):
        run(f"python -m mnist_core export {architecture}/robust {architecture}.onnx", copy)
    run(shlex.join(["python", "-c", code.replace(ADDRESS, app.url)]), copy)
