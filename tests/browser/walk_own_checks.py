"""That the page tells of trainings, of one's own runs and of the own hand what they are."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from visitor import count_images
from walk_checks import ALL, Reading, levels_of, same
from walk_own import Json, in_order, is_own, own_runs, tutorial
from walk_python import Asked, PageState, image_of, load, readings, say
from walk_writer import HandDrawing, Writer, read_hand

from mnist_core.drawings.archives import mnist_folder
from mnist_core.drawings.mnist import load_mnist
from mnist_core.runs.recipes import RUNS
from mnist_core.training.fine_tuning import OWN, REPLAYED, STEPS

BUSY = {"pause", "step", "stop"}
OVER = {"again", "new", "change"}


@dataclass(frozen=True)
class Training:
    """The last training. `plan`: None if a hand is taught. `ended_at`: the run that was shown as it ended.

    `replaced`: the run whose place it took, "" if there was none or it was brought back.
    """

    phase: str
    run: str
    plan: Json | None
    ended_at: str = ""
    replaced: str = ""

    @property
    def is_busy(self) -> bool:
        return self.phase == "paused"

    def is_told(self, run: str) -> bool:
        """Whether its tools stand beside a run: once it is over, beside its own and where it ended."""
        return self.is_busy or run in (self.run, self.ended_at)

    def is_over_at(self, run: str) -> bool:
        """Whether it is over, and its tools stand beside a run."""
        return not self.is_busy and self.is_told(run)


def share(value: float) -> str:
    """A share in percent, to a tenth: what is not quite all is never shown as all."""
    if 0.9995 <= value < 1:
        return ">99.9 %"
    digits = Decimal(value * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return "100 %" if value == 1 else f"{digits} %"


def check_training(reading: Reading, training: Training | None, run: str, removed: str) -> None:
    """The state of the training, its words, and what can be pressed; `removed` can be brought back."""
    shown = reading["training"]
    same("train-state", shown["phase"], training.phase if training else "idle")
    same("whether a training can begin", shown["canTrain"], not (training and training.is_busy))
    same("the visitor's own runs", reading["own"], in_order())
    same("the open dialogs", reading["dialogs"], [])
    if not training:
        return same("the tools", shown["tools"], [])
    verb = "training" if training.plan else "teaching"
    tools = OVER if training.plan else set()
    if training.phase == "paused":
        tools = BUSY | ({"hurry", "rate"} if training.plan else set())
        images = count_images(load(training.run)[0].images_seen[-1])
        begins = say("training_paused", images=images, total="…").split("…")[0]
        same("the training in words", shown["words"].startswith(begins), True)
    if training.phase == "done":
        first, last = (load(training.run)[1].scores[index] for index in (0, -1))
        values = {"accuracy": share(last.accuracy), "before": share(first.accuracy), "n": f"{last.n:,}"}
        images, total = load(training.run)[0].images_seen[-1], images_of(training.plan)
        key = f"{verb}_{'stopped' if images < total else 'done'}"
        words = say(key, images=count_images(images), total=count_images(total), **values)
        same("the training in words", shown["words"], words)
    if removed and removed == training.replaced:
        tools = tools | {"restore"}
    return same("the tools", set(shown["tools"]), tools if training.is_told(run) else set())


@cache
def training_labels() -> list[int]:
    """The labels of MNIST's training images."""
    return load_mnist(mnist_folder(), "training").labels.tolist()


def images_of(plan: Json | None) -> int:
    """How many images a whole training sees, repeats counted; None: a hand is taught."""
    if plan is None:
        return STEPS * (OWN + REPLAYED)
    left_out = plan.get("leftOut", [])
    kept = [label for label in training_labels()[: plan["count"]] if label not in left_out]
    return plan["epochs"] * len(kept)


def check_details(reading: Reading, state: PageState) -> None:
    """The details of an own run name what was measured of it."""
    last = load(state.run)[1].scores[-1]
    sizes = " → ".join(map(str, load(state.run)[0].run.architecture.sizes))
    key = "run_details" if last and last.confusion and not state.is_growing else "run_unmeasured"
    accuracy = share(last.accuracy) if last else ""
    same("the run's details", reading["details"], say(key, run=state.run, sizes=sizes, accuracy=accuracy))


def check_link(state: PageState, shown: PageState, training: Json | None) -> None:
    """A link says of an own run how to train it again; of a taught one, which run was taught."""
    run = own_runs[state.run]
    base = run.id.split("/")[0] + "/published"
    source = run.taught_from
    if source and not is_own(source):
        base = source
    same("the network in the link", (shown.run, shown.index), (base, len(load(base)[0].steps) - 1))
    same("the training in the link", training, run.plan)


def check_settings(view: dict[str, Any], state: PageState, changes: Json, training: Training | None) -> None:
    """The fields show the chosen network's recipe, with what the visitor changed of it."""
    plan = tutorial(state.run) | {"seed": 1} | changes
    fields = view["fields"]
    shown = {name: fields[name] for name in ("optimizer", "dropout")}
    shown |= {name: int(fields[name]) for name in ("count", "epochs", "batchSize", "seed")}
    shown |= {
        "learningRate": float(fields["learningRate"]),
        "shuffledShare": int(fields["shuffledShare"]) / 100,
    }
    same("the training's fields", shown, {name: plan[name] for name in shown})
    same("the digits left out", view["leftOut"], plan["leftOut"])
    same("whether a training can begin there", view["canBegin"], not (training and training.is_busy))


