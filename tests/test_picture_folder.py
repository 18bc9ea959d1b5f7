"""Pictures in folders named 0 to 9, and what a run makes of them."""

import json

import pytest
from PIL import Image

from mnist_core.__main__ import main
from mnist_core.drawings.picture_folder import FORM

RUN = "relu-96-256/robust"
NO_INK = "The picture shows no ink, only its background; give one with a digit, darker or lighter than it."


@pytest.fixture
def folder(tmp_path, test_images):
    """The first 200 test images as pictures, dark on light, in a folder for each digit."""
    for digit in range(10):
        (tmp_path / "scans" / str(digit)).mkdir(parents=True)
    for number, (image, label) in enumerate(zip(test_images.images, test_images.labels, strict=True)):
        if number == 200:
            break
        picture = Image.fromarray(255 - image.numpy())
        picture.save(tmp_path / "scans" / str(label.item()) / f"{number}.png")
    return tmp_path / "scans"


def report(capsys, folder):
    assert main(["evaluate", RUN, "--pictures", str(folder), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refusal(capsys, *arguments):
    assert main(["evaluate", RUN, *map(str, arguments), "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_pictures_in_folders_are_read_and_counted(folder, capsys):
    said = report(capsys, folder)
    assert (said["run"], said["data"], said["n"]) == (RUN, "scans", 200)
    assert said["accuracy"] == said["correct"] / 200 >= 0.98
    assert said["unreadable"] == {"count": 0, "reasons": {}}


def test_a_picture_in_the_wrong_folder_counts_as_read_wrong(folder, capsys):
    before = report(capsys, folder)["correct"]
    [seven, *_] = sorted((folder / "7").iterdir())
    seven.rename(folder / "3" / "moved.png")
    assert report(capsys, folder)["correct"] == before - 1


def test_files_that_cannot_be_read_are_counted_by_reason(folder, capsys):
    (folder / "0" / "notes.txt").write_text("no picture")
    (folder / "1" / "cut.png").write_bytes(sorted((folder / "1").iterdir())[0].read_bytes()[:60])
    Image.new("L", (28, 28), 255).save(folder / "2" / "blank.png")
    Image.new("L", (28, 28), 255).save(folder / "3" / "scan.tiff")
    (folder / "4" / ".DS_Store").write_text("hidden")
    (folder / ".cache").mkdir()
    said = report(capsys, folder)
    assert said["n"] == 200
    assert said["unreadable"] == {
        "count": 4,
        "reasons": {
            "The file is no picture that can be read; give a PNG or JPEG file.": 3,
            NO_INK: 1,
        },
    }


def test_what_could_not_be_read_is_printed_in_words(folder, capsys):
    (folder / "0" / "notes.txt").write_text("no picture")
    main(["evaluate", RUN, "--pictures", str(folder)])
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{RUN} at step 46,870 on scans: ")
    assert second == "Not read: 1. The file is no picture that can be read; give a PNG or JPEG file."


def test_a_missing_folder_is_refused(tmp_path, capsys):
    none = tmp_path / "none"
    assert refusal(capsys, "--pictures", none) == f"error: No folder {none}; {FORM}.\n"


def test_another_folder_is_refused_by_name(tmp_path, capsys):
    for name in ("0", "seven"):
        (tmp_path / name).mkdir()
    expected = f"error: {tmp_path} has a folder 'seven'; {FORM}, and no others.\n"
    assert refusal(capsys, "--pictures", tmp_path) == expected


@pytest.mark.parametrize("names", [[], ["0", "1"]])
def test_a_folder_without_pictures_is_refused(names, tmp_path, capsys):
    for name in names:
        (tmp_path / name).mkdir()
    assert refusal(capsys, "--pictures", tmp_path) == f"error: {tmp_path} holds no pictures; {FORM}.\n"


def test_a_folder_of_files_that_cannot_be_read_is_refused(tmp_path, capsys):
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "notes.txt").write_text("no picture")
    expected = f"error: {tmp_path} holds 1 files, none of which can be read as a digit; {FORM}.\n"
    assert refusal(capsys, "--pictures", tmp_path) == expected


def test_strokes_and_pictures_exclude_each_other(tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["evaluate", RUN, "--strokes", "hands.unipen", "--pictures", str(tmp_path)])
    assert caught.value.code == 2
    assert "argument --pictures: not allowed with argument --strokes" in capsys.readouterr().err
