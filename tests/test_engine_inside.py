"""What the page shows of a network's inside is what PyTorch computes, and it adds up."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from committed import load_timeline
from node import run_node
from safetensors.torch import load_file
from torch import Tensor

from mnist_core.checkpoints.card import checkpoint_path
from mnist_core.drawings.preprocessing import image_of_drawing
from mnist_core.drawings.strokes import read_handwritings
from mnist_core.networks.model import ACTIVATIONS
from mnist_core.networks.timeline import Timeline
from mnist_core.runs.recipes import RUNS

# Every architecture, both ranges of inputs, and both recipes.
COMPARED = [
    "relu-25-25/published",
    "relu-50/robust",
    "relu-96-256/robust",
    "tanh-96-sigmoid-256/published",
    "relu-128-128-64-64/published",
]
SNAPSHOTS = (0, 3, 10, -1)
FOR, AGAINST = 3, 5
EMPTY = 4  # position of the empty page among the images


@dataclass(frozen=True)
class Reading:
    """One image and one snapshot: what the page says of it, and the network as Python has it."""

    name: str  # run, snapshot and image
    page: dict[str, Any]
    timeline: Timeline  # of one snapshot, in double precision
    ink: Tensor  # (784,) 0..1, double precision
    most: float  # the largest first-layer weight, says the page

    def forward(self, ink: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Of every layer the sums, and of every hidden layer the activations, of ink (..., 784)."""
        low, high = self.timeline.run.recipe.input_range
        names = [hidden.activation for hidden in self.timeline.run.architecture.hidden]
        values, sums, made = ink * (high - low) + low, [], []
        for weight, bias, name in zip(
            self.timeline.weights, self.timeline.biases, [*names, None], strict=True
        ):
            sums.append(values @ weight[0].T + bias[0])
            if name:
                values = ACTIVATIONS[name]()(sums[-1])
                made.append(values)
        return sums, made


@pytest.fixture(scope="module")
def levels() -> Tensor:
    """Four handwritings, and an empty page: (5, 784), uint8."""
    digits = [next(entry for entry in read_handwritings() if entry.label == label) for label in (3, 5, 8, 1)]
    images = torch.stack([image_of_drawing(entry.drawing) for entry in digits]).flatten(1)
    return torch.cat([(images * 255).round().to(torch.uint8), torch.zeros(1, 784, dtype=torch.uint8)])


@pytest.fixture(scope="module")
def readings(levels: Tensor, tmp_path_factory: pytest.TempPathFactory) -> list[Reading]:
    """What the page says of every image at every snapshot of the runs."""
    file = tmp_path_factory.mktemp("inside") / "levels"
    file.write_bytes(levels.numpy().tobytes())
    places = [(run_id, index) for run_id in COMPARED for index in SNAPSHOTS]
    names = [f"{run_id}:{index}" for run_id, index in places]
    answers = json.loads(run_node("inside.js", file, FOR, AGAINST, *names))
    found = []
    for (run_id, index), name, answer in zip(places, names, answers, strict=True):
        network = load_timeline(run_id).at(index).to(torch.float64)
        for number, (page, ink) in enumerate(zip(answer["readings"], levels.double() / 255, strict=True)):
            found.append(Reading(f"{name}, image {number}", page, network, ink, answer["most"]))
    assert len(found) == 5 * 4 * 5
    return found


def test_unit_pictures_are_the_checkpoints_weights_bit_for_bit() -> None:
    for run_id in COMPARED:
        tensors = load_file(checkpoint_path(RUNS[run_id]))
        places = sorted(name for name in tensors if name.endswith(".0.weight"))
        last, *others = [
            tensors[name].float() for name in places
        ]  # the last snapshot comes first in the file
        expected = torch.stack([*others, last])  # (snapshots, units, 784)
        pictures = np.frombuffer(run_node("unit_pictures.js", run_id), np.float32)
        assert np.array_equal(pictures.view(np.uint32), expected.numpy().ravel().view(np.uint32)), run_id


def test_every_layers_sums_are_pytorchs(readings: list[Reading]) -> None:
    for reading in readings:
        expected, _ = reading.forward(reading.ink)
        assert len(reading.page["sums"]) == len(expected), reading.name
        for sums, of_layer in zip(reading.page["sums"], expected, strict=True):
            assert sums == pytest.approx(of_layer.tolist(), abs=1e-9), reading.name


def test_the_scale_is_the_largest_weight(readings: list[Reading]) -> None:
    for reading in readings:
        assert reading.most == reading.timeline.weights[0].abs().max().item(), reading.name


def test_a_unit_adds_its_activation_times_the_gradient_of_autograd(readings: list[Reading]) -> None:
    for reading in readings:
        found = torch.tensor(reading.page["effects"], dtype=torch.float64).view(-1, 10)
        assert (found - gradients(reading)).abs().max() < 1e-9, reading.name


def gradients(reading: Reading) -> Tensor:
    """Activation × gradient of every digit's logit, (units, 10), by autograd."""
    _, made = reading.forward(reading.ink)
    first = made[0].clone().requires_grad_()
    values, names = first, [hidden.activation for hidden in reading.timeline.run.architecture.hidden]
    layers = list(zip(reading.timeline.weights, reading.timeline.biases, [*names, None], strict=True))
    for weight, bias, name in layers[1:]:
        values = values @ weight[0].T + bias[0]
        values = ACTIVATIONS[name]()(values) if name else values
    columns = [torch.autograd.grad(values[digit], first, retain_graph=True)[0] for digit in range(10)]
    return first.detach()[:, None] * torch.stack(columns, 1)


