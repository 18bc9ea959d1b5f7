"""What the page is made of: every path that it may ask for, and the file or the content behind it."""

import hashlib
import json
import logging
import re
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mnist_core.checkpoints.card import CHECKPOINTS, Metadata, checkpoint_path, load_metadata
from mnist_core.drawings.archives import archive_paths
from mnist_core.drawings.strokes import HANDWRITINGS
from mnist_core.errors import CheckpointError
from mnist_core.runs.recipes import RUNS, Run

PAGE = Path(__file__).parent / "page"
CODE = {".js", ".css", ".wasm", ".c"}  # the ends of names of files in the folder that is named after them
IMPORT = re.compile(r'^(?:import|export)\s[^;"(=]*"(\.[^"]+)"', re.MULTILINE)  # not within a function
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".c": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
    ".gz": "application/gzip",
}
LESSON = re.compile(r"lessons/([a-z][\w-]{0,39})\.json")
LESSONS = ["training", "inside"]  # those that come with Inkling, in the order in which they are offered
Content = Path | bytes
log = logging.getLogger("inkling")


def find_contents(default_run: str, checkpoints: Path = CHECKPOINTS) -> dict[str, Content]:
    """Everything that the page may ask for.

    Args:
        default_run: id of the run that the page opens with; the first one if that cannot be shown.
        checkpoints: the folder of the checkpoints.

    Returns:
        Files, or content made here, by their paths relative to the page. MNIST's archives are named even
        while they are not here yet.

    Raises:
        CheckpointError: there is no intact checkpoint at all.
    """
    metadata = find_metadata(checkpoints)
    default_run = _check_default(default_run, metadata)
    page = {name: path for name, path in _page_files().items() if path.suffix not in CODE}
    code = {f"{name_code_folder()}/{name}": path for name, path in find_code().items()}
    weights = {f"checkpoints/{run.id}.safetensors": checkpoint_path(run, checkpoints) for run in metadata}
    detector = checkpoints / "detector.safetensors"
    return {
        **page,
        **code,
        "index.html": write_index(default_run),
        "lessons.json": list_lessons(page),
        "runs.json": describe_runs(metadata, default_run, checkpoints),
        "handwritings.json": HANDWRITINGS,
        **weights,
        **({"checkpoints/detector.safetensors": detector} if detector.is_file() else {}),
        **{f"mnist/{name}": path for name, path in archive_paths().items()},
    }


def list_lessons(paths: Iterable[str]) -> bytes:
    """The names of the lessons among these paths, as JSON, in the order in which the page offers them."""
    names = [found[1] for path in paths if (found := LESSON.fullmatch(path))]
    return json.dumps([*filter(names.__contains__, LESSONS), *sorted(set(names) - set(LESSONS))]).encode()


def _page_files() -> dict[str, Path]:
    """All files in the page's folder, by their paths below it."""
    return {path.relative_to(PAGE).as_posix(): path for path in sorted(PAGE.rglob("*")) if path.is_file()}


def find_code() -> dict[str, Path]:
    """Modules, styles and kernels, by their paths below the page's folder."""
    return {name: path for name, path in _page_files().items() if path.suffix in CODE}


def name_code_folder() -> str:
    """The folder that modules, styles and kernels lie in: two versions of them are never mixed.

    An open page asks for its own version, and if that is no more, says so.
    """
    content = hashlib.sha256()
    for name, path in find_code().items():
        content.update(f"{name} {path.stat().st_size} ".encode() + path.read_bytes())
    return f"code-{content.hexdigest()[:12]}"


def write_index(default_run: str) -> bytes:
    """The static page's index.html, which asks at once for every module that the first screen needs.

    Args:
        default_run: id of the run that the page opens with, whose checkpoint is asked for at once, too.
    """
    index, folder = (PAGE / "index.html").read_text(encoding="utf-8"), name_code_folder()
    others = [name for name in find_modules("main.js") if f'="{name}"' not in index]
    preloads = [f'<link rel="modulepreload" href="{name}">\n    ' for name in others]
    start, page = '<script type="module" src="main.js">', "<inkling-page"
    assert index.count(start) == index.count(page) == 1
    index = index.replace(start, "".join(preloads) + start).replace(
        page, f'{page} offline run="{default_run}"'
    )
    return re.sub(r'((?:src|href)=")([\w/]+\.(?:js|css)")', rf"\1{folder}/\2", index).encode()


