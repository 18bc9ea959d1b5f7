"""The one argument that every benchmark takes: --quick, its smallest form."""

import argparse


def is_quick(purpose: str | None) -> bool:
    """Read a benchmark's command line, and tell whether it asks for each thing only once.

    Args:
        purpose: the benchmark's docstring; its first line says what --help shows.
    """
    parser = argparse.ArgumentParser(description=(purpose or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="each thing once: it runs, whatever its figures")
    return parser.parse_args().quick
