"""docs/lesson.md: the teacher's notes of the lessons' files, with the figures computed by Python.

Run from the project's root: PYTHONPATH=. python tests/lesson_notes.py
"""

from app_server import PROJECT
from lesson import NAMES, Step, came, fill_in, read_lesson, steps_of

PATH = PROJECT / "docs" / "lesson.md"
HOST = "http://127.0.0.1:7860/"
HEAD = f"""# Two lessons

<!-- Made by tests/lesson_notes.py from webapp/page/lessons; change those files, not this one. -->

For a class with a projector, or for one reader alone. The page asks one question at a time; the class
bets, **Enter** locks the bet, the page plays, jumps or trains, and one sentence explains, with the
figures of the network shown. Who only watches learns little; who has said first what will come, learns.

**Before the lesson.** Start Inkling on your own machine (one command, in the [README](../README.md)), or
open it where somebody hosts it. Open one address, press **Lesson**, and choose; or open a lesson at once:
`{HOST}#lesson=training` or `{HOST}#lesson=inside`. If Inkling runs elsewhere, put its address in the
place of `{HOST}` and keep everything from `#` on. Once the page is loaded it needs no network.

**In the lesson.** The keys 0 to 9 and 1 to 4 bet, − and + beside a choice count the class's votes,
**Enter** locks and goes on, ← and → go back and on without a bet, **R** brings back what the step began with
(bets and votes stay), **Esc** leaves, and the page is as it was; the same lesson, chosen again, still has
its bets. A finger does all of it, too. Whatever is in sight can be touched: let the class draw its own
digit in the middle of a step. From 1,000 pixels of width on everything is large enough for the last row;
**Dark** turns it dark.

**At the end** stands a sheet with every question, bet and outcome, to be printed or saved; nothing of it
leaves the device. **Make a lesson**, in the choice of lessons, keeps the page as it is as a step of a
lesson of your own.

In italics: what the page says. The pictures show each step after its bet.
"""


def describe_bet(step: Step) -> str:
    """What can be bet."""
    bet = step.content.get("bet")
    if not bet:
        return "nothing"
    if bet["kind"] == "choice":
        return " · ".join(choice["text"] for choice in bet["choices"])
    return {"digit": "a digit", "time": "a moment in training"}[bet["kind"]]


def describe_sight(step: Step) -> str:
    """What is in sight before the bet and after it."""
    before, after = (
        ", ".join(step.content[when]) or "nothing but the question" for when in ("before", "after")
    )
    return f"{before}; then {after}" if before != after else before


def describe_outcome(step: Step) -> str:
    """What came and why; of a network that the page trains, how the sentence begins."""
    if step.trains:
        return "a network is trained before your eyes; the page says what it then reads."
    words = f"**{came(step)}.** " if came(step) else ""
    return f"{words}*{fill_in(step.content['explain'], step)}*"


def write_step(step: Step) -> str:
    """One step of the notes."""
    notes = [note if step.trains else fill_in(note, step) for note in step.content.get("notes", [])]
    return "\n".join(
        [
            f"### {step.number}. {step.content['question']}",
            "",
            f"[Open this step]({HOST}{step.link})",
            "",
            f"![{step.content['question']}](lesson/{step.lesson}-{step.number}.png)",
            "",
            f"- **In sight:** {describe_sight(step)}.",
            f"- **To bet:** {describe_bet(step)}.",
            f"- **What comes:** {describe_outcome(step)}",
            *(f"- {note}" for note in notes),
            "",
        ]
    )


def write_notes() -> str:
    """The whole page."""
    parts = [HEAD]
    for name in NAMES:
        lesson = read_lesson(name)
        parts.append(f"## {lesson['title']}\n\n{lesson['minutes']} minutes, for {lesson['for']}.\n")
        parts.extend(write_step(step) for step in steps_of(name))
    return "\n".join(parts)


if __name__ == "__main__":
    PATH.write_text(write_notes(), encoding="utf-8")
    print(f"{PATH.relative_to(PROJECT)}: {sum(len(steps_of(name)) for name in NAMES)} steps")
