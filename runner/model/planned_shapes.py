"""Shapes and parameters of everything in a plan's model that has weights."""

from collections.abc import Iterator

from runner.data.statistics.word_treatment import FittedWords
from runner.data.tabular.prepared import PreparedTable
from runner.model.build import LayerShape, layer_shapes
from runner.model.inner_layers import require_inner_layers
from runner.plan.plan import Plan


def planned_shapes(plan: Plan) -> tuple[LayerShape, ...]:
    """A row for each embedded column of a table, then one for each of the recipe's layers; no weight is allocated.

    Raises:
        BuildError: when Keras does not accept a layer.
        InnerLayerError: an application has no such layer, or it is in two groups.
    """
    rows = layer_shapes(plan.layers, plan.data.layer_input)
    require_inner_layers(plan, rows)
    return (*_embedded(plan), *rows)


def _embedded(plan: Plan) -> Iterator[LayerShape]:
    if not isinstance(plan.data.details, PreparedTable):
        return
    for name, learnt in plan.data.details.fitted.items():
        if isinstance(learnt, FittedWords) and learnt.embed is not None:
            shape, parameters = (learnt.embed,), learnt.size * learnt.embed
            path = ("data", "columns", name)
            yield LayerShape(path, "embedding", shape, parameters, None, None, f"embedding_{name}", ("input",))
