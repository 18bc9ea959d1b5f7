"""The UNIPEN archive train_r01_v07 (Zenodo 1195803): its isolated characters, and the files made of them.

Source: Guyon et al. 1994, "UNIPEN project of on-line data exchange and recognizer benchmarks".
"""

import lzma
import os
import re
import shutil
import string
import tarfile
import tempfile
import zipfile
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, groupby, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_core.drawings.unipen import MAX_COORDINATE
from mnist_core.errors import DataError, brief

# In four other donors (tos, pri, cea, ceb) y grows downwards or the numbers mean something else; three (gmd,
# ibm, uqb) hold mislabelled characters.
DONORS = ("aga", "apa", "apb", "app", "ced")
CENTER, SIDE = 250, 300  # a character's box lies in the middle of 500 × 500, its longer side of this length
KINDS = {  # by the archive's name, the labels that are taken of it
    "1a": string.digits,
    "1b": string.ascii_uppercase,
    "1c": string.ascii_lowercase,
    "1d": string.punctuation,
}
FILES = DIGITS, LETTERS, SYMBOLS = "digits.unipen", "letters.unipen", "symbols.unipen"
SEGMENT = re.compile(r'\.SEGMENT\s+CHARACTER\s+([0-9:,-]+)\s+\S+\s+"(.+)"')
PLACE = r"(\d+)(?::(\d+))?"  # a component; after the colon one of its points
STRETCH = re.compile(f"{PLACE}(?:-{PLACE})?")
DAMAGED = zipfile.BadZipFile, zlib.error, lzma.LZMAError

Stroke = NDArray[np.float64]  # (points, 2), x and y, y upwards
Component = tuple[str, int, tuple[int, int], list[str]]  # file, line of .PEN_DOWN, columns of x and y, lines


@dataclass(frozen=True)
class ArchivedCharacter:
    """A character of the archive: its label, who drew it ("donor/file"), and its strokes, y upwards."""

    label: str
    writer: str
    strokes: list[Stroke]


def unipen_folder() -> Path:
    """Where UNIPEN's characters are kept: the folder named by UNIPEN, by default `data/unipen`."""
    return Path(os.environ.get("UNIPEN") or "data/unipen")


def unipen_texts(archive: Path) -> tuple[dict[str, str], list[str]]:
    """The files digits.unipen, letters.unipen and symbols.unipen, made of the archive's characters.

    Letters are all upper-case and every second lower-case one. A character without an extent, such as a
    single point, is left out.

    Args:
        archive: the folder that holds `data` and `include`, one around it, or it as a .tgz, .tar or .zip.

    Returns:
        The texts by file name; and what is wrong with segments that were left out, such as a component that
        their file does not have.

    Raises:
        DataError: there is no such archive, or a file of it is missing or damaged; the text names it.
    """
    with _unpacked(archive) as folder:
        root = _find_root(folder, archive)
        problems: list[str] = []
        digits, upper_case, lower_case, symbols = (
            _read_kind(root, kind, labels, problems) for kind, labels in KINDS.items()
        )
        texts = {
            DIGITS: _write("DIGIT", digits),
            LETTERS: _write("CHARACTER", chain(upper_case, islice(lower_case, 0, None, 2))),
            SYMBOLS: _write("CHARACTER", symbols),
        }
    if not any(texts.values()):
        raise DataError(f"{archive} holds no characters of the donors {', '.join(DONORS)}.")
    return texts, problems


@contextmanager
def _unpacked(archive: Path) -> Iterator[Path]:
    """The archive's folder; a packed file is unpacked into a temporary one."""
    if archive.is_dir():
        yield archive
        return
    if not archive.is_file():
        raise DataError(
            f"No UNIPEN archive at {archive}; give the folder, or the .tgz, of train_r01_v07 "
            "(https://zenodo.org/records/1195803)."
        )
    with tempfile.TemporaryDirectory(prefix="unipen") as folder:
        try:
            # Neither writes outside of the folder: a zip file never does, a tar file not with this filter.
            if archive.suffix.lower() == ".zip":
                shutil.unpack_archive(archive, folder)
            else:
                shutil.unpack_archive(archive, folder, filter="data")
        except (OSError, EOFError, ValueError, RuntimeError, tarfile.TarError, *DAMAGED) as error:
            raise DataError(f"{archive} cannot be unpacked: {error}. Fetch it again.") from error
        yield Path(folder)


def _find_root(folder: Path, archive: Path) -> Path:
    """The folder that holds `data` and `include`: this one or one inside it, as CDROM/train_r01_v07."""
    for root in (folder, *sorted(folder.glob("*")), *sorted(folder.glob("*/*"))):
        if (root / "data" / "1a").is_dir() and (root / "include").is_dir():
            return root
    raise DataError(
        f"{archive} is no UNIPEN archive: it has no folders data/1a and include; give that of train_r01_v07."
    )


