"""The command line in tests: a drawing to give it, and what it prints where it refuses."""

from mnist_core.__main__ import main
from mnist_core.drawings.strokes import read_handwritings

SEVEN = next(entry.drawing for entry in read_handwritings() if entry.label == 7)


def one_line_refusal(capsys, *arguments):
    """Run a command that must be refused with exit code 2 and one line; the line."""
    assert main([str(argument) for argument in arguments]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n"), printed.err[:7]) == ("", 1, "error: ")
    return printed.err.removeprefix("error: ").rstrip("\n")
