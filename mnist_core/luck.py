"""Luck: untrained networks of one shape, which say of an image what chance alone makes them say."""

import torch

from mnist_core.architectures import Architecture
from mnist_core.model import build_model, linear_layers
from mnist_core.reader import Reader

SEEDS = range(1000, 1020)  # no run was trained with one of them


def build_others(architecture: Architecture, input_range: tuple[float, float]) -> Reader:
    """Untrained networks of an architecture, one for each of `SEEDS`, as `build_model` makes them."""
    networks = [linear_layers(build_model(architecture, seed=seed)) for seed in SEEDS]
    layers = list(zip(*networks, strict=True))  # of each linear map its layer in every network
    weights = tuple(torch.stack([layer.weight.detach().half() for layer in same]) for same in layers)
    biases = tuple(torch.stack([layer.bias.detach().half() for layer in same]) for same in layers)
    return Reader(architecture, weights, biases, input_range=input_range)
