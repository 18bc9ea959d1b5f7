"""The walk's steps that train networks."""

import itertools
import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from playwright.sync_api import Error
from walk_controls import PageWalk, can_open
from walk_own import (
    Json,
    OwnRun,
    forget_all,
    in_order,
    keep,
    own_runs,
    read_file,
    read_job,
    shown_plan,
    tutorial,
)
from walk_own_checks import Training, images_of, kept_changes
from walk_python import load
from walk_steps import number, one_of, step

MOST_OWN = 3
MOST_AT_ONCE = 5
MOST_TRAININGS = 4  # on one page: each takes seconds, most of them to read all test digits at every snapshot
SHORT: Json = {"count": 1000, "batchSize": 500, "epochs": 2}  # four steps, and the time to press Pause
SETTINGS: dict[str, list[Any]] = {  # all of them make short trainings
    "count": [100, 1000],
    "epochs": [2, 4],
    "learningRate": [0.01, 0.05, 900_000],  # the last one diverges
    "batchSize": [300, 500],
    "optimizer": ["adam", "sgd"],
    "dropout": [True, False],
    "leftOut": [3, 7],
    "seed": [5, 2**32 - 1],
}
ACTIONS = ("goOn()", "goOn()", "stop()", "stepOnce()", "changeRate(-1.5)", "changeRate(-3)")
goes = number(0, MOST_OWN)  # which of three runs makes room for another; the last: none
changes = one_of(*((name, value) for name, values in SETTINGS.items() for value in values))
is_true = one_of(False, True)


