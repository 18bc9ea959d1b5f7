"""The static site: a folder that any web server serves as it is."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from app_server import OFFLINE, PROJECT

from mnist_core.errors import SettingsError
from mnist_core.runs.recipes import DEFAULT_RUN, RUNS
from webapp.files import PAGE, find_code, list_lessons, name_code_folder, write_index
from webapp.site import WRITTEN, main, write_site

ADDRESS = "https://digits.example:81/a"
NAMES = ("FIRST", "LATER")
STATIC = {"service_worker.js", "manifest.webmanifest", "icon-192.png", "icon-512.png"}
SMALL = {"index.html": b"page", "engine/image.js": b"image", "runs.json": b"{}"}


def make_site(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "webapp.site", str(folder), *options],
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )


def files(folder: Path) -> dict[str, bytes]:
    """All files of a folder, by their relative paths."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def site(mnist: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The whole site, as the command writes it."""
    folder = tmp_path_factory.mktemp("site")
    made = make_site(folder, "--address", ADDRESS, MNIST_DATA=str(mnist))
    assert (made.returncode, made.stderr) == (0, "")
    return files(folder)


def test_the_site_holds_page_checkpoints_and_mnist_as_they_are(site: dict[str, bytes], mnist: Path) -> None:
    code = set(find_code())
    for name, content in files(PAGE).items():
        assert (
            name == "index.html" or site[f"{name_code_folder()}/{name}" if name in code else name] == content
        )
    added = set(site["index.html"].splitlines()) - set((PAGE / "index.html").read_bytes().splitlines())
    changed = (
        f'"{name_code_folder()}/'.encode(),
        b"<inkling-page offline run=",
        ADDRESS.encode(),
        b"twitter:card",
    )
    assert len(added) > 20
    assert all(any(part in line for part in changed) for line in added)
    for run in [*RUNS, "detector"]:
        name = f"checkpoints/{run}.safetensors"
        assert site[name] == (PROJECT / name).read_bytes()
    for path in (mnist / "MNIST" / "raw").glob("*.gz"):
        assert site[f"mnist/{path.name}"] == path.read_bytes()
    assert [run["id"] for run in json.loads(site["runs.json"])["runs"]] == list(RUNS)


def test_the_worker_names_what_the_site_holds(site: dict[str, bytes]) -> None:
    worker = site["service_worker.js"].decode()
    first, later = (json.loads(re.findall(rf"^const {name} = (.*);$", worker, re.M)[0]) for name in NAMES)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in site.items()}
    assert first | later == {n: d for n, d in digests.items() if n not in ("service_worker.js", WRITTEN)}
    assert {name for name in later if name.startswith("mnist/")} == {
        n for n in site if n.startswith("mnist/")
    }
    networks = [name for name in first if name.startswith("checkpoints/")]
    assert f"checkpoints/{DEFAULT_RUN}.safetensors" in networks
    assert "checkpoints/detector.safetensors" in networks
    assert sum(len(site[name]) for name in first) < 12_000_000
    assert worker.count("const VERSION") == 1
    assert 'VERSION = "";' not in worker


def test_no_file_of_the_site_is_too_large_for_the_hub(site: dict[str, bytes]) -> None:
    assert max(map(len, site.values())) <= 10_000_000


def test_the_readme_makes_the_folder_a_static_space(site: dict[str, bytes]) -> None:
    front_matter = site["README.md"].decode().split("---\n")[1].splitlines()
    assert {"sdk: static", "app_file: index.html", "title: Inkling"} <= set(front_matter)
    short = next(line for line in front_matter if line.startswith("short_description: "))
    assert len(short.removeprefix("short_description: ")) <= 60


def test_mnist_comes_with_its_credit_and_licence(site: dict[str, bytes]) -> None:
    credits = site["CREDITS.md"].decode()
    assert "Yann LeCun, Corinna Cortes" in credits
    assert "CC BY-SA 3.0" in credits
    assert site["LICENSE"] == (PROJECT / "LICENSE").read_bytes()


