"""Damaged UNIPEN files: the small sound ones, changed by chance in ways that readers disagree on."""

import random
from collections.abc import Callable

from unipen_files import MADE, two_writers

SOUND = [
    MADE,
    f".X_DIM 500\n.Y_DIM 500\n{MADE}",
    two_writers(20),
    MADE.replace("\n.PEN_DOWN", "\n.COMMENT a b c d\n.PEN_DOWN"),
]
BLANKS = [" ", "  ", "\t", "\t \t", "\v", "\f", "\x1c", "\x1f", "\x85", "\xa0", "\u1680", "\u2003", "\u2028"]
BLANKS += ["\u3000", "\ufeff", "\u200b", "\0", ""]
LINE_ENDS = ["\r", "\r\n", "\n\r", "\n\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
NUMBERS = [
    "NaN",
    "nan",
    "inf",
    "-Infinity",
    "1e999",
    "-1e999",
    "1e-999",
    "1e9",
    "-1e9",
    "1000000001",
    "1e308",
]
NUMBERS += ["-0", "+0", "-0.0", "0x10", "0b1", "0o7", "1_000", "1,5", "1.5.2", "1.", ".5", ".", "-", "+-1"]
NUMBERS += ["1e5", "1E+2", "1e", "e5", "--1", "5f", "1d3", "1j", "True", "null", "12e-3", "5e-324", "3e-310"]
NUMBERS += ["\u0661\u0662", "\uff11\uff12", "\u00b2", "\u2212" + "5", "\U0001d7d8", "9" * 25, "0." + "3" * 40]
NUMBERS += ["0" * 400 + "7", "1" + "0" * 400, "123456789012345678901234567890e-20", "0.1" + "0" * 900 + "1"]
WORDS = [".PEN_DOWN", ".PEN_UP", ".COMMENT", ".SEGMENT", ".X_DIM", ".Y_DIM", ".pen_down", ".DT", ".", "..."]
WORDS += [
    "digit",
    "7",
    '"',
    "'",
    "#",
    "é",
    "👍",
    "\\",
    "//",
    "__proto__",
    "constructor",
    ".COMMENT.",
    "COMMENT",
]
LINES = [
    ".COMMENT",
    ".COMMENT one",
    ".COMMENT one two",
    ".COMMENT\tone\ttwo",
    ".COMMENT  ",
    ".comment one two",
]
LINES += [".PEN_DOWN", ".PEN_UP", ".PEN_DOWN 5 5", ".PEN_DOWN\t", ".pen_up", ".START_BOX", ".DT 100", ".5 .5"]
LINES += [
    '.SEGMENT DIGIT 3 ? "3"',
    '.SEGMENT\tDIGIT 3 ? "3"',
    '.SEGMENT "3"',
    ".SEGMENT",
    '.SEGMENT D 3 ? ""',
]
LINES += ['.segment DIGIT 3 ? "3"', '.SEGMENT D 3 ? "3" "4"', '.SEGMENT D 3 ? "33"', ".SEGMENT D 3 ? '3'"]
LINES += [
    '.SEGMENT"5"',
    '.SEGMENT D 3 ? "\u0663"',
    '.SEGMENT D 3 ? """',
    '.SEGMENT D ? "3',
    '.SEGMENTS ? "3"',
]
LINES += [".X_DIM 500", ".Y_DIM 500", ".X_DIM\t500", ".Y_DIM\t500", ".X_DIM 1e3", ".X_DIM -5", ".X_DIM 0500"]
LINES += [
    ".Y_DIM \u0665\u0660\u0660",
    ".X_DIM 500 500",
    ".X_DIM",
    ".X_DIM 9999999999",
    ".COORD Y X",
    ".COORD X Y",
]
LINES += ["100", "1 2 3 4 5", "1 2 rest of the line", "x y", "", " ", "300\t400", "300\xa0400", "\ufeff"]
LINES += ["<html>", "{}", "1;2", "300,400"]

Change = Callable[[str, random.Random], str]


def _in_lines(change: Callable[[list[str], int, random.Random], None]) -> Change:
    """A change of the list of lines at a place in it."""

    def changed(text: str, dice: random.Random) -> str:
        lines = text.split("\n")
        change(lines, dice.randrange(len(lines)), dice)
        return "\n".join(lines)

    return changed


def _in_words(change: Callable[[list[str], int, random.Random], None]) -> Change:
    """A change of the words, as single blanks part them, of a line."""

    def changed(lines: list[str], place: int, dice: random.Random) -> None:
        words = lines[place].split(" ")
        change(words, dice.randrange(len(words)), dice)
        lines[place] = " ".join(words)

    return _in_lines(changed)


def _swap(lines: list[str], place: int, dice: random.Random) -> None:
    other = dice.randrange(len(lines))
    lines[place], lines[other] = lines[other], lines[place]


def _number(lines: list[str], place: int, dice: random.Random) -> None:
    """A number in the place of a point's x or y."""
    points = [number for number, line in enumerate(lines) if line.strip()[:1].isdigit()]
    if points:
        place = dice.choice(points)
        words = lines[place].split()
        words[dice.randrange(len(words))] = dice.choice(NUMBERS)
        lines[place] = " ".join(words)


def _characters(text: str, dice: random.Random) -> str:
    """Any character anywhere, in the place of up to two others."""
    place = dice.randrange(len(text) + 1)
    inserted = chr(
        dice.choice([dice.randrange(128), dice.randrange(0xD800), dice.randrange(0xE000, 0x110000)])
    )
    return text[:place] + inserted + text[place + dice.randrange(3) :]


def _cut(text: str, dice: random.Random) -> str:
    return text[: dice.randrange(len(text) + 1)]


def _drop(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text) + 1)
    return text[:place] + text[place + dice.randrange(60) :]


