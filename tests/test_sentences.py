"""What the page says: each sentence is named where it is said, and what is named is there."""

import re

from webapp.files import PAGE

CODE = {path: path.read_text("utf-8") for path in PAGE.rglob("*.js") if path.parent.name != "text"}
TEXTS = "".join(path.read_text("utf-8") for path in sorted((PAGE / "text").glob("*.js")))
KEYS = re.findall(r'^  "?([\w-]+)"?: "', TEXTS, re.MULTILINE)


def test_no_two_sentences_have_one_key():
    assert len(KEYS) == len(set(KEYS)) > 300


def test_every_sentence_is_named_in_the_code():
    named = {key for source in CODE.values() for key in re.findall(r'"([\w-]+)"', source)}
    assert set(KEYS) - named == set()


def test_every_sentence_that_is_asked_for_is_there():
    asked = [
        (path.name, key)
        for path, source in CODE.items()
        for key in re.findall(r'(?:\bsay|new InklingError|new MissingImages)\("([\w-]+)"', source)
    ]
    assert len(asked) > 200
    assert [each for each in asked if each[1] not in KEYS] == []


def test_an_error_names_its_sentence_and_is_no_text_itself():
    """The key is a text in quotes, or a name that stands for one."""
    given = [
        (path.name, what)
        for path, source in CODE.items()
        for what in re.findall(r"new (?:InklingError|MissingImages)\((.*)", source)
    ]
    assert [each for each in given if not re.match(r'"[\w-]+"[,)]|[a-z]\w*[,)]', each[1])] == []
