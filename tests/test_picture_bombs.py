"""A picture's format and size are checked before memory is reserved for what its file claims."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from app_server import PROJECT
from made_pictures import dark_on_light, made_ink
from picture_bombs import NO_PICTURE, OTHERS, bombs, saved
from PIL import Image

from mnist_core.__main__ import main
from mnist_core.drawings import pictures
from mnist_core.drawings.pictures import open_picture
from mnist_core.errors import PictureError
from webapp.prediction import predict

MEGABYTES = 150  # for all bombs; Pillow reads up to 64 MB of a PNG file's texts
SECONDS = 5  # for each, on a busy machine
RUN = "relu-50/robust"
# Asks the API and the command line for each file of a folder, a sound one first, and tells what that took.
ASK = """
import base64, contextlib, io, json, sys, time
from pathlib import Path
from mnist_core.__main__ import main
from mnist_core.errors import InklingError
from webapp.prediction import predict

def by_api(path):
    try:
        return predict({"picture": base64.b64encode(path.read_bytes()).decode()}, RUN)["run"]
    except InklingError as error:
        return str(error)

def by_command_line(path):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        main(["predict", RUN, str(path)])
    return said.getvalue()

RUN, folder = sys.argv[1:]
peaks, answers = [], []
for path in sorted(Path(folder).iterdir()):
    for ask in (by_api, by_command_line):
        started = time.perf_counter()
        said = ask(path)
        answers.append([path.name, said, time.perf_counter() - started])
    peaks.append(int(Path("/proc/self/status").read_text().split("VmPeak:")[1].split()[0]) / 1000)
print(json.dumps([answers, peaks[-1] - peaks[0]]))
"""


def test_a_bomb_is_refused_before_it_takes_memory_or_time(tmp_path: Path) -> None:
    (tmp_path / "0").write_bytes(saved(dark_on_light(made_ink(60, 60)), "PNG"))
    made = bombs()
    for name, (content, _) in made.items():
        (tmp_path / name).write_bytes(content)
    arguments = [sys.executable, "-c", ASK, RUN, str(tmp_path)]
    asked = subprocess.run(arguments, cwd=PROJECT, capture_output=True, check=True)
    answers, megabytes = json.loads(asked.stdout)
    for name, said, seconds in answers:
        assert (RUN if name == "0" else made[name][1]) in said, name
        assert seconds < SECONDS, name
    assert megabytes < MEGABYTES


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_neither_png_nor_jpeg_is_refused_by_the_api(name: str) -> None:
    with pytest.raises(PictureError) as refusal:
        predict({"picture": base64.b64encode(OTHERS[name]).decode()}, RUN)
    assert str(refusal.value) == f"The given data {NO_PICTURE}"


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_neither_png_nor_jpeg_is_refused_by_the_command_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "picture.png").write_bytes(OTHERS[name])
    assert main(["predict", RUN, str(tmp_path / "picture.png")]) == 2
    assert capsys.readouterr() == ("", f"error: {tmp_path / 'picture.png'} {NO_PICTURE}\n")


@pytest.mark.parametrize("form", ["GIF", "WEBP", "TIFF", "BMP"])
def test_no_decoder_sees_what_begins_otherwise(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(pictures, "DECODERS", dict.fromkeys(pictures.DECODERS, seen.append))
    monkeypatch.setattr(Image, "open", seen.append)
    with pytest.raises(PictureError):
        open_picture(OTHERS[form])
    assert seen == []


@pytest.mark.parametrize("form", ["PNG", "MPO"])
def test_of_several_pictures_in_a_file_the_first_is_read(form: str) -> None:
    first, others = dark_on_light(made_ink(60, 60)), [Image.new("L", (60, 60))] * 2
    read = open_picture(saved(first, form, save_all=True, append_images=others))
    assert np.abs(np.asarray(read, float) - np.asarray(first)).mean() < 3  # of 255


def test_a_progressive_jpeg_is_read() -> None:
    picture = dark_on_light(made_ink(60, 60))
    read = open_picture(saved(picture, "JPEG", progressive=True))
    assert np.abs(np.asarray(read, float) - np.asarray(picture)).mean() < 3


def test_a_file_of_too_many_bytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "digit.png"
    path.write_bytes(saved(dark_on_light(made_ink(60, 60)), "PNG") + b"\0" * 2_000)
    monkeypatch.setattr(pictures, "MAX_BYTES", 2_000)
    with pytest.raises(PictureError) as refusal:
        open_picture(path)
    assert str(refusal.value) == f"{path} is a file of more than 2,000 bytes. Make it smaller."
