"""Shapes of a plan's layers by the rules of the language, without Keras."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from runner.plan.layers import PlannedLayer, acting_layer
from schemas.graph import ENTRY
from schemas.layers.base import LayerBase
from schemas.layers.shape import Misfit, Shape


class Shaped(NamedTuple):
    """A layer between its shapes, which do not have the batch axis; None where one is not known."""

    item: PlannedLayer
    acting: LayerBase
    """What is applied: the layer itself, or the one that it shares."""
    taken: Shape
    """Of its first input."""
    given: Shape


def shaped_layers(layers: Sequence[PlannedLayer], shape: tuple[int, ...]) -> Iterator[Shaped]:
    """The layers in their order, but for those that do not accept their inputs: whoever builds the model tells that.

    Args:
        layers: all of the model.
        shape: of one input.
    """
    shapes: dict[int, Shape] = {ENTRY: shape}
    for number, item in enumerate(layers):
        taken = [shapes.get(k) for k in item.inputs]
        acting = acting_layer(layers, item)
        try:
            shapes[number] = acting.output_shape(taken)
        except Misfit:
            shapes[number] = None
            continue
        yield Shaped(item, acting, taken[0], shapes[number])
