"""docs/lesson.md, read: its links, and what the page is said to say once each is open."""

import re
from dataclasses import dataclass
from pathlib import Path

from app_server import PROJECT

PATH = PROJECT / "docs" / "lesson.md"
LESSON = PATH.read_text(encoding="utf-8")
PICTURES = [Path(picture) for picture in re.findall(r"!\[[^]]+\]\((\S+)\)", LESSON)]


@dataclass(frozen=True)
class Link:
    """One lesson link: its name on the page, its fragment, its title, which is the verdict on its drawing."""

    name: str
    fragment: str
    verdict: str

    @property
    def said(self) -> list[str]:
        """What stands in italics after this link, up to the next one: the page's own words."""
        after = LESSON.split(f"][{self.name}]", 1)[1]
        part = re.split(r"\]\[|\n\[", after, maxsplit=1)[0].replace("**", "")
        return [" ".join(words.split()) for words in re.findall(r"\*([^*]+)\*", part)]


LINKS = [
    Link(*found)
    for found in re.findall(r'^\[([\w-]+)\]: http://127\.0\.0\.1:7860/(#\S+) "(.+)"$', LESSON, re.MULTILINE)
]
