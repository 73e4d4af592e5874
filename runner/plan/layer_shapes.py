"""Shapes of a plan's layers by the rules of the language, without Keras."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from runner.plan.layers import PlannedLayer
from schemas.graph import ENTRY
from schemas.layers.base import LayerBase
from schemas.layers.shape import Misfit, Shape


class Shaped(NamedTuple):
    """A layer between its shapes, which do not have the batch axis; None where one is not known."""

    item: PlannedLayer
    acting: LayerBase
    """The layer whose weights it has: itself, unless they are shared."""
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
        acting = item.layer if item.weights_of is None else layers[item.weights_of].layer
        try:
            shapes[number] = acting.output_shape(taken)
        except Misfit:
            shapes[number] = None
            continue
        yield Shaped(item, acting, taken[0], shapes[number])
