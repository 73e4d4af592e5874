"""Published weights that applications of Keras begin with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runner.errors import KeyPath
from runner.plan.layer_shapes import shaped_layers
from runner.plan.layers import PlannedLayer
from schemas.layers.shape import Shape

if TYPE_CHECKING:
    from schemas.layers.applications.published import PublishedFile


@dataclass(frozen=True)
class WantedWeights:
    """The file that an application asks for; where it lies, and whether, is another matter."""

    layer: str
    """Name of the application in the model."""
    weights: str
    """``imagenet``."""
    published: "PublishedFile"
    path: KeyPath
    """Of the key in the recipe."""


@dataclass(frozen=True)
class PublishedWeights:
    """The file that an application begins with."""

    layer: str
    """Name of the application in the model."""
    weights: str
    """``imagenet``."""
    name: str
    """Of the file."""
    sha256: str
    """Of its content."""
    file: Path | None
    """Where it lies; None for a run that goes on, which has the weights in its checkpoint."""
    path: KeyPath
    """Of the key in the recipe."""


def wanted_weights(layers: Sequence[PlannedLayer], shape: tuple[int, ...]) -> Iterator[WantedWeights]:
    """The files that the applications of a model ask for.

    Args:
        layers: all of the model.
        shape: of one input.
    """
    for shaped in shaped_layers(layers, shape):
        yield from _wanted(shaped.item, shaped.taken)


def _wanted(item: PlannedLayer, shape: Shape) -> Iterator[WantedWeights]:
    if item.layer.kind != "application":
        return
    from schemas.layers.applications.application import Application

    assert isinstance(item.layer, Application)
    published = item.layer.published_file(shape)
    if published is not None:
        yield WantedWeights(str(item.layer.name), item.layer.weights, published, (*item.path, "weights"))
