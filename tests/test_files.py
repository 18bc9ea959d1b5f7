"""What the page may ask for, and what its list of runs says."""

import base64
import hashlib
import json
import logging
import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.drawings.archives import ARCHIVES, is_complete
from mnist_core.errors import CheckpointError
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS
from webapp.files import PAGE, find_contents, find_metadata, media_type, name_code_folder, write_index

SMALL = RUNS["relu-25-25/published"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one intact checkpoint."""
    path = checkpoint_path(SMALL, tmp_path)
    path.parent.mkdir()
    shutil.copy(checkpoint_path(SMALL), path)
    return tmp_path


def runs_of(contents: dict) -> dict:
    """The list of runs, as the page reads it."""
    return json.loads(contents["runs.json"])


def test_every_file_of_the_page_every_checkpoint_and_all_of_mnist_is_there() -> None:
    contents = find_contents(DEFAULT_RUN)
    page = {path.relative_to(PAGE).as_posix() for path in PAGE.rglob("*") if path.is_file()}
    code = {name for name in page if name.endswith((".js", ".css", ".wasm", ".c"))}
    moved = {f"{name_code_folder()}/{name}" for name in code}
    weights = {f"checkpoints/{run}.safetensors" for run in [*RUNS, "detector"]}
    data = {"runs.json", "lessons.json", "handwritings.json", *(f"mnist/{name}" for name in ARCHIVES)}
    assert set(contents) == page - code | moved | weights | data
    assert "index.html" in page


def test_the_code_s_folder_is_named_after_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(PAGE, tmp_path / "page")
    before = name_code_folder()
    monkeypatch.setattr("webapp.files.PAGE", tmp_path / "page")
    (tmp_path / "page" / "lessons" / "training.json").write_text("{}")  # no code
    assert name_code_folder() == before
    with (tmp_path / "page" / "views" / "rest.js").open("a") as module:
        module.write("\n")
    assert name_code_folder() != before
    assert re.fullmatch(r"code-[0-9a-f]{12}", before)
    assert f'src="{name_code_folder()}/main.js"' in write_index(DEFAULT_RUN).decode()


def test_the_page_s_policy_allows_its_own_first_script_and_style() -> None:
    index = (PAGE / "index.html").read_text(encoding="utf-8")
    for tag in ("script", "style"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", index, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert re.search(rf"{tag}-src 'self' [^;]*'sha256-{re.escape(digest)}'", index), f"{tag}: {digest}"


def test_the_list_of_runs_says_what_its_checkpoint_says() -> None:
    runs = runs_of(find_contents(DEFAULT_RUN))
    assert runs["default"] == DEFAULT_RUN
    assert [run["id"] for run in runs["runs"]] == list(RUNS)
    for run in runs["runs"]:
        content = checkpoint_path(RUNS[run["id"]]).read_bytes()
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
        card = json.loads(header["__metadata__"]["card"])
        last = card["scores"][-1]
        assert run["bytes"] == len(content)
        assert run["accuracy"] == last["correct"] / last["n"]
        assert (run["steps"], run["images_seen"]) == (card["steps"], card["images_seen"])
        assert run["input_range"] == card["recipe"]["input_range"]
        assert run["published"] == card["recipe"]["published"]
        fine_tuning = RUNS[run["id"]].fine_tuning_rate, RUNS[run["id"]].fine_tuning_share
        assert (run["fine_tuning_rate"], run["fine_tuning_share"]) == fine_tuning
        assert run["architecture"] == card["architecture"]
        sizes = [784, *(hidden["units"] for hidden in card["architecture"]["hidden"]), 10]
        layers = list(pairwise(sizes))
        assert run["parameters"] == sum(inputs * outputs + outputs for inputs, outputs in layers)
        assert [header[f"00.{n}.weight"]["shape"] for n in range(len(layers))] == [[b, a] for a, b in layers]


def test_a_missing_checkpoint_is_left_out_with_a_line_in_the_log(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    contents = find_contents(SMALL.id, folder)
    assert [run["id"] for run in runs_of(contents)["runs"]] == [SMALL.id]
    assert [name for name in contents if name.endswith(".safetensors")] == [
        f"checkpoints/{SMALL.id}.safetensors"
    ]
    assert "relu-50/published is left out: No checkpoint at" in caplog.text
    assert len(caplog.records) == len(RUNS) - 1


def test_a_damaged_checkpoint_is_left_out_too(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    damaged = checkpoint_path(RUNS["relu-25-25/robust"], folder)
    damaged.write_bytes(checkpoint_path(SMALL).read_bytes()[:5000])
    assert list(find_metadata(folder)) == [SMALL]
    assert "relu-25-25/robust is left out" in caplog.text
    assert "no intact Inkling checkpoint" in caplog.text


def test_without_any_checkpoint_there_is_nothing_to_show(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"No run in .* can be shown; restore Inkling's checkpoints"):
        find_contents(DEFAULT_RUN, tmp_path)


def test_the_page_opens_with_the_first_run_that_can_be_shown(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    assert runs_of(find_contents(DEFAULT_RUN, folder))["default"] == SMALL.id
    assert f"{DEFAULT_RUN} cannot be shown; the page opens with {SMALL.id}" in caplog.text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("main.js", "text/javascript; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("style.css", "text/css; charset=utf-8"),
        ("engine/training/kernels.wasm", "application/wasm"),
        ("engine/training/kernels.c", "text/plain; charset=utf-8"),
        ("runs.json", "application/json"),
        ("icon.svg", "image/svg+xml"),
        ("checkpoints/relu-50/robust.safetensors", "application/octet-stream"),
        ("mnist/t10k-images-idx3-ubyte.gz", "application/gzip"),
    ],
)
def test_every_kind_of_file_has_its_media_type(path: str, expected: str) -> None:
    assert media_type(path) == expected


def test_no_kind_of_file_of_the_page_lacks_a_media_type() -> None:
    page = [path for path in find_contents(DEFAULT_RUN) if not path.startswith("checkpoints/")]
    assert [path for path in page if media_type(path) == "application/octet-stream"] == []


def test_an_archive_that_is_still_coming_is_not_there_yet(tmp_path: Path) -> None:
    path = tmp_path / "t10k-labels-idx1-ubyte.gz"
    assert not is_complete(path)
    path.write_bytes(b"1" * 4541)
    assert not is_complete(path)
    path.write_bytes(b"1" * 4542)
    assert is_complete(path)
