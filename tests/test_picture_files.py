"""Pictures come as files or bytes, alone or in folders; other, damaged and too large files are refused."""

import io
import json
import struct

import numpy as np
import pytest
from made_pictures import dark_on_light, encoded, made_ink
from picture_bombs import chunk, png
from PIL import Image

from mnist_core.__main__ import main
from mnist_core.drawings.pictures import FOLDER_FORM, MAX_PIXELS, open_picture
from mnist_core.errors import PictureError


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_bytes_that_are_no_picture_are_refused(content):
    with pytest.raises(PictureError) as caught:
        open_picture(content)
    assert str(caught.value) == "The given data is no picture that can be read; give a PNG or JPEG file."


def test_a_file_that_is_no_picture_is_refused_by_name(tmp_path):
    path = tmp_path / "digit.png"
    path.write_text("not a picture")
    with pytest.raises(PictureError) as caught:
        open_picture(path)
    assert str(caught.value) == f"{path} is no picture that can be read; give a PNG or JPEG file."


def test_a_file_that_cannot_be_opened_is_refused_with_the_reason(tmp_path):
    for name, reason in (("none", "No such file or directory"), ("", "Is a directory")):
        with pytest.raises(PictureError) as caught:
            open_picture(tmp_path / name)
        assert str(caught.value) == (
            f"{tmp_path / name} is no picture that can be read ({reason}); give a PNG or JPEG file."
        )


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_cut_off_picture_is_refused(form, kept):
    content = encoded(dark_on_light(made_ink(280, 280)), form)
    with pytest.raises(PictureError, match="The given data is no picture that can be read"):
        open_picture(content[: int(len(content) * kept)])


def test_a_picture_of_too_many_pixels_is_refused_with_its_size():
    content = encoded(Image.new("1", (5_001, 5_000)))
    with pytest.raises(PictureError) as caught:
        open_picture(content)
    assert str(caught.value) == (
        "The given data is a picture of 5,001 × 5,000 pixels; at most 25,000,000 pixels are read. "
        "Make it smaller."
    )


def test_a_picture_of_just_as_many_pixels_as_allowed_is_read():
    assert open_picture(encoded(Image.new("1", (5_000, 5_000)))).size == (5_000, MAX_PIXELS // 5_000)


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_is_read_from_its_bytes(form):
    picture = dark_on_light(made_ink(100, 80))
    read = open_picture(encoded(picture, form))
    assert np.abs(np.asarray(read, float) - np.asarray(picture)).mean() < 3  # of 255


def exif(*entries):
    """EXIF of these tags, each with its type, its count and four bytes."""
    tags = b"".join(struct.pack("<HHI4s", *entry) for entry in entries)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + tags + b"\0" * 40


def held(orientation):
    return (0x0112, 3, 1, bytes([orientation, 0, 0, 0]))


UPRIGHT = np.asarray(dark_on_light(made_ink(100, 80)))
HELD = {  # by EXIF's orientation: how the camera turned the pixels
    1: UPRIGHT,
    2: np.fliplr(UPRIGHT),
    3: np.rot90(UPRIGHT, 2),
    4: np.flipud(UPRIGHT),
    5: UPRIGHT.T,
    6: np.rot90(UPRIGHT),
    7: np.rot90(UPRIGHT, 2).T,
    8: np.rot90(UPRIGHT, 3),
    0: UPRIGHT,
    9: UPRIGHT,
}


@pytest.mark.parametrize("orientation", HELD)
def test_a_picture_is_turned_as_its_camera_was_held(orientation):
    stream = io.BytesIO()
    Image.fromarray(HELD[orientation]).save(stream, "PNG", exif=exif(held(orientation)))
    assert np.array_equal(np.asarray(open_picture(stream.getvalue())), UPRIGHT)


@pytest.mark.parametrize(
    "entry", [(0x010F, 5, 1, b"\x08\0\0\0"), (0x0103, 2, 1, b"a\0\0\0"), (0x927C, 7, 2**31, b"\xff" * 4)]
)
def test_a_picture_with_damaged_metadata_is_read(entry):
    stream = io.BytesIO()
    Image.fromarray(HELD[6]).save(stream, "PNG", exif=exif(*sorted([entry, held(6)])))
    assert np.array_equal(np.asarray(open_picture(stream.getvalue())), UPRIGHT)


def test_an_animation_with_a_damaged_header_is_read_as_a_picture():
    content = png(80, 100, chunk(b"acTL", bytes(8)), pixels=np.pad(UPRIGHT, ((0, 0), (1, 0))).tobytes())
    assert np.array_equal(np.asarray(open_picture(content)), UPRIGHT)


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


@pytest.mark.parametrize("name", ["__MACOSX", "@eaDir", ".thumbnails", "@EADIR", "#recycle"])
def test_what_systems_lay_beside_pictures_is_passed_over(name, folder, capsys):
    for place in (folder / name / "0", folder / "3" / name, folder / "4" / "scans" / name):
        place.mkdir(parents=True)
        Image.new("L", (28, 28), 255).save(place / "picture.png")
        (place / "._1.png").write_bytes(b"no picture")
    (folder / "5" / "Thumbs.db").write_bytes(b"no picture")
    said = report(capsys, folder)
    assert (said["n"], said["unreadable"]["count"]) == (200, 0)


@pytest.mark.parametrize("form", ["LAB", "RGB", "CMYK"])
def test_a_tiff_file_is_refused_with_a_sentence(form, tmp_path, capsys):
    path = tmp_path / "digit.tif"
    Image.new(form, (60, 60)).save(path)
    assert main(["predict", RUN, str(path)]) == 2
    expected = f"error: {path} is no picture that can be read; give a PNG or JPEG file.\n"
    assert capsys.readouterr() == ("", expected)


def test_what_could_not_be_read_is_printed_in_words(folder, capsys):
    (folder / "0" / "notes.txt").write_text("no picture")
    main(["evaluate", RUN, "--pictures", str(folder)])
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{RUN} at step 46,870 on scans: ")
    assert second == "Not read: 1. The file is no picture that can be read; give a PNG or JPEG file."


def test_a_missing_folder_is_refused(tmp_path, capsys):
    none = tmp_path / "none"
    assert refusal(capsys, "--pictures", none) == f"error: No folder {none}; {FOLDER_FORM}.\n"


def test_another_folder_is_refused_by_name(tmp_path, capsys):
    for name in ("0", "seven"):
        (tmp_path / name).mkdir()
    expected = f"error: {tmp_path} has a folder 'seven'; {FOLDER_FORM}, and no others.\n"
    assert refusal(capsys, "--pictures", tmp_path) == expected


@pytest.mark.parametrize("names", [[], ["0", "1"]])
def test_a_folder_without_pictures_is_refused(names, tmp_path, capsys):
    for name in names:
        (tmp_path / name).mkdir()
    assert refusal(capsys, "--pictures", tmp_path) == f"error: {tmp_path} holds no pictures; {FOLDER_FORM}.\n"


def test_a_folder_of_files_that_cannot_be_read_is_refused(tmp_path, capsys):
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "notes.txt").write_text("no picture")
    expected = f"error: {tmp_path} holds 1 files, none of which can be read as a digit; {FOLDER_FORM}.\n"
    assert refusal(capsys, "--pictures", tmp_path) == expected


def test_strokes_and_pictures_exclude_each_other(tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["evaluate", RUN, "--strokes", "hands.unipen", "--pictures", str(tmp_path)])
    assert caught.value.code == 2
    assert "argument --pictures: not allowed with argument --strokes" in capsys.readouterr().err
