"""The UNIPEN archive: a small one made by hand, packed, damaged or incomplete; the sample of one donor."""

import io
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from absent import skip_or_fail
from unipen_archives import COORDINATES, FIRST, POINT, SECOND, characters, labels, listing, refusal, texts

from mnist_core.__main__ import main
from mnist_core.drawings.unipen import read_unipen
from mnist_core.drawings.unipen_archive import unipen_folder
from mnist_core.errors import DataError


@pytest.mark.parametrize(
    ("components", "strokes"),
    [
        ("0", [FIRST]),
        ("1", [SECOND]),
        ("0-1", [FIRST, SECOND]),
        ("0-2", [FIRST, SECOND, POINT]),
        ("0,2", [FIRST, POINT]),
        ("2,0-1", [POINT, FIRST, SECOND]),
        ("0:1-1:1", [FIRST[1:], SECOND]),
        ("0:0-1:0", [FIRST, SECOND[:1]]),
        ("0:2-1:1,2", [FIRST[2:], SECOND, POINT]),
        ("0:0-0:2", [FIRST]),
        ("0:0-0:1", [[(100, 250), (400, 250)]]),  # a line of 100 units becomes one of 300
    ],
)
def test_a_segment_is_made_of_the_components_it_names(archive, components, strokes):
    [digit] = characters(
        texts(archive({"data/1a/aga/me.dat": listing(f'{components} ? "7"')}))["digits.unipen"]
    )
    assert digit == ("7", "aga/me", "0", strokes)


@pytest.mark.parametrize(
    ("columns", "line"),
    [("X Y", "{x} {y}"), ("Y X", "{y} {x}"), ("T X Y P", "7 {x} {y} 88"), ("X P Y", "\t{x}\t5\t{y}")],
)
@pytest.mark.parametrize("name", ["aga/data/one.dat", "aga/pad.doc"])
def test_columns_are_those_that_the_file_or_its_documentation_says(archive, columns, line, name):
    points = [line.format(x=x, y=y) for x, y in FIRST]
    coordinates = "\n".join([".PEN_DOWN", *points, ".PEN_UP", ""])
    files = {"aga/pad.doc": "", "aga/data/one.dat": coordinates}
    files[name] = f".COORD {columns}\n{files[name]}"
    segments = listing('0 ? "7"', include="aga/pad.doc\n.INCLUDE aga/data/one.dat")
    root = archive({f"include/{at}": text for at, text in files.items()} | {"data/1a/aga/me.dat": segments})
    assert characters(texts(root)["digits.unipen"])[0][3] == [FIRST]


def test_points_that_fall_together_in_the_box_are_one(archive):
    coordinates = ".PEN_DOWN\n0 0\n0 0\n1 0\n3000 1500\n3004 1500\n6000 3000\n.PEN_UP\n"
    root = archive({"include/aga/data/one.dat": coordinates, "data/1a/aga/me.dat": listing('0 ? "1"')})
    assert characters(texts(root)["digits.unipen"])[0][3] == [[(100, 175), (250, 250), (400, 325)]]


def test_a_character_without_an_extent_is_left_out(archive):
    root = archive({"data/1a/aga/me.dat": listing('2 ? "1"', '0 ? "7"')})
    assert labels(texts(root)["digits.unipen"]) == "7"


def test_letters_are_all_upper_case_and_every_second_lower_case(archive):
    root = archive(
        {
            "data/1b/aga/me.dat": listing(*(f'0 ? "{letter}"' for letter in "ABCDE")),
            "data/1c/aga/me.dat": listing(*(f'0 ? "{letter}"' for letter in "abc")),
            "data/1c/aga/you.dat": listing(*(f'0 ? "{letter}"' for letter in "defg")),
        }
    )
    made = characters(texts(root)["letters.unipen"])
    assert "".join(label for label, *_ in made) == "ABCDEaceg"
    assert [number for _, _, number, _ in made] == [str(number) for number in range(9)]


def test_labels_of_another_kind_are_left_out(archive):
    segments = listing(
        '0 ? "7"', '0 ? "A"', '0 ? "a"', '0 ? ";"', '0 ? "12"', r'0 OK "\""', '0 ? "\xe9"', "0 ?"
    )
    root = archive({f"data/{kind}/aga/me.dat": segments for kind in ("1a", "1b", "1c", "1d")})
    made = texts(root)
    assert [labels(made[f"{name}.unipen"]) for name in ("digits", "letters", "symbols")] == ["7", "Aa", ";"]


def test_files_come_by_donor_and_name_whatever_folder_they_lie_in(archive):
    names = ["ced/a.b_s", "app/x/app02", "app/y/app01", "aga/zoe", "tos/me", "gmd/me"]
    root = archive({f"data/1a/{name}.dat": listing('0 ? "7"') for name in names})
    writers = [writer for _, writer, *_ in characters(texts(root)["digits.unipen"])]
    assert writers == ["aga/zoe", "app/app01", "app/app02", "ced/a.b_s"]


