"""That the views on request show the page's state, and that nothing is shown of a network on its way."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from python_says import hardest_of, story_of
from walk_checks import Reading, capital, check_bars, check_run, empty_lines, levels_of, near, same
from walk_own import OwnCard, is_own
from walk_python import (
    Asked,
    PageState,
    fitted,
    image_of,
    ink,
    kept_by_version,
    load,
    network,
    probabilities,
    readings,
    say,
    shrunk,
)

from mnist_core.checkpoints.card import Tally
from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import load_mnist
from mnist_core.networks.model import ACTIVATIONS

PIXEL = 0.002  # of a chart's height, a third of a pixel
CELL_IMAGES = 60  # of a cell of the confusion matrix, at most


def check_learning(view: dict[str, Any], state: PageState) -> None:
    """The sentence tells how the answer came about, and the chart is of all snapshots' probabilities."""
    if state.levels is None:
        same("the learning view's line", view["line"], say("learning_empty"))
        return same("its chart", view["chart"], None)
    said = probabilities(state.run, state.levels)
    answers = said.argmax(1).tolist()
    same("the learning chart's cursor", view["chart"]["cursor"], state.index)
    order = sorted(range(10), key=lambda digit: digit == answers[-1])
    for digit, line in zip(order, view["chart"]["lines"], strict=True):
        near(f"the learning chart's line of {digit}", line, said[:, digit], PIXEL)
    story, since = story_of(said, load(state.run)[0].images_seen)
    same("where the chart is marked", view["chart"]["mark"], -1 if since is None else since)
    return same("the learning view's line", view["line"], story)


def check_input(view: dict[str, Any], state: PageState) -> None:
    """Both ways of making an image, their answers at the shown snapshot, and the stages."""
    if state.sample or not state.strokes:
        same(
            "what the network is given", view["line"], say("given_sample" if state.sample else "given_empty")
        )
        return same("whether the given images are hidden", view["isHidden"], True)
    same("whether the given images are hidden", view["isHidden"], False)
    ways = {"shrunk": shrunk(state.strokes), "made": image_of(state.strokes)}
    for name, levels in ways.items():
        same(f"the image {name}", levels_of(view[name], name), levels)
        check_bars(
            f"the bars of the image {name}", view[name]["bars"], probabilities(state.run, levels)[state.index]
        )
    stages = [levels_of(stage, "a stage") for stage in view["stages"]]
    same("the stages", stages, [fitted(state.strokes), ways["made"]])
    same("the strokes of the first stage", view["paths"], len(state.strokes))
    digits = [probabilities(state.run, levels)[state.index].argmax() for levels in ways.values()]
    words = [
        view["line"].startswith(capital(state.moment)),
        f"as {digits[0]} (" in view["line"],
        f"as {digits[1]} (" in view["line"],
    ]
    return same("whether the line names moment and digits", words, [True] * 3)


def check_curves(view: dict[str, Any], state: PageState, earlier: list[OwnCard]) -> None:
    """The curves are the card's and the visitor's other runs'; the cursors stand at the shown snapshot."""
    timeline, card = load(state.run)
    curves = [measured(scores) for scores in (card.scores, card.training_scores)]
    curves = [curve for curve in curves if curve]
    others = [curve for other in earlier if (curve := measured(other.scores))] if is_own(state.run) else []
    if not curves + others:
        same("the history's line", view["line"], say("history_empty"))
    top = max(0.1, *(tally.loss for curve in [*curves, *others] for tally in curve), 0.1)
    for name, value in {
        "accuracy": lambda tally: tally.accuracy,
        "loss": lambda tally: tally.loss / top,
    }.items():
        if len(curves) == 2 and len(curves[0]) == len(timeline.steps):
            same(f"the cursor of {name}", view[name]["cursor"], state.index)
        same(f"how many earlier curves of {name} there are", view[name]["earlier"], len(others))
        for shown, curve in zip(view[name]["lines"], curves, strict=True):
            near(f"the curve of {name}", shown, [value(tally) for tally in curve], PIXEL)
    passes = [1, len(card.epochs)] if card.epochs else []
    same("the first and last pass", [*view["passes"][:1], *view["passes"][-1:]], passes)