def check_asks(reading: Reading, state: PageState, asked: Asked | None) -> None:
    """The bench asks for a digit of the hand, and goes on once one that was drawn for it lies on the pad."""
    shown = reading["asks"]
    same("whether the bench asks", shown["isAsking"], asked is not None)
    is_drawn = bool(state.strokes) and not state.sample
    is_for_it = is_drawn and state.asked is asked
    words = say("hand_please", digit=asked.label) if asked and not is_for_it else None
    same("what the bench asks for", shown["words"], words)
    same("whether the hand goes on", shown["canGoOn"], asked is not None and is_for_it)


def check_writer(view: dict[str, Any], writer: Writer, stored: list[HandDrawing], *, is_kept: bool) -> None:
    """The hand's view tells what is asked for, what was drawn, and what is kept on the device."""
    asked, drawings = writer.asked, writer.drawings
    values = {"number": len(writer.drawn) + 1, "total": len(writer.order), "drawn": len(drawings)}
    words = say("hand_asked", digit=asked.label, **values) if asked else say("hand_done", **values)
    same("what the hand is asked for", view["prompt"], words)
    purpose = say("hand_test" if asked.is_test else "hand_learn") if asked else ""
    same("what that is for", view["purpose"], purpose)
    now = len(writer.drawn)
    drawn = [bool(strokes) for strokes in writer.drawn] + [False] * (len(writer.order) - now)
    tiles = [(*each.words, drawn[at], at == now) for at, each in enumerate(writer.order)]
    same("the digits of the hand", [tuple(tile) for tile in view["tiles"]], tiles)
    same("whether one can go back or start over", view["can"], [bool(writer.drawn)] * 2)
    same("whether the hand can be saved", view["canSave"], bool(drawings))
    same("whether the hand is to be kept", view["isKept"], is_kept)
    same("what the device keeps", read_hand(view["stored"]) if view["stored"] else [], stored)


def check_hand(
    view: dict[str, Any],
    state: PageState,
    writer: Writer,
    arrived: Collection[str],
    *,
    is_busy: bool,
) -> None:
    """The hand's table says what each network reads in the test digits."""
    learn, test = writer.drawings_for(is_test=False), writer.drawings_for(is_test=True)
    same("the drawings kept", view["kept"], say("hand_kept", learn=len(learn), test=len(test)))
    can_teach = bool(learn) and not is_busy and state.run in arrived
    same("whether a network can be taught", view["canTeach"], can_teach)
    compared = [
        (run, index)
        for run in compared_runs(state)
        for index in ((0, -1) if run.endswith("published") else (-1,))
    ]
    shown = [(row["run"], {"first": 0, "last": -1}[row["snapshot"]]) for row in view["rows"]]
    same("the rows of the hand's table", shown, compared if test else [])
    for row, (run, index) in zip(view["rows"], shown, strict=True):
        if run not in arrived:
            same(f"what {run} on its way reads", (row["words"], row["said"]), ("–", []))
            continue
        images = [levels_of(image, "a test digit") for image in row["images"]]
        same("the test digits", images, [image_of(each.strokes) for each in test])
        said = readings(run, index, b"".join(images))
        same(f"what {run} reads at {index}", row["said"], said)
        correct = sum(digit == each.label for digit, each in zip(said, test, strict=True))
        same(f"how many {run} reads", row["words"], say("hand_row", correct=correct, n=len(test)))
    check_taught(view["taught"], state, test)


def compared_runs(state: PageState) -> list[str]:
    """The runs in the hand's table: the architecture's published and robust ones, and the chosen one."""
    architecture = state.run.split("/")[0]
    runs = [f"{architecture}/published", f"{architecture}/robust", *([] if state.is_taught else [state.run])]
    return list(dict.fromkeys(run for run in runs if run in RUNS or is_own(run)))


def taught_run(state: PageState) -> str | None:
    """The run whose teaching is shown: the chosen one, or the last that it became, or the last of all."""
    if state.is_taught:
        return state.run
    taught = [run for run in own_runs.values() if run.taught_from is not None]
    became = [run for run in taught if run.taught_from == state.run]
    return next((run.id for run in reversed(became or taught)), None)


def check_taught(shown: dict[str, Any] | None, state: PageState, test: list[HandDrawing]) -> None:
    """Before and after of the network that was taught."""
    run = taught_run(state)
    same("the network that was taught", shown and shown["run"], run)
    if not shown or not run:
        return
    images = b"".join(image_of(each.strokes) for each in test)
    card = load(run)[1]
    for side, index in enumerate((0, -1)):
        digits = readings(run, index, images) if test else []
        correct = sum(digit == each.label for digit, each in zip(digits, test, strict=True))
        words = say("hand_row", correct=correct, n=len(test)) if test else "–"
        same("what it reads of the hand", shown["digits"][side], words)
        score = card.scores[index]
        if score and score.n == ALL and not own_runs[run].is_growing:
            words = say("teach_score", correct=f"{score.correct:,}", n=f"{score.n:,}")
            same("what it reads of MNIST", shown["mnist"][side], words)


def kept_changes(changes: Json, change: Json, run_id: str) -> Json:
    """What the page keeps of the visitor's changes: what is not the chosen network's own."""
    usual = tutorial(run_id) | {"seed": None}
    plan = usual | changes | change
    return {name: plan[name] for name in usual if name in {**changes, **change} and plan[name] != usual[name]}