@pytest.mark.parametrize("number", ["1e308", "-1e308", "1e10", "inf", "nan"])
def test_a_coordinate_beyond_all_tablets_is_refused_with_its_line(number, archive):
    coordinates = COORDINATES.replace("200 100", f"200 {number}")
    root = archive({"data/1a/aga/me.dat": listing('0 ? "7"'), "include/aga/data/one.dat": coordinates})
    with pytest.raises(DataError, match=r"one\.dat, line 5: expected a point's coordinates, found '200 "):
        texts(root)


def test_a_byte_order_mark_costs_no_digit(archive):
    mark = "\xef\xbb\xbf"  # as it is written in latin-1
    segments = mark + '.SEGMENT CHARACTER 0 ? "7"\n.INCLUDE aga/data/one.dat\n'
    root = archive({"data/1a/aga/me.dat": segments, "include/aga/data/one.dat": mark + COORDINATES})
    assert labels(texts(root)["digits.unipen"]) == "7"


def test_what_is_made_is_read_as_unipen(archive, tmp_path):
    root = archive({"data/1a/aga/me.dat": listing('0 ? "7"', '1,2 ? "3"')})
    assert main(["unipen", str(root), str(tmp_path / "made" / "here")]) == 0
    seven, three = read_unipen(tmp_path / "made" / "here" / "digits.unipen")
    assert (seven.label, seven.writer, three.label) == (7, "aga/me", 3)
    assert seven.drawing.to_json() == {"strokes": [[[0, 1], [1 / 3, 1], [1, 0]]]}


def test_missing_documentation_is_passed_over(archive):
    segments = listing('0 ? "7"', include="aga/none.doc\n.INCLUDE aga/data/one.dat")
    assert labels(texts(archive({"data/1a/aga/me.dat": segments}))["digits.unipen"]) == "7"


def test_the_folder_is_the_one_that_unipen_names(monkeypatch):
    monkeypatch.setenv("UNIPEN", "/somewhere")
    assert unipen_folder() == Path("/somewhere")
    monkeypatch.delenv("UNIPEN")
    assert unipen_folder() == Path("data/unipen")


@pytest.fixture(scope="module")
def sample():
    """What is made of the sample of donor aga, where UNIPEN's folder holds it as `raw`."""
    raw = unipen_folder() / "raw"
    if not raw.is_dir():
        skip_or_fail(f"needs a part of the UNIPEN archive at {raw}; UNIPEN names the folder around it")
    return texts(raw)


@pytest.mark.parametrize(("name", "count"), [("digits.unipen", 405), ("symbols.unipen", 221)])
def test_the_sample_gives_the_beginning_of_the_file_byte_by_byte(sample, name, count):
    whole = (unipen_folder() / name).read_text()
    assert len(characters(sample[name])) == count
    assert whole.startswith(sample[name])
    assert characters(whole)[count][1].startswith("apa/")  # nothing of aga comes after it


def test_the_sample_gives_the_letters_of_the_file_point_by_point(sample):
    made = [(*said, strokes) for *said, _, strokes in characters(sample["letters.unipen"])]
    whole = [
        (label, writer, strokes)
        for label, writer, _, strokes in characters((unipen_folder() / "letters.unipen").read_text())
        if writer.startswith("aga/")
    ]
    assert len(made) == 1_647
    assert made == whole


def test_a_missing_archive_is_refused(tmp_path):
    assert refusal(tmp_path / "none") == (
        f"No UNIPEN archive at {tmp_path / 'none'}; give the folder, or the .tgz, of train_r01_v07 "
        "(https://zenodo.org/records/1195803)."
    )


def test_a_folder_that_is_no_archive_is_refused(tmp_path):
    assert refusal(tmp_path) == (
        f"{tmp_path} is no UNIPEN archive: it has no folders data/1a and include; give that of train_r01_v07."
    )


def test_an_archive_without_characters_of_its_donors_is_refused(archive):
    root = archive({"data/1a/tos/me.dat": listing('0 ? "7"')})
    assert refusal(root) == f"{root} holds no characters of the donors aga, apa, apb, app, ced."


def test_a_missing_file_of_coordinates_is_refused_by_name(archive):
    root = archive({"data/1a/aga/me.dat": listing('0 ? "7"', include="aga/data/two.dat")})
    assert refusal(root) == (
        f"{root}/include/aga/data/two.dat cannot be read (No such file or directory); "
        "unpack the whole archive again."
    )


def test_a_file_that_includes_another_from_outside_is_refused(archive, tmp_path):
    (tmp_path / "secret.dat").write_text(COORDINATES)
    root = archive({"data/1a/aga/me.dat": listing('0 ? "7"', include="../../secret.dat")})
    assert refusal(root) == (
        f"{root}/data/1a/aga/me.dat includes '../../secret.dat', which lies outside of the archive."
    )


@pytest.mark.parametrize("point", ["100", "1 x", "nan 1", "1 inf"])
def test_a_garbage_point_is_refused_with_its_line(archive, point):
    coordinates = COORDINATES.replace("200 100", point)
    root = archive({"include/aga/data/one.dat": coordinates, "data/1a/aga/me.dat": listing('0 ? "7"')})
    assert refusal(root) == (
        f"{root}/include/aga/data/one.dat, line 5: expected a point's coordinates, found {point!r}."
    )


