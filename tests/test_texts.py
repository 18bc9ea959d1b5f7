"""What the texts name is there: files, sections, options and commands."""

import importlib.util
import re

import pytest
from app_server import PROJECT
from documented import MARKDOWN, PROGRAM, fences, project_files, prose_of, spans

from mnist_core.commands.parser import build_parser

EVERY_TEXT = pytest.mark.parametrize("name", MARKDOWN)
SOURCES = {path: path.read_text(encoding="utf-8") for path in project_files("*.py")}
OPTION = r"(?<![\w-])--[a-z][a-z0-9-]+"


def links_of(text: str) -> list[str]:
    """Where a Markdown text's links and pictures lead, those outside of the project left out."""
    prose = re.sub(r"`[^`]+`", "", prose_of(text))
    found = re.findall(r"\]\(([^)\s]+)", prose) + re.findall(r"^\[[^]]+\]: (\S+)", prose, re.MULTILINE)
    return [link for link in found if not re.match(r"https?:", link)]


def anchors_of(text: str) -> set[str]:
    """The anchors of a Markdown text's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose_of(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_nowhere(name: str, link: str) -> bool:
    """Whether a link of a text leads to no file of the project, or to no section of it."""
    file, _, anchor = link.partition("#")
    path = (PROJECT / name).parent / file if file else PROJECT / name
    return not path.exists() or (bool(anchor) and anchor not in anchors_of(path.read_text(encoding="utf-8")))


@EVERY_TEXT
def test_every_link_leads_to_a_file_and_a_section(name: str) -> None:
    assert [link for link in links_of(MARKDOWN[name]) if leads_nowhere(name, link)] == []


@EVERY_TEXT
def test_every_file_named_with_its_folder_is_there(name: str) -> None:
    named = [
        span for span in spans(MARKDOWN[name]) if re.fullmatch(r"(?!data/)[\w.-]+/[\w./-]*\.[a-z]+", span)
    ]
    folders = PROJECT, (PROJECT / name).parent
    assert [file for file in named if not any((folder / file).exists() for folder in folders)] == []


@EVERY_TEXT
def test_every_option_is_one_of_a_program_of_the_project(name: str) -> None:
    text = MARKDOWN[name]
    own = [span for span in spans(text) if not re.match(PROGRAM, span) or span.startswith("python")]
    own += re.findall(
        r"(?<=#) .*", "\n".join(content for language, content in fences(text) if language == "sh")
    )
    declared = {
        option
        for path, source in SOURCES.items()
        if path.name[:5] != "test_"
        for option in re.findall(rf'"({OPTION})"', source)
    }
    assert [option for words in own for option in re.findall(OPTION, words) if option not in declared] == []


@EVERY_TEXT
def test_every_fenced_block_is_of_a_language_that_the_tests_read(name: str) -> None:
    assert {language for language, _ in fences(MARKDOWN[name])} <= {"sh", "python"}


def test_every_command_that_code_names_is_there() -> None:
    """In messages, docstrings and comments alike."""
    named = {
        (path.name, *found)
        for path, source in SOURCES.items()
        for found in re.findall(r"python -m ([\w.]*\w)(?: ([a-z][a-z-]+)(?=[ \"`.;]))?", source)
    }
    assert len(named) > 10
    assert [each for each in named if not importlib.util.find_spec(each[1])] == []
    commands = re.findall(r"^    ([a-z-]+)", build_parser().format_help(), re.MULTILINE)
    asked = {command for _, module, command in named if module == "mnist_core" and command}
    assert asked - set(commands) == set()


def test_ci_runs_the_readme_s_test_command() -> None:
    command = MARKDOWN["README.md"].split("Test it:")[1].split("```sh\n")[1].split("\n")[0]
    assert command in (PROJECT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_readme_shows_the_example_as_it_is() -> None:
    example = (PROJECT / "examples" / "mission.py").read_text(encoding="utf-8")
    assert f"```python\n{example}```\n" in MARKDOWN["README.md"]
