"""Serve a written site: compressed, and with types that no registry of the machine's can change."""

import gzip
import sys
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

from mnist_core.errors import SettingsError
from webapp.files import media_type

# What compressing makes much smaller:
PACKED = {".html", ".css", ".js", ".json", ".wasm", ".svg", ".webmanifest"}
IDLE_SECONDS = 60  # after which a connection is closed


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves the files of a folder, and lists none."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS

    def guess_type(self, path: Any) -> str:  # noqa: ANN401 - as the overridden method
        """A file's media type."""
        return media_type(str(path))

    def send_head(self) -> Any:  # noqa: ANN401 - as the overridden method
        """The reply's headers; its body, a file to be read, or None."""
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        accepts = "gzip" in self.headers.get("accept-encoding", "")
        if not (accepts and path.suffix in PACKED and path.is_file()):
            return super().send_head()
        content = _pack(path, path.stat().st_mtime_ns)
        self.send_response(HTTPStatus.OK)
        self.send_header("content-type", self.guess_type(path))
        self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        return BytesIO(content)

    def end_headers(self) -> None:
        """What lies in a folder named after its content never changes; all else is asked for again."""
        is_code = "/code-" in self.path
        self.send_header("cache-control", "max-age=31536000, immutable" if is_code else "no-cache")
        self.send_header("vary", "accept-encoding")
        super().end_headers()

    def list_directory(self, path: Any) -> None:  # noqa: ANN401 - as the overridden method
        """A folder is no file."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:
        """Write no line for a request."""


class SiteServer(ThreadingHTTPServer):
    """Says nothing of visitors who leave, or who have enough of a file."""

    def handle_error(self, request: Any, client_address: object) -> None:  # noqa: ANN401 - as the overridden method
        """Print an error that is the server's own."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@lru_cache(maxsize=500)
def _pack(path: Path, changed: int) -> bytes:
    """A file's content, compressed; `changed` is when it last was."""
    return gzip.compress(path.read_bytes(), 6)


def open_server(folder: Path, host: str, port: int) -> SiteServer:
    """A server of a folder, to be started by its `serve_forever`; port 0 is any free one.

    Raises:
        SettingsError: nothing can be served at this address.
    """
    try:
        return SiteServer((host, port), partial(SiteHandler, directory=str(folder)))
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(
            f"Nothing can be served at {host}, port {port}: {reason}. Name another port: --serve PORT."
        ) from None
