"""What only the static site has: the worker that keeps it for later, manifest and icons."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from webapp.files import LESSON, Content, read_content, run_at

ONE_FILE = "inkling.html"  # the page as one file, where a site carries it: kept by whoever takes it
STATIC = Path(__file__).parent / "static"
WORKER = "service_worker.js"
# Of the worker, written anew for each site:
LINES = re.compile(r"^const (VERSION|FIRST|LATER) = .*$", re.MULTILINE)


def find_offline_contents(contents: Mapping[str, Content]) -> dict[str, Content]:
    """The worker, for a site of these files, and what lets the site be installed, by their paths."""
    files = {path.name: path for path in STATIC.iterdir() if path.suffix in (".png", ".webmanifest")}
    return {**files, WORKER: write_worker({**contents, **files})}


def write_worker(contents: Mapping[str, Content]) -> bytes:
    """The service worker of a site of these files.

    First it keeps all of them but MNIST and those networks that neither the page opens with nor a lesson
    names: an interrupted visit keeps nothing. These networks follow; MNIST once it was asked for.
    """
    hashes = {name: _digest(content) for name, content in sorted(contents.items()) if name != ONE_FILE}
    naming = [name for name in contents if LESSON.fullmatch(name) or name == "index.html"]
    needed = b"".join(read_content(contents[name]) for name in naming).decode(errors="replace")
    later = {name for name in hashes if name.startswith("mnist/") or run_at(name) not in needed}
    version = hashlib.sha256(json.dumps(hashes).encode()).hexdigest()[:12]
    values = {
        "VERSION": version,
        "FIRST": {name: digest for name, digest in hashes.items() if name not in later},
        "LATER": {name: digest for name, digest in hashes.items() if name in later},
    }
    source = (STATIC / WORKER).read_text(encoding="utf-8")
    return LINES.sub(lambda line: f"const {line[1]} = {json.dumps(values[line[1]])};", source).encode()


def _digest(content: Content) -> str:
    return hashlib.sha256(read_content(content)).hexdigest()
