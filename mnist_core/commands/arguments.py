"""Arguments of the command lines: checked before any work begins, and refused in one line."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from mnist_core.errors import brief, one_line

MAX_SEED = 2**32 - 1  # as in the page


class Parser(argparse.ArgumentParser):
    """A parser that refuses arguments in one line, without the usage, and with exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments, and end."""
        self.exit(2, f"error: {one_line(message)} (see {self.prog} --help)\n")


class Distinct(argparse.Action):
    """An argument with several values, none of which may be given twice."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Take the values."""
        chosen = list(values or [])
        for value in chosen:
            self.check(value)
            if chosen.count(value) > 1:
                raise argparse.ArgumentError(self, f"{brief(value)} is given twice; give it once")
        setattr(namespace, self.dest, chosen)

    def check(self, value: Any) -> None:  # noqa: ANN401 - what the argument's type makes of a text
        """Check a single value."""


class Seeds(Distinct):
    """Seeds of trainings, none of which may be given twice."""

    def check(self, value: int) -> None:
        """Check that a seed is one that the page, PyTorch and a card take."""
        if not 0 <= value <= MAX_SEED:
            raise argparse.ArgumentError(
                self, f"{brief(value)} is no seed; give whole numbers from 0 to {MAX_SEED:,}"
            )


def whole_number(least: int, most: int = sys.maxsize) -> Callable[[str], int]:
    """The type of an argument that is a whole number, from `least` to `most`."""

    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text[:20]) < least:
            raise argparse.ArgumentTypeError(f"{brief(text)} is no whole number of at least {least}")
        if len(text) > 20 or int(text) > most:
            raise argparse.ArgumentTypeError(f"{brief(text)} is too large; give at most {most:,}")
        return int(text)

    return number