def write_old_browser_note() -> str:
    """What index.html says to a browser that is too old, and the style that hides it, for another page."""
    style = re.search(r"@supports .*", (PAGE / "index.html").read_text(encoding="utf-8"))
    assert style
    return f"<style>{style[0]}</style>{find_old_browser_note()}"


def find_old_browser_note() -> str:
    """What index.html says to a browser that is too old."""
    note = re.search(r'<p class="old">.*</p>', (PAGE / "index.html").read_text(encoding="utf-8"))
    assert note
    return note[0]


def read_content(content: Content) -> bytes:
    """What is sent for a path."""
    return content if isinstance(content, bytes) else content.read_bytes()


def run_at(path: str) -> str:
    """The id of the run whose checkpoint lies at a path; "" for any other file, and for the detector."""
    found = re.fullmatch(r"checkpoints/(.+/.+)\.safetensors", path)
    return found[1] if found else ""


def find_modules(start: str) -> list[str]:
    """The paths, below the page's folder, of a module and all that it imports, directly or not, sorted.

    What a function imports when it is called does not count.
    """
    found, new = set(), {(PAGE / start).resolve()}
    while new:
        found |= new
        imported = {
            (module.parent / name).resolve()
            for module in new
            for name in IMPORT.findall(module.read_text(encoding="utf-8"))
        }
        new = imported - found
    return sorted(path.relative_to(PAGE.resolve()).as_posix() for path in found)


def media_type(path: str) -> str:
    """The media type of what lies behind a path of the page."""
    return MEDIA_TYPES.get(Path(path).suffix, "application/octet-stream")


def find_metadata(checkpoints: Path) -> dict[Run, Metadata]:
    """The metadata of all runs with an intact checkpoint; the others are logged.

    Raises:
        CheckpointError: there is no intact checkpoint at all.
    """
    metadata = {}
    for run in RUNS.values():
        try:
            metadata[run] = load_metadata(checkpoint_path(run, checkpoints))
        except CheckpointError as error:
            log.warning("%s is left out: %s", run.id, error)
    if not metadata:
        raise CheckpointError(f"No run in {checkpoints} can be shown; restore Inkling's checkpoints.")
    return metadata


def _check_default(default_run: str, metadata: dict[Run, Metadata]) -> str:
    """The run that the page opens with: this one if it can be shown, else the first that can."""
    ids = [run.id for run in metadata]
    if default_run in ids:
        return default_run
    log.warning("%s cannot be shown; the page opens with %s", default_run, ids[0])
    return ids[0]


def describe_runs(metadata: dict[Run, Metadata], default_run: str, checkpoints: Path) -> bytes:
    """The page's list of runs, as JSON: what it must know of a run before its checkpoint is loaded."""
    runs = [
        {
            "id": run.id,
            "architecture": {
                "id": run.architecture.id,
                "hidden": [asdict(layer) for layer in run.architecture.hidden],
            },
            "input_range": list(run.recipe.input_range),
            "parameters": run.architecture.parameters,
            "steps": list(each.steps),
            "images_seen": list(each.images_seen),
            "accuracy": each.card.scores[-1].accuracy,
            "published": run.recipe.published,
            "fine_tuning_rate": run.fine_tuning_rate,
            "fine_tuning_share": run.fine_tuning_share,
            "bytes": checkpoint_path(run, checkpoints).stat().st_size,
            "tutorial": _tutorial_recipe(run),
        }
        for run, each in metadata.items()
    ]
    return json.dumps({"default": default_run, "runs": runs}, separators=(",", ":")).encode()


def _tutorial_recipe(run: Run) -> dict[str, Any]:
    """How the tutorial trains a run's architecture, as a card says it: a training in the page begins so."""
    recipe = RUNS[f"{run.architecture.id}/published"].recipe
    return {
        "optimizer": recipe.optimizer,
        "learning_rate": recipe.learning_rate,
        "batch_size": recipe.batch_size,
        "epochs": recipe.epochs,
        "published": "",
        "momentum": recipe.momentum,
        "loss": recipe.loss,
        "shuffled": recipe.shuffled,
        "input_range": list(recipe.input_range),
        "dropout": any(layer.dropout for layer in run.architecture.hidden),
        "training_images": 60_000,
        "shuffled_labels": False,
        "shuffled_share": 0,
        "left_out": [],
        "rates": [],
        "source": "mnist",
    }
