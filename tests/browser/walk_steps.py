"""Steps that a walk may take, and a walk that takes them at random, sooner those that it has taken least.

Hypothesis has state machines, too. They take a walk that failed once more, and give up where trainings, which
go on in real time, let it go another way; and they begin with as many presses of one button.
"""

import inspect
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

Choice = Callable[[random.Random], Any]  # one of the values that a step may be given
Method = TypeVar("Method", bound=Callable[..., None])


class Walker(Protocol):
    """What a walk leads through a page."""

    def begin(self) -> None: ...
    def check(self) -> None: ...
    def end(self) -> None: ...


@dataclass(frozen=True)
class Step:
    """A method that is a step: when it may be taken, by the model alone, how often, and what it is given."""

    name: str
    when: Callable[[Any], object]
    often: float
    choices: dict[str, Choice]


def step(
    *, when: Callable[[Any], object] = bool, often: float = 1, **choices: Choice
) -> Callable[[Method], Method]:
    """Let a method be a step of walks. `often`: beside other steps, which have 1."""

    def mark(method: Method) -> Method:
        method.step = Step(method.__name__, when, often, choices)  # type: ignore[attr-defined]
        return method

    return mark


def one_of(*values: Any) -> Choice:
    return lambda dice: dice.choice(values)


def number(least: int, most: int) -> Choice:
    return lambda dice: dice.randint(least, most)


def maybe(choice: Choice) -> Choice:
    """None every second time."""
    return lambda dice: choice(dice) if dice.random() < 0.5 else None


def pair(one: Choice, other: Choice) -> Choice:
    return lambda dice: (one(dice), other(dice))


def several(choice: Choice, least: int, most: int) -> Choice:
    return lambda dice: [choice(dice) for _ in range(dice.randint(least, most))]


def steps_of(walker: object) -> list[Step]:
    """All steps that a walker can take, by name."""
    return [found.step for _, found in inspect.getmembers(type(walker)) if hasattr(found, "step")]


def take_steps(walker: Walker, count: int, dice: random.Random, taken: Counter[str]) -> None:
    """Take so many steps on a page, with a check after each; an error tells which steps led to it.

    `taken`: how often each step was taken so far, by name; what is new is added.
    """
    steps, path = steps_of(walker), ["begin()"]
    try:
        walker.begin()
        walker.check()
        for _ in range(count):
            possible = [each for each in steps if each.when(walker)]
            [chosen] = dice.choices(possible, [each.often / (1 + taken[each.name]) for each in possible])
            given = {name: choice(dice) for name, choice in chosen.choices.items()}
            path.append(f"{chosen.name}({', '.join(f'{name}={value!r}' for name, value in given.items())})")
            taken[chosen.name] += 1
            getattr(walker, chosen.name)(**given)
            walker.check()
        walker.end()
    except Exception as error:
        error.add_note("\n".join(["after these steps of the walk:", *path]))
        raise
