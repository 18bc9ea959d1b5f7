"""Recording: which snapshots of a training are kept, and how they become a timeline."""

import numpy as np
import torch
from torch import Tensor, nn

from mnist_core.networks.model import linear_layers
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import Run

SNAPSHOTS = 20  # asked for, besides step 0; early ones that fall on the same step are kept once


def snapshot_steps(total_steps: int) -> list[int]:
    """Steps to keep: 0, then log-spaced from 1 to the last, so that early changes are seen."""
    spaced = np.geomspace(1, total_steps, SNAPSHOTS).round().astype(int)
    return [0, *sorted(set(spaced.tolist()))]


class Recorder:
    """Collects a run's snapshots while it trains; half precision keeps a checkpoint small."""

    def __init__(self, run: Run, seed: int, total_steps: int) -> None:
        self.run, self.seed = run, seed
        self.steps = snapshot_steps(total_steps)
        self._remaining = self.steps[::-1]
        self._images_seen: list[int] = []
        self._snapshots: list[list[Tensor]] = []

    def observe(self, step: int, images_seen: int, model: nn.Sequential) -> None:
        """Keep the model's weights if `step` is one of those to keep."""
        if self._remaining and step == self._remaining[-1]:
            self._remaining.pop()
            self._images_seen.append(images_seen)
            layers = linear_layers(model)
            tensors = [layer.weight for layer in layers] + [layer.bias for layer in layers]
            self._snapshots.append([tensor.detach().half().cpu() for tensor in tensors])

    def timeline(self) -> Timeline:
        """The finished timeline."""
        assert not self._remaining, "the run ended before its last snapshot"
        stacked = [torch.stack(tensors) for tensors in zip(*self._snapshots, strict=True)]
        maps = len(stacked) // 2
        return Timeline(
            self.run,
            self.seed,
            tuple(self.steps),
            tuple(self._images_seen),
            tuple(stacked[:maps]),
            tuple(stacked[maps:]),
        )