def test_with_one_hidden_layer_the_units_and_the_bias_add_up_to_the_digits_logit(
    readings: list[Reading],
) -> None:
    one_hidden = [reading for reading in readings if reading.name.startswith("relu-50/")]
    assert len(one_hidden) == 4 * 5
    for reading in one_hidden:
        bias = reading.timeline.biases[-1][0, FOR].item()
        units = reading.page["effects"][FOR::10]
        logit = reading.forward(reading.ink)[0][-1][FOR].item()
        assert sum(units) + bias == pytest.approx(logit, rel=1e-9, abs=1e-9), reading.name


def test_pixels_and_the_empty_page_add_up_to_the_difference_of_the_logits(readings: list[Reading]) -> None:
    for reading in readings:
        found, (drawn, empty) = reading.page["contrast"], logits_of_both(reading)
        assert found["difference"] == pytest.approx(drawn, abs=1e-9), reading.name
        assert found["empty"] == pytest.approx(empty, abs=1e-9), reading.name
        assert sum(found["pixels"]) + found["empty"] == pytest.approx(drawn, rel=1e-9, abs=1e-9), reading.name


def logits_of_both(reading: Reading) -> list[float]:
    """The difference of the two digits' logits, for the image and for an empty page."""
    logits = reading.forward(torch.stack([reading.ink, torch.zeros_like(reading.ink)]))[0][-1]
    return (logits[:, FOR] - logits[:, AGAINST]).tolist()


def test_pixels_without_ink_add_nothing(readings: list[Reading]) -> None:
    for reading in readings:
        pixels = torch.tensor(reading.page["contrast"]["pixels"])
        assert not pixels[reading.ink == 0].any(), reading.name
        assert pixels.any() == reading.ink.any(), reading.name


def test_each_unit_shares_its_change_in_proportion_to_what_its_inputs_add(readings: list[Reading]) -> None:
    for reading in readings:
        pixels = reading.page["contrast"]["pixels"]
        assert pixels == pytest.approx(shares(reading).tolist(), abs=1e-6), reading.name


def shares(reading: Reading) -> Tensor:
    """The same pixels, from the inputs forwards: a matrix of shares (784, units), layer after layer."""
    low, high = reading.timeline.run.recipe.input_range
    sums, made = reading.forward(torch.stack([reading.ink, torch.zeros_like(reading.ink)]))
    change = torch.diag(reading.ink * (high - low))  # what each pixel changes of each input
    for layer, weight in enumerate(reading.timeline.weights):
        change = change @ weight[0].T
        if layer < len(made):
            of_sum, of_value = (values[layer][0] - values[layer][1] for values in (sums, made))
            change = change / torch.where(of_sum == 0, 1, of_sum) * of_value
    return change[:, FOR] - change[:, AGAINST]


def test_what_more_ink_would_add_is_the_gradient_of_autograd(readings: list[Reading]) -> None:
    for reading in readings:
        ink = reading.ink.clone().requires_grad_()
        logits = reading.forward(ink)[0][-1]
        (logits[FOR] - logits[AGAINST]).backward()
        assert ink.grad is not None
        gradient = reading.page["contrast"]["gradient"]
        assert gradient == pytest.approx(ink.grad.tolist(), abs=1e-9), reading.name


def test_the_strongest_links_are_the_largest_products(readings: list[Reading]) -> None:
    for reading in readings:
        low, high = reading.timeline.run.recipe.input_range
        scales = [high - low, *[1] * len(reading.timeline.weights)]
        inputs = [reading.ink, *reading.forward(reading.ink)[1]]
        for links, values, weight, scale in zip(
            reading.page["links"], inputs, reading.timeline.weights, scales, strict=False
        ):
            products = values[:, None] * scale * weight[0].T  # (inputs, outputs)
            count = min(20, int((products != 0).sum()))
            expected = products.abs().flatten().topk(count).values
            carried = torch.tensor([link["carries"] for link in links], dtype=torch.float64)
            assert carried.abs().tolist() == pytest.approx(expected.tolist(), abs=1e-9), reading.name
            for link in links:
                product = products[link["input"], link["output"]].item()
                assert link["carries"] == pytest.approx(product, abs=1e-9), reading.name


def test_the_links_that_argue_about_a_digit_lead_to_it_and_are_the_largest(readings: list[Reading]) -> None:
    for reading in readings:
        values = reading.forward(reading.ink)[1][-1]
        products = values * reading.timeline.weights[-1][0][FOR]
        expected = products.abs().topk(min(20, int((products != 0).sum()))).values
        links = reading.page["arguments"]
        assert {link["output"] for link in links} == {FOR}
        carried = [abs(link["carries"]) for link in links]
        assert carried == pytest.approx(expected.tolist(), abs=1e-9), reading.name


def strokes(timeline: Timeline, index: int) -> float:
    """The share of units with over half of their squared weights in a tenth of the picture, 9×9 pixels."""
    energy = timeline.weights[0][index].view(-1, 1, 28, 28).square()
    windows = torch.nn.functional.avg_pool2d(energy, 9, stride=1) * 81
    return (windows.amax((1, 2, 3)) > energy.sum((1, 2, 3)) / 2).double().mean().item()


def test_what_the_page_says_of_how_the_weights_look_is_measured() -> None:
    for run_id in RUNS:
        timeline = load_timeline(run_id)
        picture = timeline.weights[0][0].view(-1, 28, 28)  # at step 0
        neighbours = (picture[:, :, 1:] * picture[:, :, :-1]).mean() / picture.square().mean()
        assert abs(neighbours) < 0.02, run_id  # random
        assert strokes(timeline, 0) == 0, run_id
        if run_id.endswith("/robust"):
            assert strokes(timeline, -1) > 0.25, run_id  # "many end as a short stroke in one place"
        else:
            assert strokes(timeline, -1) < 0.1, run_id  # "most units look almost random to the end"
