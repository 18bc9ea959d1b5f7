"""The UNIPEN archive as one packed file: it gives the same, or is refused."""

import io
import tarfile
import zipfile

import pytest
from unipen_archives import listing, refusal, texts


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
