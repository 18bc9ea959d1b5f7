"""That all the page shows at one moment belongs together, and is what Python says of it."""

import base64
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from visitor import count_images
from walk_own import is_own, published
from walk_python import Asked, PageState, load, probabilities, readings, refusal_margin, say

from mnist_core.runs.recipes import RUNS

Reading = dict[str, Any]  # what `walk.read()` in walk_read.js returns
ALL = 10_000  # MNIST's test images
NEAR = 1e-4  # of probabilities
SURE = 0.9  # from it on the page does not ask
LEAST = 0.03  # from it on a column bears its number
TENTH = 0.0502  # of a percentage shown to a tenth, half the last digit


def same(what: str, shown: object, expected: object) -> None:
    """AssertionError unless the page shows what is expected."""
    if shown != expected:
        raise AssertionError(f"{what}: the page shows {shown!r:.500}, expected was {expected!r:.500}")


def near(what: str, shown: Sequence[float], expected: Sequence[float], tolerance: float = NEAR) -> None:
    """AssertionError unless numbers are as many as expected, and near to them."""
    if len(shown) != len(expected) or not np.allclose(shown, expected, rtol=0, atol=tolerance):
        raise AssertionError(f"{what}: the page shows {list(shown)}, expected was {list(expected)}")


def levels_of(painted: dict[str, Any], what: str) -> bytes:
    """The levels of a canvas, which are painted in the colour of text."""
    same(f"the colour of {what} is that of text", painted["inColour"], True)
    return base64.b64decode(painted["levels"])


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


def check_run(reading: Reading, state: PageState) -> None:
    """Every place that names the run names this one."""
    architecture, recipe = state.run.split("/")
    training = (
        f"{state.say('training_own')} ({recipe.removeprefix('own-')})"
        if is_own(state.run)
        else say(f"training_{recipe}")
    )
    names = {"network": say(f"network_{architecture}"), "training": training}
    same("data-run", reading["run"]["id"], state.run)
    same("the run's line", reading["run"]["words"], say("run_line", **names))
    same("whether another run can be chosen", reading["run"]["canChange"], not state.is_lesson)
    same("the options pressed", reading["chosen"], [architecture, recipe])
    same("the run's details begin with it", reading["details"].split(":")[0], state.run)


def check_timeline(reading: Reading, state: PageState) -> None:
    """Slider and label are of the shown snapshot, with the card's figures."""
    timeline, card = load(state.run)
    same("the slider's end", reading["slider"]["max"], state.last)
    same("the slider's place", reading["slider"]["value"], state.index)
    images, measured = count_images(timeline.images_seen[state.index]), state.index
    while measured > 0 and not card.scores[measured]:  # then what was measured last by then stands for it
        measured -= 1
    tally = card.scores[measured]
    if tally is None:
        same("the timeline's label", reading["label"], say("timeline_unmeasured", images=images))
    else:
        is_older = measured < state.index
        key = "timeline_growing" if is_older else "timeline_snapshot" if state.index else "timeline_start"
        accuracy = (re.findall(r"[\d.]+(?= %)", reading["label"]) or ["nan"])[0]
        digits = say("timeline_all") if tally.n == ALL else say("timeline_some", n=f"{tally.n:,}")
        said = {"images": images, "digits": digits, "accuracy": f"{accuracy} %"}
        said["measured"] = count_images(timeline.images_seen[measured])
        same("the timeline's label", reading["label"], state.say(key, **said))
        near("its accuracy", [float(accuracy)], [tally.accuracy * 100], TENTH)
    same("the slider in words", reading["slider"]["words"], reading["label"])
    said = probabilities(state.run, state.levels).argmax(1) if state.levels else [""] * (state.last + 1)
    same("what each snapshot says, under the curve", reading["chips"], [str(digit) for digit in said])
    same("the snapshot marked there", reading["chip"], state.index)


