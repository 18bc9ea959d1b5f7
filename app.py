"""Read the settings and launch the Gradio app."""

import logging
import os
import socket
import sys
import time

from mnist_core.errors import InklingError, SettingsError
from webapp.fetching import start_fetching
from webapp.files import find_contents
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
    prepare_gradio()
    from webapp.interface import build_page, launch

    page = build_page(settings.default_run)
    launch(page, settings, contents)
    log.info("Launched after %.1f s", time.perf_counter() - started)
    print(f"Inkling runs at {settings.url}", flush=True)
    start_fetching()  # after the launch: its process would slow the start down
    page.block_thread()


def prepare_gradio() -> None:
    """Set what Gradio reads from the environment while it is imported."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault(
        "GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000"
    )  # otherwise Gradio sums up its analytics at every call
    os.environ.pop("GRADIO_SERVER_NAME", None)  # `launch` gets it; Gradio itself cannot read IPv6 addresses


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
