"""Read the settings, build the page, and serve it."""

import ctypes
import inspect
import logging
import os
import socket
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported

import torch
import uvicorn
from starlette.types import ASGIApp

from mnist_core.errors import InklingError, SettingsError
from webapp import handlers
from webapp.runs import choose_default, find_heads
from webapp.samples import SamplePool
from webapp.settings import Settings, read_settings

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of glibc's mallopt
KEEP_ALIVE = 75  # seconds; longer than a proxy keeps its connections, so that it never meets a closed one
log = logging.getLogger("inkling")


def main() -> None:
    """Serve the page until it is stopped."""
    started = time.perf_counter()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    torch.set_num_threads(1)  # one drawing is too small to share between cores
    try:
        settings = read_settings(os.environ)
        build_app = import_page()
        return_freed_memory(65_536)
        listening = listen(settings)
        heads = find_heads()
    except InklingError as error:
        sys.exit(f"error: {error}")
    pool = SamplePool()
    default_run = choose_default(heads, settings.default_run)
    app = build_app(heads, default_run, pool, settings.root_path)
    handlers.warm_up(default_run)
    return_freed_memory(4_000_000)  # what an answer needs, 2 MB, is kept for the next one
    pool.start()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=KEEP_ALIVE
    )
    log.info("%d runs, ready after %.1f s", len(heads), time.perf_counter() - started)
    print(f"Inkling runs at http://{settings.host}:{settings.port}{settings.root_path}", flush=True)
    uvicorn.Server(config).run(sockets=[listening])


def import_page() -> Callable[..., ASGIApp]:
    """`build_app`, and with it Gradio, which must not meet a port that is none: it reads that when imported.

    Gradio writes a type stub beside every component whose file it finds, more than half of its import's time;
    so no class has a file meanwhile.
    """
    find_file = inspect.getfile

    def find_file_of_no_class(thing: Any) -> str:  # noqa: ANN401 - as inspect.getfile
        if isinstance(thing, type):
            raise OSError
        return find_file(thing)

    with patch.object(inspect, "getfile", find_file_of_no_class):
        from webapp.interface import build_app
    return build_app


def listen(settings: Settings) -> socket.socket:
    """The socket that visitors connect to; SettingsError if there can be none.

    Its connections send at once. Otherwise a reply's body waits until its head is acknowledged, 40 ms;
    asyncio sees to that only for sockets that it opens itself.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise SettingsError(
            f"Nothing can be served at {settings.host}, port {settings.port}: {error.strerror}. "
            "Set GRADIO_SERVER_NAME and GRADIO_SERVER_PORT to a free address."
        ) from None
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def return_freed_memory(size: int) -> None:
    """Have Linux's allocator give back blocks of this many bytes or more when they are freed.

    Small at first: 10 MB less stay resident after the start. Larger then: a block that is given back and
    asked for again costs a page fault every 4 kB, 400 for one answer, a third of its time.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, size)
        libc.mallopt(M_TRIM_THRESHOLD, 2 * size)


if __name__ == "__main__":
    main()
