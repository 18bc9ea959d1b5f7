"""Build the page and launch it."""

import ctypes
import logging
import os
import sys

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported

import torch

from webapp import handlers
from webapp.interface import build_page, launch_options
from webapp.samples import SamplePool

M_MMAP_THRESHOLD = -3  # of glibc's mallopt


def main() -> None:
    """Serve the page until it is stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return_freed_memory()
    torch.set_num_threads(1)  # one drawing is too small to share between cores
    pool = SamplePool()
    page = build_page(pool)
    handlers.warm_up()
    pool.start()
    page.launch(**launch_options())


def return_freed_memory() -> None:
    """Have Linux's allocator give back large blocks when they are freed; 10 MB less stay resident."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, 65536)


if __name__ == "__main__":
    main()
