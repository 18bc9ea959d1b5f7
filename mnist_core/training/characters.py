"""Letters and symbols that people drew (UNIPEN): which of them are no digits, and who drew them."""

from string import ascii_lowercase, ascii_uppercase

from mnist_core.drawings.strokes import Character
from mnist_core.drawings.unipen import read_characters
from mnist_core.drawings.unipen_archive import unipen_folder
from mnist_core.errors import DataError

# What is drawn like a digit is neither learned as none, nor counted where it is refused: by reason.
LIKE_A_DIGIT = {
    "a closed loop, as a 0": "oOD",
    "a loop with a tail, as a 0, a 2 or a 9": "Q",
    "a stroke, with or without a dot, a bar or a hook, as a 1": "lIi!|j",
    "two bars on a diagonal, as a 2 or a 7": "zZ",
    "the curve of a 5": "sS",
    "a 6 or its mirror's curve, as a 6": "bG",
    "a loop with a tail to the right or to the left, as a 9": "gq",
    "two loops on a stem, as an 8": "B",
    "a fork on a tail, as a 4 or a 9": "y",
    "a stem with a bar, as a 4, a 7 or a 1": "tT",
    "a stroke, straight, bent or lying, which fills the box as a 1 does": "'`,/-_()",
    "dots, which many drew as strokes": ".:;",
    "brackets, as a 1 with bars or a 3": "[]{}",
}
_EXCLUDED = set("".join(LIKE_A_DIGIT.values()))
LETTERS = [letter for letter in ascii_uppercase + ascii_lowercase if letter not in _EXCLUDED]
SYMBOLS = list("#$%&*+<=>?@^~")


def load_characters(name: str) -> list[Character]:
    """Read UNIPEN's digits, letters or symbols, but for what is drawn like a digit and is none.

    Args:
        name: "digits", "letters" or "symbols".

    Raises:
        DataError: the file is not there; the text says what it must hold.
    """
    path = unipen_folder() / f"{name}.unipen"
    if not path.is_file():
        raise DataError(
            f"No characters at {path}; the detector learns from UNIPEN's digits, letters and symbols. Make "
            'the files with "python -m mnist_core unipen ARCHIVE FOLDER", or set UNIPEN to their folder.'
        )
    return [entry for entry in read_characters(path) if entry.label not in _EXCLUDED]


def donor_of(hand: str) -> str:
    """Who gave a writer's file to UNIPEN: the first part of its name."""
    return hand.split("/")[0]
