"""Write the page as a static site: a folder that any web server can serve as it is.

python -m webapp.site FOLDER
python -m webapp.site FOLDER --serve

With --address, the site knows the address that it will have, which sites that show previews of links need.

python -m webapp.site FOLDER --address https://digits.example

With --one-file, the page is written as one HTML file; with a folder as well, the site carries it.

python -m webapp.site --one-file inkling.html
"""

import argparse
import logging
import os
import re
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from mnist_core.checkpoints.atomic_write import check_writable
from mnist_core.checkpoints.card import MAX_BYTES
from mnist_core.commands.arguments import Parser
from mnist_core.commands.output import close_output
from mnist_core.drawings.archives import is_complete
from mnist_core.errors import DataError, InklingError, SettingsError, one_line, sentence_of
from webapp.fetching import fetch_archives
from webapp.files import LESSON, Content, find_contents, list_lessons
from webapp.offline import ONE_FILE, find_offline_contents
from webapp.one_file import DEFAULT_RUNS, offer_one_file, write_one_file
from webapp.serving import open_server
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
`python -m webapp.site FOLDER --serve`, where Inkling's source is. Whose work it holds:
[CREDITS.md](CREDITS.md).
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
ADDRESS = re.compile(r"https?://[\w.-]+(:\d{1,5})?(/[\w.~%/-]*)?", re.ASCII)
PORT = 8000  # of --serve
log = logging.getLogger("inkling")


def main(arguments: list[str] | None = None) -> None:
    """Write the site into the folder that the command line names."""
    parser = Parser(prog="python -m webapp.site", description="Write the page as a static site.")
    parser.add_argument("folder", type=Path, nargs="?", help="a new folder, an empty one, or an earlier site")
    parser.add_argument(
        "--serve",
        type=_port,
        nargs="?",
        const=PORT,
        metavar="PORT",
        help=f"then serve it, at port {PORT} or another",
    )
    parser.add_argument("--one-file", type=Path, metavar="FILE", help="write the page as one HTML file")
    parser.add_argument(
        "--runs", nargs="+", metavar="RUN", default=DEFAULT_RUNS, help="that the one file can show"
    )
    parser.add_argument(
        "--address",
        type=_address,
        metavar="URL",
        help="that the site will have: previews of its links then show a picture",
    )
    asked = parser.parse_args(arguments)
    folder: Path | None = asked.folder
    if not (folder or asked.one_file):
        parser.error("name a folder for the site, or a file after --one-file")
    if asked.serve is not None and not folder:
        parser.error("--serve serves a folder; name one")
    if asked.address and not folder:
        parser.error("--address is for a site; name its folder")
    logging.basicConfig(level=logging.WARNING, format="%(message)s", force=True)
    try:
        settings = read_settings(os.environ)
        contents = find_contents(settings.default_run)
        if folder:
            _check_folder(folder)
        try:
            fetch_archives()
        except DataError as error:
            log.warning("warning: No MNIST; the site shows Inkling's own drawings instead: %s", error)
        if asked.one_file:
            size = write_one_file(asked.one_file, contents, asked.runs, settings.default_run)
            print(f"{asked.one_file}, {size / 1e6:.1f} MB")
            contents[ONE_FILE] = asked.one_file
        if not folder:
            return
        if asked.address:
            contents["index.html"] = name_address(contents["index.html"], asked.address)
        written = write_site(folder, contents)
    except InklingError as error:
        sys.exit(f"error: {one_line(str(error))}")
    except OSError as error:
        sys.exit(f"error: {sentence_of(error)}")
    megabytes = sum((folder / name).stat().st_size for name in written) / 1e6
    print(f"{len(written)} files, {megabytes:.0f} MB, in {folder}")
    if asked.serve is None:
        print(f"Look at it: python -m webapp.site {folder} --serve")
    else:
        _serve(folder, settings.host, asked.serve)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r:.60} is no port; it must be a number from 1 to 65535")
    return int(text)


def _address(text: str) -> str:
    """The address of a site's folder, ending in a slash."""
    if not ADDRESS.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r:.60} is no address of a site; write it like https://digits.example/inkling"
        )
    return text.rstrip("/") + "/"


def name_address(index: Content, address: str) -> bytes:
    """An index.html that says which address it has, and the whole address of its picture for previews.

    Args:
        index: the page's; without an address it names neither, as what shows previews takes no relative one.
        address: of the site's folder, ending in a slash.
    """
    assert isinstance(index, bytes)
    lines = f"""<link rel="canonical" href="{address}">
    <meta property="og:url" content="{address}">
    <meta property="og:image" content="{address}preview.png">
    <meta name="twitter:card" content="summary_large_image">
    """
    return index.replace(b"<title>", f"{lines}<title>".encode())


def _serve(folder: Path, host: str, port: int) -> None:
    """Serve a written site until it is stopped."""
    try:
        server = open_server(folder, host, port)
    except SettingsError as error:
        sys.exit(f"error: {error}")
    shown = f"[{host}]" if ":" in host else host
    print(f"Served at http://{shown}:{server.server_address[1]}/ until Ctrl+C", flush=True)
    with server, suppress(KeyboardInterrupt):
        server.serve_forever()


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
    if ONE_FILE in contents:
        contents["index.html"] = offer_one_file(contents["index.html"], _size(contents[ONE_FILE]))
    large = [name for name, content in contents.items() if _size(content) > MAX_BYTES and name != ONE_FILE]
    assert not large, f"no web host takes files this large: {large}"
    old = _check_folder(folder)
    kept = {name for name in old if LESSON.fullmatch(name)} - _noted(folder) - set(contents)
    if kept:
        contents["lessons.json"] = list_lessons([*contents, *kept])
    contents |= find_offline_contents({**contents, **{name: folder / name for name in kept}})
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
    with suppress(BrokenPipeError):  # the reader of the output has ended, as in "… | head"
        main()
    close_output()
