"""Progress bars on the terminal, for the command line."""

from typing import Self

from tqdm import tqdm

from mnist_core.training.fitting import Progress


class ProgressBars:
    """One progress bar on the terminal for each thing that is being trained, one after the other."""

    def __enter__(self) -> Self:
        self.bar: tqdm | None = None
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def report(self, name: str, progress: Progress) -> None:
        """Show where the training called `name` stands."""
        if self.bar is None or self.bar.desc.removesuffix(": ") != name:
            self.__exit__()
            self.bar = tqdm(desc=name, unit="step", total=progress.total_steps)
        self.bar.set_postfix(epoch=progress.epoch, loss=progress.loss, accuracy=progress.accuracy)
        self.bar.update(progress.step - self.bar.n)