def check_bars(what: str, rows: list[dict[str, Any]], expected: np.ndarray | None) -> None:
    """A series of bars shows these probabilities, or none."""
    if expected is None:
        shown = [(row["value"], row["words"], row["height"], row["isTop"]) for row in rows]
        return same(what, shown, [("", "", 0, False)] * 10)
    values = [float(row["value"] or "nan") for row in rows]
    near(what, values, expected)
    near(f"{what}, their heights", [row["height"] for row in rows], values, 1e-6)
    words = [100.0 if row["words"] == ">99.9 %" else float(row["words"].rstrip(" %")) for row in rows]
    near(f"{what}, in percent", words, np.array(values) * 100, TENTH)
    return same(f"{what}, the first", [row["isTop"] for row in rows].index(True), int(np.argmax(expected)))


def check_numbers(rows: list[dict[str, Any]]) -> None:
    """Above the columns stand whole percents, but for the lowest."""
    values = [float(row["value"] or 0) for row in rows]
    whole = [
        "" if value < LEAST else ">99 %" if value >= 0.995 else f"{int(100 * value + 0.5)} %"
        for value in values
    ]
    same("the numbers above the columns", [row["number"] for row in rows], whole)


def empty_lines(asked: Asked | None) -> tuple[str, ...]:
    """What may be said of an empty pad."""
    if asked:
        return (say("hand_please", digit=asked.label),)
    return say("verdict_empty"), say("link_bad")


def check_answer(reading: Reading, state: PageState, asked: Asked | None, *, is_pen_down: bool) -> None:
    """Image, bars, verdict and labels are of what lies on the pad, at the shown snapshot."""
    levels = state.levels
    same("the model's input", levels_of(reading["input"], "the model's input"), levels or bytes(784))
    said = probabilities(state.run, levels) if levels else None
    check_bars("the bars before training", reading["bars"][0], None if said is None else said[0])
    check_bars("the bars now", reading["bars"][1], None if said is None else said[state.index])
    check_numbers(reading["bars"][1])
    same("the bars' legend", reading["moment"], state.moment)
    same(
        "the bars in words",
        reading["barsLabel"],
        say("bars_label", before=state.say("before"), moment=state.moment),
    )
    line, detail = reading["verdict"]
    if said is None or levels is None:
        same("the verdict", reading["prediction"], "")
        return same("whether the verdict's line is of an empty pad", line in empty_lines(asked), True)
    margin = refusal_margin(levels)
    is_judged = not is_pen_down and not state.sample  # what has a label is a digit
    is_refused = margin < 0 and is_judged and (state.index > 0 or state.is_taught)  # untrained it knows none
    digit = str(said[state.index].argmax())
    if abs(margin) < 1e-5:
        return None
    same("the verdict", reading["prediction"], "" if is_refused else digit)
    same("whether the bars are faded", reading["isFaded"], is_refused)
    is_sure = said[state.index].max() >= SURE
    if abs(said[state.index].max() - SURE) > NEAR:
        large = [str(said[0].argmax()) if state.index else "", digit if is_sure else f"{digit}?"]
        same("the large digits", reading["digits"], None if is_refused else large)
    if is_refused:
        return same("the verdict's line", line, say("verdict_not_a_digit"))
    same("the verdict's line names the digit", digit in line, True)
    if detail == say("link_bad_kept"):  # until anything else changes
        return None
    if state.sample:
        judged = say("verdict_right" if int(digit) == state.sample[0] else "verdict_wrong")
        same("the detail begins by judging it", detail.startswith(f"{judged} "), True)
    before = f"{'before it was taught' if state.is_taught else 'untrained'}, it said {said[0].argmax()} ("
    same("whether the detail says what was said before", before in detail, state.index > 0)
    return None


def check_told(reading: Reading, state: PageState, *, is_at_rest: bool, is_playing: bool) -> None:
    """The button to play, and what is read aloud, are of this moment."""
    same("Play or Stop", reading["play"], say("stop" if is_playing else "play"))
    if is_at_rest and not is_playing and not state.is_growing:
        same("what is announced", reading["announced"], " ".join(reading["verdict"]))


