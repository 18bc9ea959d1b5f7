"""The committed checkpoints, as `mnist_core` reads them: tests compare the page with them."""

import functools

import torch

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.checkpoints.checkpoint import load_checkpoint
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import find_run


@functools.cache
def load_timeline(run_id: str) -> Timeline:
    """A run's timeline, in single precision."""
    return load_checkpoint(checkpoint_path(find_run(run_id)))[0].to(torch.float32)
