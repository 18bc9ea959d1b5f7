"""Tables in Markdown."""

from collections.abc import Iterable


def table(columns: list[str], rows: Iterable[list[str]], *, words: int = 1) -> str:
    """A table: its first columns, as many as `words`, hold words, the others figures, to the right."""
    rule = "|---" * words + "|--:" * (len(columns) - words) + "|"
    lines = [f"| {' | '.join(columns)} |", rule, *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines) + "\n"
