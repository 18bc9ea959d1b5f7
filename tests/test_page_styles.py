"""The page's styles keep to what every engine does, as far as that can be read off them."""

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
    # In a shadow root WebKit restyles neither descendants nor siblings of what has something new.
    assert [selector for selector in selectors(style) if not re.search(r":has[^\s>+~]*$", selector)] == []
