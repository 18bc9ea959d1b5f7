"""The commands and snippets of the documentation, found in its texts; commands in their smallest form."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app_server import PROJECT

LEFT_OUT = {"node_modules", "data"}  # folders that are no part of the project, as are hidden ones
NOTES = "research"  # laboratory notes: what they name takes hours
PROGRAM = r"(?:[A-Z_]+=\S+ )*(?:python3?|pip|hf|curl|node|npm|npx|git|docker|bash|sh) "

# What stands for the words in capitals; `stand_ins` in test_documented.py makes the files.
STAND_INS = {
    r"ARCHIVE FOLDER": "archive made",
    r"--strokes FILE": "--strokes pens.unipen",
    r"--pictures FOLDER": "--pictures pictures",
    r"webapp\.site FOLDER": "webapp.site site",
    r"FILE\.onnx": "network.onnx",
    r"FILE": "drawing.json",
    r"RUN": "relu-50/robust",
    r"COMMAND": "list",
}
# What is added to a command so that it takes seconds.
SMALLEST = {
    r"python tests/(benchmarks/\w+|screenshot|view_screens)\.py": "--quick",
    r"python -m research\.quantization": "--quick",
    r"python -m mnist_core train": "--seeds 0",
    r"python -m mnist_core folds(?!.* --folds)": "--folds 4",
}


def project_files(pattern: str) -> list[Path]:
    """The project's own files that match a pattern, in order."""
    tops = (top for top in PROJECT.iterdir() if top.name not in LEFT_OUT and top.name[0] != ".")
    return sorted([*PROJECT.glob(pattern), *(path for top in tops for path in top.rglob(pattern))])


def name_of(path: Path) -> str:
    """A file's path from the project's root."""
    return path.relative_to(PROJECT).as_posix()


def fences(text: str) -> list[tuple[str, str]]:
    """Language and content of every fenced block of a Markdown text."""
    return re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def prose_of(text: str) -> str:
    """A Markdown text without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def spans(text: str) -> list[str]:
    """What stands between backticks in a Markdown text, outside of fenced blocks."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose_of(text))]


def commands_of_markdown(text: str) -> Iterator[str]:
    """All lines of shell blocks, and what stands between backticks and begins with a program's name.

    `PYTHONPATH=.` alone between backticks stands for itself before every script of its section.
    """
    for section in re.split(r"^## ", text, flags=re.MULTILINE):
        shell = "\n".join(content for language, content in fences(section) if language == "sh")
        lines = shell.replace("\\\n", " ").splitlines()
        found = [part for line in lines for part in re.sub(r"(^|\s)#.*", "", line).split(" && ")]
        inline = spans(section)
        found += [span for span in inline if re.match(PROGRAM, span)]
        found += [f"python -m mnist_core {span}" for span in inline if re.match(r"[a-z][a-z-]+ RUN\b", span)]
        before = "PYTHONPATH=. " if "PYTHONPATH=." in inline else ""
        yield from (re.sub(r"^python (?=\w+/)", rf"{before}python ", part) for part in found if part.strip())


def commands_of_docstrings(source: str) -> Iterator[str]:
    """Commands that a Python file's docstrings name, each up to a line's end, a backtick or two spaces."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text = ast.get_docstring(node) or ""
            pattern = r"(?:PYTHONPATH=\. )?python (?:-m \w|[\w/]+\.py)[^`\";\n]*"
            yield from (re.split(r"\s\s", found)[0].rstrip(" .") for found in re.findall(pattern, text))


def smallest(command: str) -> str:
    """A command with files in the place of words in capitals, and with what makes it fast."""
    for words, stand_in in STAND_INS.items():
        command = re.sub(rf"(?<!\S)(?:{words})(?!\S)", stand_in, command)
    added = [more for pattern, more in SMALLEST.items() if re.search(pattern, command)]
    return " ".join([*command.split(), *added])


def find_commands() -> dict[str, str]:
    """The smallest form of every command that is documented, and the first file that names it, in order."""
    found: dict[str, str] = {}
    for files, commands_of in (("*.md", commands_of_markdown), ("*.py", commands_of_docstrings)):
        for path in project_files(files):
            if path.is_relative_to(PROJECT / NOTES):
                continue
            for command in commands_of(path.read_text(encoding="utf-8")):
                found.setdefault(smallest(command), name_of(path))
    return found


MARKDOWN = {name_of(path): path.read_text(encoding="utf-8") for path in project_files("*.md")}
COMMANDS = find_commands()
SNIPPETS = {
    f"{name}, {number}": code
    for name, text in MARKDOWN.items()
    for number, code in enumerate((code for language, code in fences(text) if language == "python"), 1)
}
