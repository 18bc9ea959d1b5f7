"""The page's styles keep to what every engine does."""

import re
from pathlib import Path

import pytest

from webapp.files import PAGE

STYLES = sorted(PAGE.glob("*.css"))
IN_BRACKETS = re.compile(r"\([^()]*\)")


def selectors(style: Path) -> list[str]:
    """Every selector that says `:has`, without what stands in brackets."""
    text = re.sub(r"/\*.*?\*/", "", style.read_text(encoding="utf-8"), flags=re.DOTALL)
    while IN_BRACKETS.search(text):
        text = IN_BRACKETS.sub("", text)
    rules = re.findall(r"[^{}]+(?=\{)", text)
    return [selector.strip() for rule in rules for selector in rule.split(",") if ":has" in selector]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_has_stands_in_the_last_part_of_its_selector(style: Path) -> None:
    # In a shadow root WebKit restyles neither descendants nor siblings of what has something new; only
    # variables reach them, because they are inherited.
    assert [selector for selector in selectors(style) if not re.search(r":has[^\s>+~]*$", selector)] == []


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_no_colour_needs_light_dark(style: Path) -> None:
    # Safari has it from 17.5 on; elsewhere a property that uses it in a variable has no value at all.
    assert "light-dark(" not in style.read_text(encoding="utf-8")


def test_both_schemes_give_the_same_variables_a_colour() -> None:
    for style in STYLES:
        text = style.read_text(encoding="utf-8")
        light, dark = (colours(text, host) for host in (":host", ":host([dark])"))
        assert light == dark, style.name


def colours(text: str, selector: str) -> set[str]:
    """The variables that the first rule of a selector sets to a colour."""
    rule = re.search(re.escape(selector) + r" \{([^}]*)", text)
    return set(re.findall(r"(--[\w-]+): #", rule[1])) if rule else set()