def measured(scores: Sequence[Tally | None]) -> list[Tally]:
    return [tally for tally in scores if tally]


@kept_by_version
def count_in_cell(run_id: str, index: int, n: int, label: int, prediction: int) -> int:
    """How many of the first n test images with this label a snapshot reads so."""
    test = load_mnist(mnist_folder(), "test")
    images = test.images[:n][test.labels[:n] == label]
    return readings(run_id, index, images.numpy().tobytes()).count(prediction)


def check_confusion(view: dict[str, Any], state: PageState, n: int) -> None:
    """The matrices are the card's; the images of an open cell are those behind its number, of n at hand."""
    scores = load(state.run)[1].scores
    same("the matrices' headings", view["headings"], [capital(state.say("before")), capital(state.moment)])
    counts = [getattr(scores[index], "confusion", None) or [[""] * 10] * 10 for index in (0, state.index)]
    for side, matrix in enumerate(counts):
        expected = [[str(count) for count in row] for row in matrix]
        same(f"confusion matrix {side}", view["matrices"][side], expected)
    is_measured = counts[1][0][0] != ""
    same("the hardest pair", view["hardest"], hardest_of(counts[1]) if is_measured else "")
    if not is_measured:
        line = say("confusion_later" if state.is_growing else "confusion_never")
        return same("what the matrices wait for", (view["line"], view["images"]), (line, []))
    images = [levels_of(tile, "a test digit") for tile in view["images"]]
    if not view["pressed"]:
        return same("what is open of a matrix", (view["line"], images), (say("cell_pick"), []))
    [(side, label, prediction)] = view["pressed"]
    index = state.index if side else 0
    total = counts[side][label][prediction]
    if sum(map(sum, counts[side])) != n:
        total = count_in_cell(state.run, index, n, label, prediction)
    extent = "none" if not total else "some" if total > CELL_IMAGES else "all"
    values = {"label": label, "prediction": prediction, "total": f"{total:,}", "shown": CELL_IMAGES}
    words = say(f"cell_{extent}", **values) + (f" {say('cell_press')}" if total else "")
    same("the line of the open cell", view["line"], words)
    same("how many of its images there are", len(images), min(total, CELL_IMAGES))
    read = readings(state.run, index, b"".join(images)) if images else []
    return same("what its images are read as", set(read), {prediction} if total else set())


def check_inside(view: dict[str, Any], state: PageState) -> None:
    """The units are all there, and the two digits' difference is that of the logits."""
    timeline = load(state.run)[0]
    is_plain = timeline.run.recipe.input_range == (0, 1)
    units = timeline.run.architecture.sizes[1]
    same("whether the inside is hidden", view["isHidden"], False)
    same("the units", sorted(view["units"]), list(range(units)))
    most = Decimal(timeline.weights[0].abs().max().item()).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if is_plain and not state.is_growing:
        same("the inside's scale", view["scale"], say("inside_scale", most=most))
    found = view["contrast"]
    if state.levels is None:
        same("the inside's line", view["line"], say("inside_empty"))
        return same("the difference of two digits", found["difference"], "")
    said = network(state.run, state.index).logits(ink(state.levels))[0, 0].numpy()
    two = [int(found["a"]), int(found["b"])]
    near("the two digits' scores", said[two], sorted(said)[:-3:-1], 1e-4 * max(1, abs(said).max()))
    difference = said[two[0]] - said[two[1]]
    return near(
        "their difference", [float(found["difference"])], [difference], 1e-4 * max(1, abs(said).max())
    )