def check_samples(reading: Reading, state: PageState) -> None:
    """Tiles and counts are of the images in the grid, before training and at the shown snapshot."""
    tiles, counts = reading["tiles"], reading["views"]["digits"]["counts"]
    images = [levels_of(tile, "a tile") for tile in tiles]
    together = b"".join(images)
    labels = [int(tile["label"]) for tile in tiles]
    before, now = (readings(state.run, index, together) for index in (0, state.index))
    same("how many tiles there are", len(tiles), 30)
    same("the tiles before training", [tile["untrained"] for tile in tiles], [str(digit) for digit in before])
    same("the tiles now", [tile["prediction"] for tile in tiles], [str(digit) for digit in now])
    same(
        "the tiles' readings",
        [tile["reading"] for tile in tiles],
        [f"{a} → {b}" for a, b in zip(before, now, strict=True)],
    )
    right = [digit == label for digit, label in zip(now, labels, strict=True)]
    same("the green tiles", [tile["isRight"] for tile in tiles], right)
    same("the red tiles", [tile["isWrong"] for tile in tiles], [not each for each in right])
    same(
        "the tiles that name the moment",
        {f"; {state.moment}: read as " in tile["words"] for tile in tiles},
        {True},
    )
    correct = sum(digit == label for digit, label in zip(before, labels, strict=True))
    count = say("samples_now", moment=capital(state.say("before")), correct=correct, total=30)
    same("the count before training", counts[0], count if state.index else "")
    count = say("samples_now", moment=capital(state.moment), correct=sum(right), total=30)
    same("the count now", counts[1], count)
    on_pad = [state.sample is not None and image == state.sample[1] for image in images]
    same("the tiles pressed", [tile["isPressed"] for tile in tiles], on_pad)


def check_pad(reading: Reading, state: PageState) -> None:
    """The pad shows what lies on it, and nothing else."""
    ink = np.frombuffer(levels_of(reading["pad"], "the pad"), np.uint8).reshape(28, 28)
    is_empty = state.levels is None
    same("whether Clear can be pressed", reading["canClear"], not is_empty)
    same("whether the pad's hint is hidden", reading["pad"]["isHintHidden"], not is_empty)
    hint = say("sample_hint", label=state.sample[0]) if state.sample else None
    same("the sample's hint", reading["sampleHint"], hint)
    if not reading["pad"]["hasSize"]:  # the stage has lain over it since the page was opened
        return None
    if state.sample:
        difference = np.abs(ink - np.frombuffer(state.sample[1], np.uint8).reshape(28, 28).astype(float))
        return same("whether the pad shows the sample", difference.mean() < 10, True)
    same("whether the pad is empty", not ink.any(), is_empty)
    for x, y in (stroke[end] for stroke in state.strokes for end in (0, -1)):
        row, column = min(int(y * 28), 27), min(int(x * 28), 27)
        same(f"whether the pad shows the stroke's end at ({x}, {y})", bool(ink[row, column]), True)
    return None


def check_luck(reading: Reading, state: PageState, known: dict[object, object], *, is_pen_down: bool) -> None:
    """The luck marks are there when asked for, and always the same for the same network and image.

    `known`: the marks seen so far; what is new is added.
    """
    is_open = "luck" in state.views and not state.is_taught  # nor can it be asked for: that was no luck
    same("the button of the luck marks", reading["luckButton"], say("luck_hide" if is_open else "luck"))
    is_shown = is_open and state.levels is not None and not is_pen_down
    same("how many luck marks there are", len(reading["marks"]), 10 if is_shown else 0)
    if not is_shown:
        return same("the luck note", reading["luck"], say("luck_empty") if is_open else "")
    run = published(state.run) if is_own(state.run) else RUNS[state.run]
    key = (run.architecture, run.recipe.input_range, state.levels)
    return same(
        "the luck marks",
        (reading["marks"], reading["luck"]),
        known.setdefault(key, (reading["marks"], reading["luck"])),
    )
