"""Distortions: a whole batch of images bent, turned, moved, made bolder or finer, in a few operations."""

import math
from functools import cache

import torch
from torch import Tensor, nn

from mnist_core.runs.architectures import SIDE
from mnist_core.runs.recipes import Distortion

NODES = 4  # displacements are drawn on a grid of 4×4 nodes and interpolated between them


def distort(images: Tensor, distortion: Distortion, generator: torch.Generator) -> Tensor:
    """Distort every image in its own way.

    Args:
        images: ink, shape (batch, 28, 28), 0 (paper) to 1 (full ink).
        distortion: how far.
        generator: where the random values come from.

    Returns:
        The distorted images; same shape, same range.
    """
    coefficients = _coefficients(len(images), distortion, generator)  # (batch, 2, 3 + nodes)
    grid = (coefficients @ _basis()).view(-1, 2, SIDE, SIDE).permute(0, 2, 3, 1)  # (batch, 28, 28, 2)
    bent = nn.functional.grid_sample(images[:, None], grid, align_corners=False)[:, 0]
    amount = torch.rand(len(images), 1, 1, generator=generator) * distortion.thickness
    half = len(images) // 2  # the first half gets thicker, the rest thinner: the caller's order is random
    thicker = bent[:half].lerp(_widest(bent[:half]), amount[:half])
    thinner = bent[half:].lerp(1 - _widest(1 - bent[half:]), amount[half:])
    return torch.cat([thicker, thinner])


def _coefficients(count: int, distortion: Distortion, generator: torch.Generator) -> Tensor:
    """For every image, where its pixels come from: weights of the basis for x and for y, (count, 2, 19)."""

    def uniform(bound: float) -> Tensor:
        return (torch.rand(count, generator=generator) * 2 - 1) * bound

    angle = uniform(math.radians(distortion.rotation))
    cosine, sine = angle.cos(), angle.sin()
    across, down = 1 + uniform(distortion.scale), 1 + uniform(distortion.scale)
    shear = uniform(distortion.shear)
    pixel = 2 / SIDE  # grid_sample counts from -1 to 1
    x = torch.stack([cosine * across, cosine * shear - sine, uniform(distortion.shift * pixel)], 1)
    y = torch.stack([sine, (cosine + sine * shear) * down, uniform(distortion.shift * pixel)], 1)
    nodes = torch.randn(count, 2, NODES**2, generator=generator) * distortion.displacement * pixel
    return torch.cat([torch.stack([x, y], 1), nodes], 2)


@cache
def _basis() -> Tensor:
    """x, y and 1 at every pixel, as `affine_grid` has them, and each node's influence: (3 + nodes, 784)."""
    identity = torch.eye(3)[None, :2]  # (1, 2, 3)
    plain = nn.functional.affine_grid(identity, [1, 1, SIDE, SIDE], align_corners=False)
    x, y = plain.reshape(-1, 2).T
    nodes = torch.eye(NODES**2).view(1, -1, NODES, NODES)
    influence = nn.functional.interpolate(nodes, (SIDE, SIDE), mode="bicubic", align_corners=True)
    return torch.cat([torch.stack([x, y, torch.ones_like(x)]), influence.view(-1, SIDE * SIDE)])


def _widest(images: Tensor) -> Tensor:
    """The most ink among each pixel and its four neighbours; same shape."""
    widest = images.clone()
    widest[:, 1:] = widest[:, 1:].maximum(images[:, :-1])
    widest[:, :-1] = widest[:, :-1].maximum(images[:, 1:])
    widest[:, :, 1:] = widest[:, :, 1:].maximum(images[:, :, :-1])
    widest[:, :, :-1] = widest[:, :, :-1].maximum(images[:, :, 1:])
    return widest
