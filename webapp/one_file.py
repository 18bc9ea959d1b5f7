"""Write the page as one HTML file, which opens from a disk or on a learning platform and asks for nothing.

Its modules are bundled by esbuild, from npm, into one script and one for the worker: opened from a disk, a
page may load neither modules nor workers that are modules.
"""

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mnist_core.checkpoints.atomic_write import atomic_write
from mnist_core.drawings.archives import is_complete
from mnist_core.errors import SettingsError
from mnist_core.runs.recipes import find_run
from webapp.files import PAGE, Content, find_old_browser_note, read_content, run_at
from webapp.offline import STATIC

ROOT = PAGE.parent.parent
ESBUILD = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
MAX_BYTES = 30_000_000  # of the file
IMAGES = 10_000  # of MNIST's training images, and of its test images
LEFT_OUT = {".png", ".svg", ".c", ".js", ".md", ".html"}  # files with these ends are not laid in
DEFAULT_RUNS = [
    *(f"{network}/{recipe}" for network in ("relu-50", "relu-96-256") for recipe in ("published", "robust")),
    "relu-50/100-images",
    "relu-50/shuffled-labels",
]


def write_one_file(path: Path, contents: Mapping[str, Content], runs: Sequence[str], default_run: str) -> int:
    """Write the page into one file.

    Args:
        path: of the file; one that is there is replaced.
        contents: from `find_contents`.
        runs: ids of the runs that it can show.
        default_run: id of the one that it opens with; the first if that is not among them.

    Returns:
        Its size in bytes.

    Raises:
        SettingsError: there is no node or no esbuild, a run is unknown, the file would be too large or cannot
            be written.
    """
    text = make_one_file(contents, runs, default_run).encode()
    if len(text) > MAX_BYTES:
        raise SettingsError(
            f"With these runs the file would have {len(text):,} bytes, more than {MAX_BYTES:,}; name fewer."
        )
    try:
        with atomic_write(path) as partial:
            partial.write_bytes(text)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written ({error.strerror}); name another file.") from error
    return len(text)


def make_one_file(contents: Mapping[str, Content], runs: Sequence[str], default_run: str) -> str:
    """The text of the page as one file; see `write_one_file`."""
    chosen = [find_run(run).id for run in runs]
    missing = [run for run in chosen if f"checkpoints/{run}.safetensors" not in contents]
    if missing or not chosen:
        raise SettingsError(f"{', '.join(missing) or 'No run'} can be shown here; name other runs.")
    default_run = default_run if default_run in chosen else chosen[0]
    script, worker = bundle("main.js"), bundle("training_worker.js")
    style = re.findall(r"<style>(.*?)</style>", (PAGE / "index.html").read_text(encoding="utf-8"), re.S)[0]
    files = {name: _pack(name, content) for name, content in _needed(contents, chosen, default_run).items()}
    laid_in = [f'<script type="text/plain" id="training_worker.js">{worker}</script>']
    laid_in += [f'<script type="text/plain" id="{name}">{text}</script>' for name, text in files.items()]
    values = {
        "script_hash": _hash(script),
        "style_hash": _hash(style),
        "icon": base64.b64encode((PAGE / "icon.svg").read_bytes()).decode(),
        "style": style,
        "old": find_old_browser_note(),
        "run": default_run,
        "files": "\n".join(laid_in),
        "script": script,
    }
    template = (STATIC / "one_file.html").read_text(encoding="utf-8")
    return re.sub(r"\{(\w+)\}", lambda place: values[place[1]], template)


def bundle(start: str) -> str:
    """A module and all that it imports as one classic script, in which files come out of the document.

    Raises:
        SettingsError: there is no node or no esbuild.
    """
    if not shutil.which("node") or not ESBUILD.exists():
        raise SettingsError(
            f'The page as one file needs node and esbuild: install node, and run "npm ci" in {ROOT}.'
        )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "page"
        shutil.copytree(PAGE, copy)
        shutil.copyfile(STATIC / "files_inside.js", copy / "files.js")
        options = ["--bundle", "--format=iife", "--charset=utf8", "--minify-whitespace", "--log-level=error"]
        made = subprocess.run(
            [ESBUILD, start, *options],
            cwd=copy,
            capture_output=True,
            encoding="utf-8",
        )
    if made.returncode:
        raise SettingsError(f"esbuild cannot bundle {start}: {made.stderr.strip().splitlines()[0]}")
    return made.stdout


def offer_one_file(index: Content, size: int) -> bytes:
    """A static site's index.html, whose page offers the one file of so many bytes beside it."""
    assert isinstance(index, bytes)
    return index.replace(b"<inkling-page ", f'<inkling-page take="{size / 1e6:.0f}" '.encode())


def cut_archive(archive: Path, count: int) -> bytes:
    """The first images, or labels, of one of MNIST's archives, as an archive."""
    content = gzip.decompress(archive.read_bytes())
    header, size = (16, 784) if "images" in archive.name else (8, 1)
    count = min(count, int.from_bytes(content[4:8]))
    return gzip.compress(content[:4] + count.to_bytes(4) + content[8 : header + count * size], 6)


def _needed(contents: Mapping[str, Content], runs: Sequence[str], default_run: str) -> dict[str, Content]:
    """What the file holds, by path, as the page asks for it: code lies in no folder of its own."""
    needed: dict[str, Content] = {}
    for path, content in contents.items():
        name = re.sub(r"^code-[0-9a-f]+/", "", path)
        run = run_at(name)
        if Path(name).suffix in LEFT_OUT or (run and run not in runs):
            continue
        if name.startswith("mnist/"):
            assert isinstance(content, Path)
            if is_complete(content):
                needed[name] = cut_archive(content, IMAGES)
        else:
            needed[name] = content
    needed["runs.json"] = _list_runs(needed["runs.json"], runs, default_run)
    return needed


def _list_runs(content: Content, runs: Sequence[str], default_run: str) -> bytes:
    """The list of these runs; trainings begin with the training images that there are."""
    assert isinstance(content, bytes)
    listed = [run for run in json.loads(content)["runs"] if run["id"] in runs]
    for run in listed:
        run["tutorial"]["training_images"] = IMAGES
    return json.dumps({"default": default_run, "runs": listed}, separators=(",", ":")).encode()


def _pack(name: str, content: Content) -> str:
    """A file compressed, as text."""
    read = read_content(content)
    return base64.b64encode(read if name.endswith(".gz") else gzip.compress(read, 6, mtime=0)).decode()


def _hash(text: str) -> str:
    """What a content security policy calls an inline script or style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