def _read_kind(root: Path, kind: str, labels: str, problems: list[str]) -> Iterator[ArchivedCharacter]:
    """The characters of `data/<kind>`, by donor and file; adds to `problems` what segments are left out."""
    for donor in DONORS:
        for path in sorted((root / "data" / kind / donor).rglob("*.dat"), key=lambda path: path.stem):
            for entry in _read_file(root, path, f"{donor}/{path.stem}", problems):
                if len(entry.label) == 1 and entry.label in labels:
                    yield entry


def _read_file(root: Path, path: Path, writer: str, problems: list[str]) -> Iterator[ArchivedCharacter]:
    lines = _lines(path)
    components = _components(root, path, lines)
    for number, line in enumerate(lines, 1):
        segment = SEGMENT.fullmatch(line.strip())
        if not segment:
            continue
        stretches = [STRETCH.fullmatch(part) for part in segment[1].split(",")]
        try:
            strokes = [stroke for stretch in stretches for stroke in _strokes(components, stretch)]
        except LookupError as error:
            problems.append(f"{path.relative_to(root)}, line {number}: {error.args[0]}")
            continue
        if any(len(np.unique(axis)) > 1 for axis in np.concatenate(strokes).T):
            yield ArchivedCharacter(segment[2], writer, strokes)


def _strokes(components: list[Component], stretch: re.Match[str] | None) -> Iterator[Stroke]:
    """The strokes from one component to another, both included; LookupError if they are not there."""
    if not stretch:
        raise LookupError("components that cannot be read")
    first, last = int(stretch[1]), int(stretch[3] or stretch[1])
    start, stop = int(stretch[2] or 0), int(stretch[4]) + 1 if stretch[4] else None
    if not first <= last < len(components):
        raise LookupError(f"no components {first} to {last} among {len(components)}")
    for number in range(first, last + 1):
        points = _points(components[number])
        part = slice(start if number == first else 0, stop if number == last else None)
        if not len(points[part]) or (part.stop or 0) > len(points):
            raise LookupError(f"no such points in component {number}")
        yield points[part]


def _points(component: Component) -> Stroke:
    """The points of one component, (points, 2)."""
    name, first, columns, lines = component
    points = []
    for number, line in enumerate(lines, first + 1):
        words = line.split()
        try:
            point = [float(words[column]) for column in columns]
            if not np.abs(point).max() <= MAX_COORDINATE:
                raise ValueError
        except (ValueError, IndexError):
            raise DataError(
                f"{name}, line {number}: expected a point's coordinates, found {brief(line.strip())}."
            ) from None
        points.append(point)
    return np.array(points).reshape(-1, 2)


def _components(root: Path, path: Path, lines: list[str]) -> list[Component]:
    """Every stretch with the pen down, of all files that are included, in their order."""
    components: list[Component] = []
    columns = (0, 1)
    for line in lines:
        keyword, *words = line.split() or [""]
        if keyword != ".INCLUDE" or not words:
            continue
        included = (root / "include" / words[0]).resolve()
        if not included.is_relative_to((root / "include").resolve()):
            raise DataError(f"{path} includes {brief(words[0])}, which lies outside of the archive.")
        if included.suffix != ".dat" and not included.is_file():
            continue  # a documentation or a lexicon
        columns = _add_components(components, included, columns)
    return components


def _add_components(components: list[Component], path: Path, columns: tuple[int, int]) -> tuple[int, int]:
    """Add one file's stretches with the pen down; the columns of x and y, as `.COORD` said last."""
    pen_is_down = False
    for number, line in enumerate(_lines(path), 1):
        if line.startswith("."):
            words = line.split()
            pen_is_down = words[0] == ".PEN_DOWN"
            if pen_is_down:
                components.append((str(path), number, columns, []))
            elif words[0] == ".COORD" and {"X", "Y"} <= set(words):
                columns = words.index("X") - 1, words.index("Y") - 1
        elif pen_is_down and line and not line.isspace():
            components[-1][3].append(line)
    return columns


def _lines(path: Path) -> list[str]:
    try:
        content = path.read_bytes().removeprefix(BOM_UTF8)
        return content.decode("latin-1").splitlines()  # names of people and places have accents
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({error.strerror}); unpack the whole archive again."
        ) from error


def _write(hierarchy: str, characters: Iterator[ArchivedCharacter]) -> str:
    """Characters as a UNIPEN file, each in a box of 500 × 500."""
    lines = []
    for number, character in enumerate(characters):
        lines += ["", f'.SEGMENT {hierarchy} {number} ? "{character.label}"']
        lines.append(f".COMMENT {character.label} {character.writer} {number}")
        for stroke in _fit(character.strokes):
            points = [f"{x:5d}{y:5d}" for (x, y), _ in groupby(map(tuple, stroke.tolist()))]
            lines += [".PEN_DOWN", *points, ".PEN_UP"]
    return "".join(f"{line}\n" for line in lines)


def _fit(strokes: list[Stroke]) -> list[NDArray[np.int64]]:
    """Scale and move strokes to the middle of a box of 500 × 500, in whole units."""
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    side = (high - low).max()
    return [((stroke - (low + high) / 2) * SIDE / side + CENTER).round().astype(int) for stroke in strokes]