def _long(text: str, dice: random.Random) -> str:
    """More points, or strokes, than a drawing has, or just as many."""
    more = (
        dice.choice([9_995, 9_996, 20_000]) * "1 1\n",
        dice.choice([197, 198, 199, 300]) * ".PEN_DOWN\n1 1\n",
    )
    return text.replace(".DT 100\n", f".PEN_DOWN\n{more[0]}" if dice.random() < 0.5 else more[1])


CHANGES: list[Change] = [
    _in_lines(lambda lines, place, dice: lines.insert(place, dice.choice(LINES))),
    _in_lines(lambda lines, place, dice: lines.insert(place, dice.choice(LINES))),
    _in_lines(lambda lines, place, dice: lines.__setitem__(place, dice.choice(LINES))),
    _in_lines(lambda lines, place, dice: lines.insert(place, lines[place])),
    _in_lines(lambda lines, place, dice: lines.__delitem__(place)),
    _in_lines(lambda lines, place, dice: lines.__setitem__(place, _cut(lines[place], dice))),
    _in_lines(lambda lines, place, dice: lines.__setitem__(place, dice.choice(BLANKS) + lines[place])),
    _in_lines(lambda lines, place, dice: lines.__setitem__(place, lines[place] + dice.choice(BLANKS))),
    _in_lines(lambda lines, place, dice: lines.__setitem__(place, lines[place].lower())),
    _in_lines(_swap),
    _in_lines(_number),
    _in_lines(_number),
    _in_words(lambda words, place, dice: words.insert(place, dice.choice(WORDS))),
    _in_words(lambda words, place, dice: words.__setitem__(place, dice.choice(WORDS + NUMBERS))),
    _in_words(lambda words, place, dice: words.__delitem__(place)),
    lambda text, dice: text.replace(" ", dice.choice(BLANKS), dice.choice([1, 9, -1])),
    lambda text, dice: text.replace("\n", dice.choice(LINE_ENDS), dice.choice([1, 9, -1])),
    lambda text, dice: dice.choice(["\ufeff", "\ufeff\ufeff", "\0", "\f"]) + text,
    lambda text, dice: text.replace(".PEN_UP\n", "", dice.choice([1, -1])),
    lambda text, dice: text.replace('"', dice.choice(["'", '""', "”", ""]), dice.choice([1, 9, -1])),
    _characters,
    _characters,
    _cut,
    _drop,
]
FEW: list[Change] = [lambda text, dice: "", _long]  # of one file in fifty


def damaged_files(count: int, *, seed: int) -> list[bytes]:
    """Files that are a sound one but for one to four changes; some are no UTF-8."""
    dice = random.Random(seed)
    files = []
    for _ in range(count):
        text = dice.choice(SOUND)
        for _ in range(dice.choice([1, 1, 2, 4])):
            text = dice.choice(FEW if dice.random() < 0.02 else CHANGES)(text, dice)
        content = text.encode()
        if dice.random() < 0.05:
            place = dice.randrange(len(content) + 1)
            content = (
                content[:place] + dice.randbytes(dice.randrange(1, 4)) + content[place + dice.randrange(3) :]
            )
        files.append(content)
    return files
