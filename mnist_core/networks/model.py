"""The multi-layer perceptron that an architecture describes, as a PyTorch module."""

import torch
from torch import Tensor, nn

from mnist_core.runs.architectures import Architecture

ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


class ScaleInput(nn.Module):
    """Map ink from 0..1 to the range that a recipe trains on; any shape, same shape."""

    def __init__(self, input_range: tuple[float, float]) -> None:
        super().__init__()
        self.low, self.high = input_range

    def forward(self, images: Tensor) -> Tensor:
        return images if (self.low, self.high) == (0, 1) else images * (self.high - self.low) + self.low

    def extra_repr(self) -> str:
        return f"{self.low:g}..{self.high:g}"


def build_model(
    architecture: Architecture,
    *,
    seed: int,
    input_range: tuple[float, float] = (0.0, 1.0),
    dropout: bool = True,
) -> nn.Sequential:
    """An untrained network: images (batch, 28, 28) with ink 0..1 to logits (batch, 10).

    Args:
        architecture: sizes and activations of the layers.
        seed: equal seeds give equal weights; the global random state stays as it was.
        input_range: where the network wants ink 0..1 mapped to.
        dropout: False puts an identity in the place of every dropout.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layers: list[nn.Module] = [nn.Flatten(), ScaleInput(input_range)]
        for (outputs, inputs), hidden in zip(architecture.shapes, architecture.hidden, strict=False):
            layers += [nn.Linear(inputs, outputs), ACTIVATIONS[hidden.activation]()]
            if hidden.dropout:
                layers.append(nn.Dropout(hidden.dropout) if dropout else nn.Identity())
        outputs, inputs = architecture.shapes[-1]
        return nn.Sequential(*layers, nn.Linear(inputs, outputs))


def linear_layers(model: nn.Sequential) -> list[nn.Linear]:
    """The layers of a model that hold parameters, first to last."""
    return [layer for layer in model if isinstance(layer, nn.Linear)]


def summarize(architecture: Architecture) -> str:
    """The table that the tutorials print: every layer, its output shape, its parameters, and the total."""
    rows = [("Layer", "Output shape", "Parameters")]
    shape: tuple[int, ...] = (28, 28)
    for layer in build_model(architecture, seed=0):
        if isinstance(layer, ScaleInput):
            continue
        shape = tuple(layer(torch.zeros(1, *shape)).shape[1:])
        name = str(layer).split("(")[0] + (f" {layer.p:g}" if isinstance(layer, nn.Dropout) else "")
        rows.append((name, str(shape), f"{sum(p.numel() for p in layer.parameters()):,}"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}" for a, b, c in rows]
    rule = "-" * len(lines[0])
    return "\n".join(
        [
            architecture.id,
            rule,
            lines[0],
            rule,
            *lines[1:],
            rule,
            f"Total trainable parameters: {architecture.parameters:,}",
        ]
    )
