"""A small UNIPEN archive made by hand, and the characters that are made of one."""

import re

import pytest

from mnist_core.drawings.unipen_archive import unipen_texts
from mnist_core.errors import DataError

# Three stretches with the pen down: within 100 to 400, so that they stay as they are in a box of 500 × 500.
COORDINATES = """\
.COMMENT  Made by hand
.COORD X Y
.PEN_DOWN
100 100
200 100
400 400
.PEN_UP
999 999
.PEN_DOWN
100 400
400 100
.PEN_UP
.START_BOX
.PEN_DOWN
250 250
.PEN_UP
"""
FIRST, SECOND, POINT = [(100, 100), (200, 100), (400, 400)], [(100, 400), (400, 100)], [(250, 250)]


def listing(*segments, include="aga/data/one.dat"):
    """A file of the archive's `data`: segments as they stand after .SEGMENT CHARACTER."""
    lines = [f".SEGMENT CHARACTER {segment} " for segment in segments]
    return "\n".join([".VERSION 1.0", f".INCLUDE {include}", *lines, ""])


def characters(text):
    """Label, writer, number and strokes of every character of a UNIPEN text, read apart from the project."""
    found = []
    for part in text.split("\n.SEGMENT ")[1:]:
        [said] = re.findall(r"^\.COMMENT (\S+) (\S+) (\S+)$", part, re.M)
        strokes = [
            [tuple(map(int, line.split())) for line in stroke.split(".PEN_UP")[0].split("\n")[1:-1]]
            for stroke in part.split(".PEN_DOWN")[1:]
        ]
        found.append((*said, strokes))
    return found


def texts(root):
    made, problems = unipen_texts(root)
    assert problems == []
    return made


def labels(text):
    return "".join(label for label, *_ in characters(text))


def refusal(root):
    with pytest.raises(DataError) as caught:
        unipen_texts(root)
    return str(caught.value)