def test_without_mnist_the_site_is_written_with_a_warning(tmp_path: Path) -> None:
    made = make_site(tmp_path / "site", MNIST_DATA=str(tmp_path / "empty"), **OFFLINE)
    assert made.returncode == 0
    assert made.stderr.startswith(
        "warning: No MNIST; the site shows Inkling's own drawings instead: MNIST could"
    )
    assert made.stderr.count("\n") == 1
    assert not (tmp_path / "site" / "mnist").exists()
    assert (tmp_path / "site" / "index.html").exists()


def test_an_earlier_site_is_replaced(tmp_path: Path) -> None:
    write_site(tmp_path, SMALL | {"old.js": b"old"})
    write_site(tmp_path, SMALL | {"index.html": b"new page"})
    assert (tmp_path / "index.html").read_bytes() == b"new page"
    assert not (tmp_path / "old.js").exists()
    assert set(files(tmp_path)) == {*SMALL, "README.md", "CREDITS.md", "LICENSE", *STATIC, WRITTEN}


def test_a_site_whose_writing_was_interrupted_can_be_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = {"index.html": b"page", "last.js": tmp_path / "appears.js"}
    (tmp_path / "appears.js").write_bytes(b"last")
    monkeypatch.setattr("shutil.copyfile", lambda source, target: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(SettingsError, match=r"site cannot be written: full"):
        write_site(tmp_path / "site", missing)
    monkeypatch.undo()
    write_site(tmp_path / "site", missing)
    assert (tmp_path / "site" / "last.js").read_bytes() == b"last"


def test_a_folder_with_other_files_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(
        SettingsError, match=r"holds files that are no part of an earlier site, such as index"
    ):
        write_site(tmp_path, SMALL)
    assert files(tmp_path) == {"index.html": b"mine"}


def test_a_file_laid_into_an_earlier_site_is_not_lost(tmp_path: Path) -> None:
    write_site(tmp_path, SMALL)
    (tmp_path / "engine" / "mine.txt").write_text("mine")
    before = files(tmp_path)
    with pytest.raises(SettingsError, match=r"such as engine/mine\.txt"):
        write_site(tmp_path, {"index.html": b"new"})
    assert files(tmp_path) == before


def test_a_lesson_laid_into_an_earlier_site_stays_and_is_offered(tmp_path: Path) -> None:
    contents = {**SMALL, "lessons/inside.json": b"{}", "lessons/training.json": b"{}"}
    write_site(tmp_path, {**contents, "lessons.json": list_lessons(contents)})
    assert json.loads((tmp_path / "lessons.json").read_bytes()) == ["training", "inside"]
    (tmp_path / "lessons" / "mine.json").write_text("mine")
    for _ in range(2):
        write_site(tmp_path, {**contents, "lessons.json": list_lessons(contents)})
        assert (tmp_path / "lessons" / "mine.json").read_text() == "mine"
        assert json.loads((tmp_path / "lessons.json").read_bytes()) == ["training", "inside", "mine"]


def test_nothing_is_written_through_a_link_out_of_the_folder(tmp_path: Path) -> None:
    folder, outside = tmp_path / "site", tmp_path / "outside"
    write_site(folder, SMALL)
    outside.write_text("mine")
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(outside)
    with pytest.raises(SettingsError, match=r"such as index\.html"):
        write_site(folder, SMALL)
    assert outside.read_text() == "mine"


def test_a_git_repository_of_a_space_may_hold_the_site(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref")
    (tmp_path / ".gitattributes").write_text("*.gz")
    write_site(tmp_path, SMALL)
    write_site(tmp_path, SMALL)
    assert (tmp_path / ".git" / "HEAD").read_text() == "ref"
    assert (tmp_path / ".gitattributes").read_text() == "*.gz"


def test_a_file_in_the_folder_s_place_stops_it_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "site").touch()
    made = make_site(tmp_path / "site")
    assert made.returncode == 1
    assert made.stderr == f"error: {tmp_path / 'site'} is no folder; name a new or an empty one.\n"


LONG = "n" * 300
NONE = ["", "digits.example", "ftp://a.b", "https://a.b/#top", "https://a.b/?x", 'https://a.b/"><script>']


@pytest.mark.parametrize(
    ("place", "reason"),
    [("file/new", "Not a directory"), (LONG, "File name too long"), ("noted", "Is a directory")],
    ids=["under a file", "long", "a folder in a file's place"],
)
def test_a_folder_that_cannot_be_written_is_refused(place: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "noted" / WRITTEN).mkdir(parents=True)
    with pytest.raises(SettingsError) as caught:
        write_site(tmp_path / place, SMALL)
    expected = f"{tmp_path / place} cannot be written ({reason}); name another folder."
    assert str(caught.value) == expected


def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere
    with pytest.raises(SettingsError, match=r"cannot be written \(Permission denied\); name another folder"):
        write_site(tmp_path, SMALL)
    assert list(tmp_path.iterdir()) == []


def test_a_list_of_files_that_is_no_text_makes_no_traceback(tmp_path: Path) -> None:
    (tmp_path / WRITTEN).write_bytes(b"\xff\xfe")
    write_site(tmp_path, SMALL)
    assert (tmp_path / WRITTEN).read_text().startswith("CREDITS.md\n")


def test_a_folder_that_cannot_be_made_stops_it_with_one_line_before_any_download(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    made = make_site(tmp_path / "file" / "site", MNIST_DATA=str(tmp_path / "empty"), **OFFLINE)
    assert made.returncode == 1
    folder = tmp_path / "file" / "site"
    assert made.stderr == f"error: {folder} cannot be written (Not a directory); name another folder.\n"
    assert not (tmp_path / "empty").exists()


def test_a_setting_that_is_too_long_for_a_path_stops_it_with_one_line(tmp_path: Path) -> None:
    made = make_site(tmp_path / "site", MNIST_DATA=f"/{LONG}")
    assert (made.returncode, made.stderr.count("\n")) == (1, 1)
    assert made.stderr.startswith(f"error: /{LONG} cannot be used (File name too long); ")


def test_writing_the_site_needs_neither_gradio_nor_pytorch() -> None:
    loaded = "import sys, webapp.site; print({'gradio', 'torch'} & set(sys.modules))"
    said = subprocess.run(
        [sys.executable, "-c", loaded], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert said.stdout == "set()\n"


def test_a_reader_that_has_ended_leaves_no_traceback(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "webapp.site", str(tmp_path / "site")]
    environment = {**os.environ, "MNIST_DATA": str(tmp_path), **OFFLINE}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert "Traceback" not in done.stderr
    assert (tmp_path / "site" / "index.html").exists()


def test_a_site_that_knows_its_address_says_it_and_that_of_its_picture_in_full(
    site: dict[str, bytes],
) -> None:
    addresses = r'(?:canonical|og:url|og:image)" (?:href|content)="(.*?)"'
    named = re.findall(addresses, site["index.html"].decode())
    assert named == [f"{ADDRESS}/", f"{ADDRESS}/", f"{ADDRESS}/preview.png"]
    assert site["preview.png"] == (PAGE / "preview.png").read_bytes()


def test_a_site_that_knows_no_address_names_none() -> None:
    assert not re.search("canonical|og:", write_index(DEFAULT_RUN).decode())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "error: name a folder for the site, or a file after --one-file"),
        (["--one-file", "a.html", "--serve"], "error: --serve serves a folder; name one"),
        (
            ["--one-file", "a.html", "--address", "https://a.b"],
            "error: --address is for a site; name its folder",
        ),
        *[
            (["a", "--address", given], f"{given!r} is no address of a site; write it like https:")
            for given in NONE
        ],
    ],
)
def test_a_command_that_names_too_little_or_no_address_says_what_to_name(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert said in capsys.readouterr().err
