"""The five networks, as data: the sizes and activations of their layers, nothing else."""

from dataclasses import dataclass
from typing import Literal

from mnist_core.errors import UnknownNameError, brief

SIDE = 28  # pixels on each side of an MNIST image
DIGITS = 10
Activation = Literal["relu", "tanh", "sigmoid"]


@dataclass(frozen=True)
class Hidden:
    """One hidden layer: a linear map, its activation, then dropout (0 means none)."""

    units: int
    activation: Activation
    dropout: float = 0.0


@dataclass(frozen=True)
class Architecture:
    """A multi-layer perceptron from 28×28 pixels to ten logits."""

    id: str
    hidden: tuple[Hidden, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Width of every layer, from the 784 pixels to the 10 logits."""
        return (SIDE * SIDE, *(layer.units for layer in self.hidden), DIGITS)

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """(outputs, inputs) of every linear map, first to last."""
        return tuple(zip(self.sizes[1:], self.sizes[:-1], strict=True))

    @property
    def parameters(self) -> int:
        """Number of trainable parameters."""
        return sum(outputs * inputs + outputs for outputs, inputs in self.shapes)


ARCHITECTURES = {
    architecture.id: architecture
    for architecture in (
        Architecture("relu-25-25", (Hidden(25, "relu"), Hidden(25, "relu"))),
        Architecture("relu-50", (Hidden(50, "relu"),)),
        Architecture("relu-96-256", (Hidden(96, "relu", 0.2), Hidden(256, "relu", 0.2))),
        Architecture("tanh-96-sigmoid-256", (Hidden(96, "tanh", 0.2), Hidden(256, "sigmoid", 0.2))),
        Architecture(
            "relu-128-128-64-64",
            (Hidden(128, "relu"), Hidden(128, "relu"), Hidden(64, "relu"), Hidden(64, "relu")),
        ),
    )
}


def find_architecture(architecture_id: str) -> Architecture:
    """The architecture with this id; UnknownNameError names the ones there are."""
    try:
        return ARCHITECTURES[architecture_id]
    except KeyError:
        raise UnknownNameError(
            f"Unknown model {brief(architecture_id)}; choose one of: {', '.join(ARCHITECTURES)}."
        ) from None
