"""Write the page as a static site: a folder that any web server can serve as it is.

python -m webapp.site FOLDER
"""

import contextlib
import logging
import os
import shutil
import sys
from pathlib import Path

from mnist_core.checkpoints.atomic_write import check_writable
from mnist_core.checkpoints.card import MAX_BYTES
from mnist_core.commands.arguments import Parser
from mnist_core.commands.output import close_output
from mnist_core.drawings.archives import is_complete
from mnist_core.errors import DataError, InklingError, SettingsError, one_line, sentence_of
from webapp.fetching import fetch_archives
from webapp.files import LESSON, Content, find_contents, list_lessons
from webapp.settings import read_settings

LICENSE = Path(__file__).parent.parent / "LICENSE"
WRITTEN = "written.txt"  # in the site: the files that are this program's own, one path a line
README = """---
title: Inkling
emoji: ✍️
colorFrom: indigo
colorTo: yellow
sdk: static
app_file: index.html
short_description: Draw a digit, see what training changed
license: apache-2.0
---

# Inkling

Draw a digit, see what training changed. Any web server can serve this folder as it is; for a look at it:
`python -m http.server`. Whose work it holds: [CREDITS.md](CREDITS.md).
"""
CREDITS = """# Credits

- Inkling, its networks and its example drawings: Apache License 2.0, see [LICENSE](LICENSE).
- `mnist/`, as far as it is here: the MNIST database of handwritten digits, by Yann LeCun, Corinna Cortes and
  Christopher J. C. Burges, unchanged, licensed under
  [CC BY-SA 3.0](https://creativecommons.org/licenses/by-sa/3.0/). The networks were trained on it.
- Some networks were also trained on Pen-Based Recognition of Handwritten Digits, which is not here, by
  E. Alpaydin and F. Alimoglu, UCI Machine Learning Repository,
  [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/).
"""
log = logging.getLogger("inkling")


def main(arguments: list[str] | None = None) -> None:
    """Write the site into the folder that the command line names."""
    parser = Parser(prog="python -m webapp.site", description="Write the page as a static site.")
    parser.add_argument("folder", type=Path, help="a new folder, an empty one, or an earlier site")
    folder = parser.parse_args(arguments).folder
    logging.basicConfig(level=logging.WARNING, format="%(message)s", force=True)
    try:
        contents = find_contents(read_settings(os.environ).default_run)
        _check_folder(folder)
        try:
            fetch_archives()
        except DataError as error:
            log.warning("warning: No MNIST; the site shows Inkling's own drawings instead: %s", error)
        written = write_site(folder, contents)
    except InklingError as error:
        sys.exit(f"error: {one_line(str(error))}")
    except OSError as error:
        sys.exit(f"error: {sentence_of(error)}")
    megabytes = sum((folder / name).stat().st_size for name in written) / 1e6
    print(f"{len(written)} files, {megabytes:.0f} MB, in {folder}")
    print(f"Look at it: python -m http.server -d {folder}")


def write_site(folder: Path, contents: dict[str, Content]) -> list[str]:
    """Write the site's files; what an earlier site held and this one does not is deleted.

    Args:
        folder: where the site goes.
        contents: from `find_contents`; files that are not here are left out.

    Returns:
        The written files' paths, relative to the folder.

    Raises:
        SettingsError: the folder holds other files, which nothing happens to, or it cannot be written.
    """
    contents = {name: content for name, content in contents.items() if _is_here(content)}
    contents |= {"README.md": README.encode(), "CREDITS.md": CREDITS.encode(), "LICENSE": LICENSE}
    large = [name for name, content in contents.items() if _size(content) > MAX_BYTES]
    assert not large, f"no web host takes files this large: {large}"
    old = _check_folder(folder)
    kept = {name for name in old if LESSON.fullmatch(name)} - _noted(folder) - set(contents)
    if kept:
        contents["lessons.json"] = list_lessons([*contents, *kept])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # First, so that a site whose writing was interrupted can be written again.
        _note(folder, sorted({*old, *contents} - kept))
        for name, content in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                shutil.copyfile(content, path)
        for name in old - kept - set(contents) - {WRITTEN}:
            (folder / name).unlink()
        _note(folder, sorted(contents))
    except OSError as error:
        raise SettingsError(
            f"{folder} cannot be written: {error}; the site in it is incomplete. Make room, and try again."
        ) from error
    return sorted([*contents, WRITTEN])


def _check_folder(folder: Path) -> set[str]:
    """The files of an earlier site in a folder; SettingsError if it holds anything else, or takes no files.

    Files and folders whose names begin with a dot, such as .git, do not count, and stay; so do lessons that
    somebody has laid into the folder lessons.
    """
    noted = folder / WRITTEN
    try:
        if os.path.lexists(folder) and not folder.is_dir():
            raise SettingsError(f"{folder} is no folder; name a new or an empty one.")
        check_writable(noted)
        names = noted.read_text(encoding="utf-8", errors="replace").splitlines() if noted.is_file() else None
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written ({error.strerror}); name another folder.") from error
    own = set() if names is None else {WRITTEN, *names}
    paths = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    links = {path.relative_to(folder).as_posix() for path in paths if path.is_symlink()}
    found = {path.relative_to(folder).as_posix() for path in paths}
    found = {name for name in found if not name.startswith(".")}
    lessons = {name for name in found if own and LESSON.fullmatch(name)}
    if foreign := sorted(found - own - lessons | found & links):
        raise SettingsError(
            f"{folder} holds files that are no part of an earlier site, such as {foreign[0]}; "
            "name a new or an empty folder."
        )
    return found


def _noted(folder: Path) -> set[str]:
    """The files that an earlier site says are its own."""
    noted = folder / WRITTEN
    return set(noted.read_text(encoding="utf-8", errors="replace").splitlines()) if noted.is_file() else set()


def _note(folder: Path, names: list[str]) -> None:
    (folder / WRITTEN).write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def _is_here(content: Content) -> bool:
    return isinstance(content, bytes) or is_complete(content)


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):  # the reader of the output has ended, as in "… | head"
        main()
    close_output()
