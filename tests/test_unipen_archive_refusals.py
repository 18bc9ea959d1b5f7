"""What is missing or damaged in the UNIPEN archive is refused, or left out and told."""

import os
import shutil
import zipfile

import pytest
from unipen_archives import COORDINATES, listing, refusal

from mnist_core.__main__ import main


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