def check_unit(shown: dict[str, str] | None, state: PageState, unit: int | None) -> None:
    """The pressed unit tells its sum, and what its activation makes of it, at the shown snapshot."""
    same("the unit pressed", shown and int(shown["unit"]), unit)
    if not shown or unit is None:
        return None
    timeline = network(state.run, state.index)
    low, high = timeline.run.recipe.input_range
    image = ink(state.levels or bytes(784)).flatten() * (high - low) + low
    total = timeline.weights[0][0, unit] @ image + timeline.biases[0][0, unit]
    near("the unit's sum", [float(shown["sum"])], [total.item()], 1e-4 * max(1, abs(total.item())))
    if not state.levels:
        return same("what the unit makes of an empty pad", shown["value"], "")
    made = ACTIVATIONS[timeline.run.architecture.hidden[0].activation]()(total).item()
    return near("what the unit makes of it", [float(shown["value"])], [made], 1e-4 * max(1, abs(made)))


def check_network(rows: list[list[str]], state: PageState) -> None:
    """The layers are those of the run's architecture."""
    architecture = load(state.run)[0].run.architecture
    outputs = [row[1] for row in rows if row[0] == say("layers_linear")]
    same("the layers' outputs", outputs, [str(size) for size in architecture.sizes[1:]])
    same("the sum of the layers' numbers", rows[-1][2], f"{architecture.parameters:,}")
    same(
        "the numbers of all layers",
        sum(int(row[2].replace(",", "")) for row in rows[:-1]),
        architecture.parameters,
    )


CHECKS = {
    "input": check_input,
    "network": check_network,
    "inside": check_inside,
}


def check_views(reading: Reading, state: PageState, earlier: list[OwnCard], test_images: int) -> None:
    """The open view is that of the state, and shows it. `test_images`: how many the page has."""
    views = reading["views"]
    same("the open view", set(views), state.views - {"luck"})
    for name, check in CHECKS.items():
        if name in views:
            check(views[name], state)
    if "confusion" in views:
        check_confusion(views["confusion"], state, test_images)
    if "training" in views:
        check_learning(views["training"]["digits"], state)
        check_curves(views["training"], state, earlier)


def check_waiting(reading: Reading, state: PageState, asked: Asked | None) -> None:
    """While a network is on its way nothing is shown of it, nor of another."""
    check_run(reading, state)
    same("the slider's end", reading["slider"]["max"], state.last)
    same("the slider's place", reading["slider"]["value"], state.index)
    same("the timeline's label", reading["label"], "")
    same("the model's input", levels_of(reading["input"], "the model's input"), state.levels or bytes(784))
    for rows in reading["bars"]:
        check_bars("the bars of a network on its way", rows, None)
    same("the bars' legend", reading["moment"], state.moment)
    same("the verdict", reading["prediction"], "")
    lines = [say("verdict_loading")] if state.levels else empty_lines(asked)
    same("whether the verdict's line waits", reading["verdict"][0] in lines, True)
    same("what each snapshot says, under the curve", set(reading["chips"]), {""})
    views = reading["views"]
    same("the open view", set(views), state.views - {"luck"})
    if "digits" in views:
        same("the counts", views["digits"]["counts"], ["", ""])
        shown = {
            (tile["untrained"], tile["prediction"], tile["reading"], tile["isRight"], tile["isWrong"])
            for tile in reading["tiles"]
        }
        same("the tiles", shown, {("", "", "", False, False)})
    if "input" in views:
        same("whether the given images are hidden", views["input"]["isHidden"], True)
    if "training" in views:
        shown_of_it = views["training"]["line"], views["training"]["accuracy"]
        same("the curves", shown_of_it, (say("view_waits"), None))
        line = say("view_waits" if state.levels else "learning_empty")
        same("the digits' curves", views["training"]["digits"], {"line": line, "chart": None})
    if "inside" in views:
        same("whether the inside is hidden", views["inside"]["isHidden"], True)
    if "confusion" in views:
        cells = {cell for matrix in views["confusion"]["matrices"] for row in matrix for cell in row}
        same("the confusion matrices", (cells, views["confusion"]["pressed"]), ({""}, []))
