"""Read the settings and launch the Gradio app."""

import gc
import logging
import os
import socket
import sys
import time
from unittest.mock import patch

from mnist_core.errors import InklingError, SettingsError
from webapp.files import find_contents
from webapp.mnist import start_fetching
from webapp.settings import Settings, read_settings

log = logging.getLogger("inkling")


def main() -> None:
    """Serve the page until it is stopped."""
    started = time.perf_counter()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = read_settings(os.environ)
        check_address(settings)
        contents = find_contents(settings.default_run)
    except InklingError as error:
        sys.exit(f"error: {error}")
    import_gradio()
    from webapp.interface import build_page, launch

    page = build_page()
    launch(page, settings, contents)
    log.info("Launched after %.1f s", time.perf_counter() - started)
    print(f"Inkling runs at {settings.url}", flush=True)
    start_fetching()  # now: its process would slow the start down
    page.block_thread()


def import_gradio() -> None:
    """Import Gradio with what this app wants to be set by then.

    Gradio writes a type stub beside every component whose file it finds, half of the time that its import
    takes (2.6 s instead of 1.4); so no file is found meanwhile.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")  # else it sums up at every call
    os.environ.pop("GRADIO_SERVER_NAME", None)  # given to `launch`; by itself Gradio knows no IPv6 address
    gc.disable()  # hardly anything that an import makes is garbage: 0.3 s less
    with patch("inspect.getfile", side_effect=OSError):
        import gradio  # noqa: F401
    gc.enable()


def check_address(settings: Settings) -> None:
    """SettingsError if nothing can be served at the host and port."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        raise SettingsError(
            f"Nothing can be served at {settings.host}, port {settings.port}: {error.strerror}. "
            "Set GRADIO_SERVER_NAME and GRADIO_SERVER_PORT to a free address."
        ) from None


if __name__ == "__main__":
    main()
