"""The static site, served by Python's own web server, for browser tests, benchmarks and pictures."""

import functools
import http.server
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp.files import find_contents
from webapp.one_file import cut_archive
from webapp.serving import SiteServer
from webapp.settings import read_settings
from webapp.site import write_site


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without writing a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(folder: Path, handler_class: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """Serve a folder; gives the address."""
    handler = functools.partial(handler_class, directory=str(folder))
    with SiteServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def write_static_site(
    folder: Path, *, mnist: bool = True, test_images: int | None = None, is_kept: bool = False
) -> Path:
    """Write the site into a folder, on request without MNIST's archives, or with so many test images only.

    Unless `is_kept`, no service worker keeps it: tests could put no file in another's place.
    """
    contents = find_contents(read_settings({}).default_run)
    kept = {name: content for name, content in contents.items() if mnist or not name.startswith("mnist/")}
    for name in kept:
        if test_images and name.startswith("mnist/t10k"):
            kept[name] = cut_archive(kept[name], test_images)
    if not is_kept:
        index = kept["index.html"]
        assert isinstance(index, bytes)
        kept["index.html"] = index.replace(b"<inkling-page offline", b"<inkling-page")
    write_site(folder, kept)
    return folder


@contextmanager
def running_site(*, mnist: bool = True, test_images: int | None = None) -> Iterator[str]:
    """The address of the static site until the block ends; see `write_static_site`."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(write_static_site(Path(folder), mnist=mnist, test_images=test_images)) as url,
    ):
        yield url
