"""The walk's steps that show, remove, save and open one's own runs."""

from dataclasses import replace

from walk_controls import can_open
from walk_own import is_own, keep, own_runs
from walk_steps import number, step
from walk_training import MOST_OWN, TrainingWalk, goes

places = number(0, MOST_OWN - 1)


def has_whole(walk: TrainingWalk) -> bool:
    """Whether one of the visitor's own runs is there and is not being trained."""
    return can_open(walk) and any(not run.is_growing for run in own_runs.values())


class OwnRunsWalk(TrainingWalk):
    """A visitor who also looks at networks of their own, removes, saves and opens them."""

    @step(when=lambda self: own_runs and not self.state.is_lesson, often=2, place=places)
    def choose_own(self, place: int) -> None:
        run = list(own_runs)[place % len(own_runs)]
        self.ask("recipe => walk.chooseOwn(recipe)", run.split("/")[1])
        if run != self.state.run:
            self.choose(run, self.last_of(run))

    @step(when=has_whole, place=places)
    def remove_own(self, place: int) -> None:
        self.see("settings")
        whole = [run.id for run in own_runs.values() if not run.is_growing]
        run = whole[place % len(whole)]
        self.ask("selector => walk.press(selector)", f"[data-testid=own-remove][data-own='{run}']")
        self.forget(run)

    @step(when=has_whole, place=places)
    def save_own(self, place: int) -> None:
        self.see("settings")
        whole = [run for run in own_runs.values() if not run.is_growing]
        run = whole[place % len(whole)]
        selector = f"[data-testid=own-save][data-own='{run.id}']"
        self.files.append((run, self.ask("selector => walk.file(selector)", selector)))

    @step(when=lambda self: self.removed and len(own_runs) < MOST_OWN and can_open(self))
    def restore_own(self) -> None:
        """Bring back the run that was removed last."""
        self.see("settings")
        assert self.removed
        self.press("own-restore")
        keep(self.removed)
        self.arrived.add(self.removed.id)
        self.earlier = [card for card in self.earlier if card is not self.removed.card]
        if self.training and self.training.replaced == self.removed.id:
            self.training = replace(self.training, replaced="")
        self.removed = None

    @step(when=lambda self: self.files and can_open(self), often=2, place=number(0, 9), goes=goes)
    def open_file(self, place: int, goes: int) -> None:
        self.see("settings")
        saved, letters = self.files[place % len(self.files)]
        self.ask("given => walk.openOwn(...given)", [letters, goes])
        self.wanted = saved.id.split("/")[0]
        new = self.free_id(goes)
        if not new:
            return
        self.learn(new, saved.plan)
        if own_runs[new].taught_from and is_own(own_runs[new].taught_from):
            keep(replace(own_runs[new], taught_from=""))  # whatever has that id now was not taught
        self.arrived.add(new)
        self.choose(new, self.last_of(new))