class TrainingWalk(PageWalk):
    """A visitor who trains networks, and looks at others meanwhile."""

    def wait_for_page(self) -> None:
        """The visitor's own runs went with the page before."""
        super().wait_for_page()
        forget_all()
        self.ids = itertools.count(1)  # of the visitor's own runs; none is given twice
        self.removed: OwnRun | None = None  # the last one that was
        self.training, self.changes, self.earlier = None, {}, []

    def prepare(self) -> None:
        """Whatever is trained is small."""
        for name, value in SHORT.items():
            self.set(name, value)

    def is_busy(self) -> bool:
        return self.training is not None and self.training.is_busy

    def can_train(self) -> bool:
        return not self.is_busy() and self.trainings < MOST_TRAININGS

    def ask(self, script: str, argument: object = None) -> Any:
        """Have the page do something that takes real time; AssertionError if it does not come to an end."""
        try:
            return self.page.evaluate(script, argument)
        except Error as error:
            raise AssertionError(error.message) from error

    # What becomes of a training

    def free_id(self, goes: int) -> str | None:
        """The id of a new run, once there is room for it; None if none of three is to go."""
        if len(own_runs) == MOST_OWN:
            failed = [run for run in in_order() if own_runs[run].has_failed]  # nobody is asked for those
            run = (failed or in_order()[goes : goes + 1] or [None])[0]
            if not run or own_runs[run].is_growing:  # what is being trained cannot go
                return None
            self.forget(run)
        return self.next_id()

    def next_id(self) -> str:
        return f"{self.wanted}/own-{next(self.ids)}"

    def forget(self, run: str) -> None:
        """A run is removed; where it was shown, the published one is."""
        self.removed = own_runs.pop(run)
        self.arrived.discard(run)
        if self.training and self.training.run == run:
            self.training = None
        if self.state.run == run:
            base = run.split("/")[0] + "/published"
            self.choose(base, len(load(base)[0].steps) - 1)
            self.ask_for(base)

    def begin_training(
        self,
        selector: str,
        plan: Json | None,
        *,
        goes: int = 0,
        is_paused: bool = False,
        replaced: str = "",
        source: str | None = None,
    ) -> None:
        """Press what begins a training, and wait until it rests: paused, over, or failed."""
        self.wanted = (replaced or self.state.run).split("/")[0]
        self.is_steady = False
        if source in in_order()[goes : goes + 1]:
            goes = MOST_OWN  # what is to be taught stays
        has_begun = self.ask("given => walk.begin(...given)", [selector, goes])
        new = self.next_id() if replaced else self.free_id(goes)
        if not new:
            assert not has_begun
            return
        if replaced:
            self.removed = own_runs.pop(replaced)
            self.earlier = [*self.earlier, self.removed.card][-4:]
            self.arrived.discard(replaced)
        self.ask("isPaused => walk.pauseOrEnd(isPaused)", is_paused)
        self.training = Training("running", new, plan, replaced=replaced)
        self.trainings += 1
        self.rest(source, shown=new)
        self.is_playing = False
        self.choose(new, len(load(new)[0].steps) - 1)

    def rest(self, source: str | None = None, *, shown: str = "") -> None:
        """Learn what the last training has made. `shown`: the run beside which that was, if it is another."""
        assert self.training
        phase, rates = self.ask("walk.rests()")
        plan, run = self.training.plan, self.training.run
        if plan is not None:
            plan = {**plan, "rates": rates}
        self.training = replace(self.training, phase=phase, plan=plan, ended_at=shown or self.state.run)
        is_last = self.state.run == run and run in own_runs and self.state.index == self.state.last
        own_plan = plan and shown_plan(plan, run)
        if phase == "paused":
            source = source or (own_runs[run].taught_from if run in own_runs else None)
            keep(read_job(json.loads(self.ask("walk.job()")), run, own_plan, source))
        else:
            self.learn(run, own_plan)
            self.note_stop(run, phase)
        if phase == "failed":  # the file has no measures that break off
            job = read_job(json.loads(self.ask("walk.job()")), run, own_plan, None)
            keep(replace(own_runs[run], card=job.card, has_failed=True))
        if is_last:
            self.state = replace(self.state, index=self.state.last)
        self.arrived.add(run)
        self.cell = None if self.cell and self.cell[0] == run else self.cell

    def note_stop(self, run: str, phase: str) -> None:
        """A link to a network that was stopped early stops there, too."""
        plan, seen = own_runs[run].plan, load(run)[0].images_seen[-1]
        whole = tutorial(run) | (plan or {})
        if plan and seen < images_of(whole) and (phase == "done" or not whole["leftOut"]):
            keep(replace(own_runs[run], plan={**plan, "stopAfter": seen}))

    def learn(self, run: str, plan: Json | None) -> None:
        """Read an own run as the page saves it."""
        selector = f"[data-testid=own-save][data-own='{run}']"
        keep(read_file(self.ask("selector => walk.file(selector)", selector), plan, run))

    # Training

    @step(when=lambda self: self.can_train() and can_open(self), taken=number(0, MOST_AT_ONCE))
    def train_many(self, taken: int) -> None:
        """Five networks at once; the one taken becomes the page's, if there is such a one and room for it."""
        self.see("settings")
        plan = {"seed": 1, **self.changes}
        self.ask("walk.many()")
        self.training = None
        self.trainings += 1
        if taken < MOST_AT_ONCE and len(own_runs) < MOST_OWN and plan.get("learningRate", 0) < 1:
            self.wanted = self.state.run.split("/")[0]
            run = self.next_id()
            self.ask("number => walk.take(number)", taken)
            self.learn(run, shown_plan({**plan, "seed": (plan["seed"] + taken) % 2**32}, run))
            self.arrived.add(run)
            self.is_playing = False
            self.choose(run, len(load(run)[0].steps) - 1)
        self.page.evaluate("walk.press('[data-shows=run]')")
        self.state = replace(self.state, views=(self.state.views & {"luck"}) | {"training"})

    @step(
        when=lambda self: self.can_train() and can_open(self),
        button=one_of("train", "training-begin"),
        is_paused=is_true,
        goes=goes,
    )
    def train(self, button: str, is_paused: bool, goes: int) -> None:
        if button == "training-begin":
            self.see("settings")
        plan = {"seed": 1, **self.changes}
        self.begin_training(f"[data-testid={button}]", plan, goes=goes, is_paused=is_paused)

    @step(when=lambda self: self.is_busy(), often=5, action=one_of(*ACTIONS))
    def go_on_or_stop(self, action: str) -> None:
        if "Rate" in action and self.training and not self.training.plan:
            return
        self.is_steady = False
        self.ask(f"walk.{action}")
        self.rest()

    @step(
        when=lambda self: (
            self.can_train()
            and self.training
            and self.training.plan
            and self.training.is_over_at(self.state.run)
        ),
        often=2,
        is_new=is_true,
        is_paused=is_true,
    )
    def train_again(self, is_new: bool, is_paused: bool) -> None:
        assert self.training
        plan = self.training.plan
        assert plan
        if is_new:
            plan = {**plan, "seed": (plan["seed"] + 1) % 2**32, "rates": []}
        self.begin_training(
            f"[data-testid=train-{'new' if is_new else 'again'}]",
            plan,
            is_paused=is_paused,
            replaced=self.training.run,
        )

    @step(when=lambda self: self.training and self.training.plan and self.training.is_over_at(self.state.run))
    def press_change(self) -> None:
        self.press("train-change")
        self.state = replace(self.state, views=(self.state.views & {"luck"}) | {"settings"})

    @step(when=can_open, often=0.5)
    def reset_settings(self) -> None:
        self.see("settings")
        self.press("training-reset")
        self.changes = {}
        self.prepare()

    @step(when=can_open, often=2, change=changes)
    def change_setting(self, change: tuple[str, Any]) -> None:
        name, value = change
        self.see("settings")
        if name == "dropout":
            if not tutorial(self.state.run)["dropout"]:
                return  # then there is no such field
            value = not self.changes.get("dropout", True)
        self.set(name, value)

    def set(self, name: str, value: Any) -> None:
        self.ask("change => walk.change(...change)", [name, value])
        if name == "leftOut":
            value = sorted(set(self.changes.get("leftOut", ())) ^ {value})
        self.changes = kept_changes(self.changes, {name: value}, self.state.run)

    @step(
        when=lambda self: not self.state.is_lesson,
        epochs=number(1, 2),
        seed=number(0, 9),
        is_accepted=is_true,
    )
    def open_link_that_trains(self, epochs: int, seed: int, is_accepted: bool) -> None:
        base = self.state.run.split("/")[0] + "/published"
        plan = {"count": 100, "epochs": epochs, "batchSize": 100, "seed": seed}
        fields = {name: values[0] for name, values in parse_qs(self.reading["link"][1:]).items()}
        fields = {**fields, "run": base, "train": json.dumps(plan)}
        fields.pop("step", None)
        if not self.follow_link("#" + urlencode(fields)):
            return
        self.is_playing = self.is_steady = False
        drawn = () if self.state.asked else self.state.strokes  # the hand is in no link
        self.put(drawn, self.state.sample, keep=self.state.levels is not None)
        self.choose(base, self.last_of(base))
        self.ask_for(base)
        if is_accepted and self.can_train():
            self.begin_training("[data-testid=link-train]", plan, goes=MOST_OWN)  # the link asks once
        else:
            self.press("link-leave")

    def last_of(self, run: str) -> int:
        return len(load(run)[0].steps) - 1
