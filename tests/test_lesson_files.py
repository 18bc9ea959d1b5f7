"""Lessons' files: those of Inkling are sound; of a damaged one the page says which line is wrong, and why."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from node import run_node

from mnist_core.checkpoints.card import CHECKPOINTS
from mnist_core.runs.recipes import DEFAULT_RUN
from webapp.files import PAGE, describe_runs, find_metadata

FILES = sorted((PAGE / "lessons").glob("*.json"))
TRAINING = (PAGE / "lessons" / "training.json").read_text("utf-8")


def read_on_page(texts: list[str], folder: Path) -> list[str | None]:
    """Of each text the sentence with which the page refuses it, or None where it is a lesson."""
    runs, files = folder / "runs.json", folder / "texts.json"
    runs.write_bytes(describe_runs(find_metadata(CHECKPOINTS), DEFAULT_RUN, CHECKPOINTS))
    files.write_text(json.dumps(texts), encoding="utf-8")
    return json.loads(run_node("lesson_files.js", runs, files))


def test_the_lessons_that_come_with_inkling_are_sound(tmp_path: Path) -> None:
    assert len(FILES) >= 2
    assert read_on_page([path.read_text("utf-8") for path in FILES], tmp_path) == [None] * len(FILES)


def changed(old: str, new: str) -> str:
    """The first lesson's file with the first place of a text changed."""
    assert old in TRAINING
    return TRAINING.replace(old, new, 1)


def line_of(text: str, what: str) -> int:
    """The line on which something stands for the first time."""
    return text[: text.index(what)].count("\n") + 1


WRONG = {  # what is changed, what stands on the line that is named, and what is said of it
    "a comma too many": ('"minutes": 10,', '"minutes": 10,,', "10,,", "cannot be read from here on: ,"),
    "a minute short": ('"minutes": 10', '"minutes": 0.5', "0.5", "from 1 to 300, not 0.5"),
    "a field twice": ('"minutes": 10', '"title": 10', '"title": 10', 'names "title" a second time'),
    "a question gone": ('"question"', '"questions"', '{\n      "questions', "has no “question”"),
    "a run unknown": ("run=relu-50/published", "run=relu-51/published", "relu-51", "cannot be opened"),
    "a step unknown": ("step=0", "step=3", "step=3", "cannot be opened"),
    "a part unknown": ('["pad", "answer"]', '["pad", "anser"]', "anser", "No part of the page is called"),
    "two views": ('"learning"]', '"learning", "input"]', '"input"]', "one view of the stage"),
    "a figure unknown": (
        "at {sure}",
        "at {certain}",
        "{certain}",
        'No figure that fits here is called "certain"',
    ),
    "a figure of no run": ("at {sure}", "at {sure@nobody}", "nobody", 'No run is called "nobody"'),
    "a bet on a text": ('"figure": "digit"', '"figure": "story"', '"story"', "No figure that fits here"),
    "a choice for nothing": (
        '"text": "About one in ten", "below": 0.3',
        '"text": "Few"',
        '"Few"',
        "so that it can come true",
    ),
    "no list": ('["pad", "answer"]', '"pad"', '"after": "pad"', "A list of 0 to 13 is needed"),
    "a move unknown": ('"play": true', '"plays": true', '"plays"', 'has no field "plays"'),
    "another format": (
        "inkling lesson 1",
        "inkling lesson 9",
        "lesson 9",
        "this page reads “inkling lesson 1”",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_of_a_wrong_file_the_line_and_the_reason_are_said(name: str, tmp_path: Path) -> None:
    old, new, wrong, reason = WRONG[name]
    text = changed(old, new)
    [said] = read_on_page([text], tmp_path)
    assert said
    assert f"Line {line_of(text, wrong)}" in said
    assert reason in said


def damaged(dice: random.Random) -> str:
    """A lesson's file with another value, a field that is gone, or letters changed, cut out or doubled."""
    text = dice.choice(FILES).read_text("utf-8")
    if dice.random() < 0.5:
        start = dice.randrange(len(text))
        end = start + dice.randrange(1, 30)
        middle = dice.choice(["", text[start:end] * 2, dice.choice('{}[]",:é\\\t0'), "\n"])
        return text[:start] + middle + text[end:] if dice.random() < 0.9 else text[:start]
    lesson = json.loads(text)
    parent, key = dice.choice(list(places(lesson)))
    if isinstance(parent, dict) and dice.random() < 0.4:
        del parent[key]
    else:
        parent[key] = dice.choice([None, -1, 1e99, "", "x" * 900, [], {}, True, [[]], {"kind": "digit"}])
    return json.dumps(lesson, indent=2)


def places(value: Any) -> Any:
    """Every place in a lesson that holds a value: the list or object, and the position or name in it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, inner in items:
        yield value, key
        yield from places(inner)


def test_of_500_damaged_files_each_is_read_or_refused_with_a_line(tmp_path: Path) -> None:
    dice = random.Random(7)
    texts = [damaged(dice) for _ in range(500)]
    said = read_on_page(texts, tmp_path)
    refused = [(text, sentence) for text, sentence in zip(texts, said, strict=True) if sentence]
    assert len(refused) > 350
    for text, sentence in refused:
        named = re.search(r"(?:^|\b)[Ll]ine (\d+)", sentence)
        assert named, sentence
        assert 1 <= int(named[1]) <= text.count("\n") + 1
        assert "undefined" not in sentence
        assert len(sentence) < 700
