"""The static site on a web server of this machine, for browser tests and benchmarks."""

import functools
import http.server
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp.files import find_contents
from webapp.settings import read_settings
from webapp.site import write_site


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without writing a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def running_site() -> Iterator[str]:
    """The address of the static site, until the block ends; with MNIST if it is on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        write_site(Path(folder), find_contents(read_settings({}).default_run))
        handler = functools.partial(QuietHandler, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_address[1]}/"
            server.shutdown()
