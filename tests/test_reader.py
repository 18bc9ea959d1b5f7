"""A reader says what its timeline says, faster."""

import pytest
import torch
from made import made_timeline

from mnist_core.checkpoints import checkpoint_path, load_checkpoint
from mnist_core.drawing import read_handwritings
from mnist_core.preprocessing import image_of_drawing
from mnist_core.reader import Reader
from mnist_core.recipes import RUNS

DRAWN = torch.stack([image_of_drawing(entry.drawing) for entry in read_handwritings()[:30]])


@pytest.mark.parametrize("run_id", RUNS)
def test_a_reader_s_probabilities_are_its_timeline_s(run_id: str) -> None:
    timeline, _ = load_checkpoint(checkpoint_path(RUNS[run_id]))
    reader = Reader.of(timeline)
    expected = timeline.to(torch.float64).probabilities(DRAWN)
    answered = torch.cat([reader.probabilities(image[None]) for image in DRAWN], dim=1)
    torch.testing.assert_close(answered.double(), expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_a_reader_answers_many_images_as_each_alone(run) -> None:
    reader = Reader.of(made_timeline(run))
    alone = torch.cat([reader.logits(image[None]) for image in DRAWN], dim=1)
    torch.testing.assert_close(reader.logits(DRAWN), alone)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_a_reader_answers_an_image_without_ink(run) -> None:
    timeline = made_timeline(run)
    blank = torch.zeros(1, 28, 28)
    expected = timeline.to(torch.float32).logits(blank)
    torch.testing.assert_close(Reader.of(timeline).logits(blank), expected, atol=1e-4, rtol=1e-4)
