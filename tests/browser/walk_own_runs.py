"""The walk's steps that show, remove, save and open one's own runs."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from walk_own import is_own, keep, own_runs
from walk_training import MOST_OWN, TrainingWalk, goes


class OwnRunsWalk(TrainingWalk):
    """A visitor who also looks at networks of their own, removes, saves and opens them."""

    @precondition(lambda self: own_runs and not self.state.is_lesson)
    @rule(place=st.integers(0, MOST_OWN - 1))
    def choose_own(self, place: int) -> None:
        run = list(own_runs)[place % len(own_runs)]
        self.ask("recipe => walk.chooseOwn(recipe)", run.split("/")[1])
        if run != self.state.run:
            self.choose(run, self.last_of(run))

    @precondition(lambda self: any(not run.is_growing for run in own_runs.values()))
    @rule(place=st.integers(0, MOST_OWN - 1))
    def remove_own(self, place: int) -> None:
        whole = [run.id for run in own_runs.values() if not run.is_growing]
        run = whole[place % len(whole)]
        self.ask("selector => walk.press(selector)", f"[data-testid=own-remove][data-own='{run}']")
        self.forget(run)

    @precondition(lambda self: any(not run.is_growing for run in own_runs.values()))
    @rule(place=st.integers(0, MOST_OWN - 1))
    def save_own(self, place: int) -> None:
        whole = [run for run in own_runs.values() if not run.is_growing]
        run = whole[place % len(whole)]
        selector = f"[data-testid=own-save][data-own='{run.id}']"
        self.files.append((run, self.ask("selector => walk.file(selector)", selector)))

    @precondition(lambda self: self.files)
    @rule(place=st.integers(0, 9), goes=goes)
    def open_file(self, place: int, goes: int) -> None:
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
