"""What stands in the way of writing a file is found before the work, and looking leaves nothing behind."""

import errno
import os

import pytest

from mnist_core.checkpoints.atomic_write import as_output_error, atomic_write, check_outputs, check_writable
from mnist_core.errors import OutputError


def write(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as partial:
        partial.write_text("written")


@pytest.fixture
def folder(tmp_path):
    """A folder with a file, a folder that is called like one, and a link to nowhere."""
    (tmp_path / "file").write_text("a file")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "half.partial").mkdir()
    (tmp_path / "nowhere").symlink_to(tmp_path / "none")
    return tmp_path


OBSTACLES = {
    "file/new.txt": errno.EEXIST,
    "file/folder/new.txt": errno.ENOTDIR,
    "folder.txt": errno.EISDIR,
    "half.txt": errno.EISDIR,
    "nowhere/new.txt": errno.EEXIST,
    f"{'n' * 252}.txt": errno.ENAMETOOLONG,
    f"{'n' * 250}.txt": errno.ENAMETOOLONG,  # the partial file's is
    f"{'n' * 256}/new.txt": errno.ENAMETOOLONG,
    f"new/{'é' * 128}/new.txt": errno.ENAMETOOLONG,
}


@pytest.mark.parametrize("name", OBSTACLES, ids=lambda name: name[:12])
def test_what_makes_writing_fail_is_found_before_and_nothing_is_left(name, folder):
    before = sorted(folder.rglob("*"))
    with pytest.raises(OSError) as caught:  # noqa: PT011 - the number says which
        check_writable(folder / name)
    assert caught.value.errno == OBSTACLES[name]
    assert sorted(folder.rglob("*")) == before
    with pytest.raises(OSError):  # noqa: PT011 - whichever it is
        write(folder / name)


@pytest.mark.parametrize(
    "name", ["new.txt", "file", "new/folder/new.txt", "folder.txt/new", f"{'n' * 247}.txt"]
)
def test_a_file_that_can_be_written_passes_and_is_not_made(name, folder):
    before = sorted(folder.rglob("*"))
    check_writable(folder / name)
    assert sorted(folder.rglob("*")) == before
    write(folder / name)
    assert (folder / name).read_text() == "written"


def test_a_folder_that_may_not_be_written_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere
    with pytest.raises(PermissionError):
        check_writable(tmp_path / "new" / "file.txt")


def test_a_relative_path_is_looked_for_from_where_one_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check_writable(tmp_path.relative_to(tmp_path) / "new.txt")


def test_of_several_outputs_the_one_that_cannot_be_written_is_named(folder):
    with pytest.raises(OutputError) as caught:
        check_outputs([folder / "new.txt", folder / "folder.txt"])
    assert str(caught.value) == (
        f"{folder / 'folder.txt'} cannot be written (Is a directory); make that possible first."
    )


def test_an_error_without_a_number_is_said_as_it_is(tmp_path):
    with pytest.raises(OutputError) as caught, as_output_error(tmp_path, "make room"):
        raise OSError("full")
    assert str(caught.value) == f"{tmp_path} cannot be written (full); make room."
