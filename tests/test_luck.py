"""What other untrained networks of the same shape say."""

import pytest
import torch

from mnist_core.architectures import ARCHITECTURES
from mnist_core.checkpoints import checkpoint_path, load_checkpoint
from mnist_core.drawing import read_handwritings
from mnist_core.luck import SEEDS, build_others
from mnist_core.model import build_model
from mnist_core.preprocessing import image_of_drawing
from mnist_core.recipes import RUNS

IMAGES = [image_of_drawing(entry.drawing) for entry in read_handwritings()[::9]]
EVERY_ARCHITECTURE = pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=lambda one: one.id)


@EVERY_ARCHITECTURE
@pytest.mark.parametrize("input_range", [(0.0, 1.0), (-1.0, 1.0)])
def test_each_says_what_a_fresh_model_with_its_seed_says(architecture, input_range) -> None:
    said = build_others(architecture, input_range).probabilities(torch.stack(IMAGES))
    for seed, probabilities in zip(SEEDS, said, strict=True):
        model = build_model(architecture, seed=seed, input_range=input_range).eval()
        with torch.no_grad():
            expected = model(torch.stack(IMAGES)).softmax(-1)
        torch.testing.assert_close(probabilities, expected, atol=1e-4, rtol=0)


def test_there_are_twenty() -> None:
    assert len(set(SEEDS)) == 20


@pytest.mark.parametrize("run", RUNS.values(), ids=lambda run: run.id)
def test_none_has_the_seed_of_a_trained_network(run) -> None:
    timeline, card = load_checkpoint(checkpoint_path(run))
    assert not {timeline.seed, *(result.seed for result in card.seeds)} & set(SEEDS)


@EVERY_ARCHITECTURE
def test_ten_percent_each_is_an_average_and_not_what_one_network_says(architecture) -> None:
    said = build_others(architecture, (0.0, 1.0)).probabilities(torch.stack(IMAGES)).transpose(0, 1)
    # How far from 10 % the digit is that is furthest from it, for every image:
    of_one_network = (said - 0.1).abs().amax(-1).mean(1)
    of_the_average = (said.mean(1) - 0.1).abs().amax(-1)
    assert (of_the_average < of_one_network / 2).all()


def test_making_them_leaves_the_random_state_as_it_was(random_state) -> None:
    build_others(ARCHITECTURES["relu-50"], (0.0, 1.0))
    assert torch.equal(torch.get_rng_state(), random_state)
