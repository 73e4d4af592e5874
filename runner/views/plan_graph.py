"""The graph of a plan's model as a picture."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from runner.plan.plan import Plan
from runner.plots.graph_picture import Box, graph_picture
from runner.views.layer_tree import scopes_of, total_multiply_adds

if TYPE_CHECKING:
    from runner.model.build import LayerShape

_INPUT = "input"


def plan_graph(plan: Plan, layers: "Sequence[LayerShape]", *, dark: bool) -> bytes:
    """An SVG of the layers with shapes, parameters, multiply-adds and dropout rates.

    Args:
        plan: the plan to show.
        layers: its layers with shapes.
        dark: whether to draw on a dark background.
    """
    parameters, count = sum(layer.parameters for layer in layers), total_multiply_adds(layers)
    facts = f"{parameters:,} parameters" + (f", {count:,} multiply-adds per example" if count is not None else "")
    return graph_picture(_boxes(plan, layers), plan.recipe.name, [plan.data.label, facts], dark=dark)


def _boxes(plan: Plan, layers: "Sequence[LayerShape]") -> list[Box]:
    numbers = {_INPUT: 0} | {layer.name: k for k, layer in enumerate(layers, start=1)}
    scopes = scopes_of(layers)
    boxes = [Box(_INPUT, _shape(plan.data.layer_input))]
    for layer, scope in zip(layers, scopes, strict=True):
        inputs = tuple(numbers[name] for name in layer.inputs)
        boxes.append(Box(_title(layer), _detail(layer), scope, inputs))
    return boxes


def _title(layer: "LayerShape") -> str:
    name = layer.name.rpartition(".")[2]
    called = name if name.startswith(f"{layer.kind}_") else f"{layer.kind} {name}"
    return called if layer.dropout is None else f"{called}: {layer.dropout:.3g}"


def _detail(layer: "LayerShape") -> str:
    words = [_shape(layer.output_shape)]
    if layer.weights_of:
        words.append(f"weights of {layer.weights_of}")
    if layer.parameters:
        words.append(f"{layer.parameters:,} parameters")
    if layer.multiply_adds:
        words.append(f"{layer.multiply_adds:,} multiply-adds")
    if layer.dropout is not None and layer.origin is not None:
        words.append(layer.origin)
    return " · ".join(words)


def _shape(sides: Sequence[int | None]) -> str:
    return " x ".join(str(side) for side in sides)
