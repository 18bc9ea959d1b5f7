"""The end of a program that prints."""

import os
import sys


def close_output() -> None:
    """Write out what is left of standard output; where its reader has ended, as in "list | head", drop it.

    Python would do the first at its end, too, and show a traceback where it fails.
    """
    try:
        print(end="", flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