@pytest.mark.parametrize(
    ("components", "problem"),
    [
        ("3", "no components 3 to 3 among 3"),
        ("1-3", "no components 1 to 3 among 3"),
        ("2-1", "no components 2 to 1 among 3"),
        ("0:3-1:1", "no such points in component 0"),
        ("0-1:2", "no such points in component 1"),
        ("0:2-0:1", "no such points in component 0"),
        ("0-", "components that cannot be read"),
        ("0-1-2", "components that cannot be read"),
    ],
)
def test_a_segment_that_names_what_is_not_there_is_left_out_and_told(
    archive, tmp_path, capsys, components, problem
):
    root = archive({"data/1a/aga/me.dat": listing('0 ? "7"', f'{components} ? "8"', '1 ? "9"')})
    assert main(["unipen", str(root), str(tmp_path / "made")]) == 0
    said = capsys.readouterr()
    assert f"{tmp_path}/made/digits.unipen: 2 characters\n" in said.out
    assert said.err == f"Segments left out: 1; the first: data/1a/aga/me.dat, line 4: {problem}\n"


def test_a_damaged_archive_changes_no_file(archive, tmp_path, capsys):
    root = archive({"data/1a/aga/me.dat": listing('0 ? "7"')})
    main(["unipen", str(root), str(tmp_path / "made")])
    before = (tmp_path / "made" / "digits.unipen").read_bytes()
    (root / "data/1d/aga").mkdir(parents=True)
    (root / "data/1d/aga/me.dat").write_text(listing('0 ? ";"', include="aga/data/two.dat"))
    shutil.copy(root / "data/1a/aga/me.dat", root / "data/1a/aga/you.dat")
    assert main(["unipen", str(root), str(tmp_path / "made")]) == 2
    assert capsys.readouterr().err.startswith(f"error: {root}/include/aga/data/two.dat cannot be read")
    assert (tmp_path / "made" / "digits.unipen").read_bytes() == before


def test_a_folder_that_cannot_be_written_is_refused(archive, tmp_path, capsys):
    root = archive({"data/1a/aga/me.dat": listing('0 ? "7"')})
    (tmp_path / "taken").write_text("a file")
    assert main(["unipen", str(root), str(tmp_path / "taken")]) == 2
    assert capsys.readouterr().err == (
        f"error: {tmp_path / 'taken'} cannot be written (File exists); give another.\n"
    )


def test_files_that_cannot_be_written_leave_the_old_ones(archive, tmp_path, monkeypatch, capsys):
    root, made = archive({"data/1a/aga/me.dat": listing('0 ? "7"')}), tmp_path / "made"
    main(["unipen", str(root), str(made)])
    before = {path: path.read_bytes() for path in made.iterdir()}
    capsys.readouterr()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert main(["unipen", str(root), str(made)]) == 2
    assert capsys.readouterr().err == (
        f"error: {made} cannot be written (No space left on device); make room, or give another.\n"
    )
    assert {path: path.read_bytes() for path in made.iterdir()} == before


def test_an_archive_with_a_password_is_refused(tmp_path, capsys):
    path = tmp_path / "secret.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data/one.dat", "secret")
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1  # the flag that says so
    path.write_bytes(content)
    assert main(["unipen", str(path), str(tmp_path / "made")]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(f"error: {path} cannot be unpacked: File 'data/one.dat' is encrypted")
    assert (printed.out, printed.err.count("\n")) == ("", 1)


def packed(root, path):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as file:
            for member in root.rglob("*.dat"):
                file.write(member, f"CDROM/train_r01_v07/{member.relative_to(root)}")
    else:
        with tarfile.open(path, "w:gz" if path.suffix == ".tgz" else "w") as file:
            file.add(root, "CDROM/train_r01_v07")
    return path


@pytest.mark.parametrize("name", ["unipen.tgz", "unipen.tar", "unipen.zip"])
def test_a_packed_archive_gives_the_same(archive, tmp_path, name):
    root = archive({"data/1a/aga/me.dat": listing('0 ? "7"')})
    assert texts(packed(root, tmp_path / name)) == texts(root)


def test_a_packed_archive_that_writes_outside_of_its_folder_is_refused(tmp_path):
    path = tmp_path / "evil.tar"
    with tarfile.open(path, "w") as file:
        member = tarfile.TarInfo("../../evil-unipen.dat")
        member.size = 4
        file.addfile(member, io.BytesIO(b"evil"))
    assert refusal(path).startswith(f"{path} cannot be unpacked: ")


@pytest.mark.parametrize("name", ["unipen.tgz", "unipen.tar", "unipen.zip", "unipen.rar"])
def test_a_damaged_packed_archive_is_refused(archive, tmp_path, name):
    whole = packed(archive({"data/1a/aga/me.dat": listing('0 ? "7"')}), tmp_path / "whole.tgz").read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path / name).startswith(f"{tmp_path / name} cannot be unpacked: ")
