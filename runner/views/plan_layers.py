"""The layers of a plan as a table, those of blocks below the name of the block."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from runner.plan.plan import Plan
from runner.views.layer_tree import Branch, shared, tree_of
from runner.views.lines import Screen
from runner.views.tables import Column, table

if TYPE_CHECKING:
    from runner.model.build import LayerShape

_FROM = Column("from", leaves=1)
_COLUMNS = (
    Column("layer"),
    Column("output"),
    Column("parameters", left=False),
    Column("multiply-adds", left=False, leaves=2),
)


def layer_lines(plan: Plan, layers: "Sequence[LayerShape]", screen: Screen) -> list[Text]:
    """A row for each layer, and one with sums for each block; in a graph also inputs other than the row above.

    Where layers take weights, also whether a layer with weights does, or begins fresh.
    """
    graph, begun = plan.recipe.model.kind == "functional", plan.takes_weights
    above = dict(zip((layer.name for layer in layers), ["input", *(layer.name for layer in layers)], strict=False))
    more = (*((Column("weights"),) if begun else ()), *((Column("inputs", leaves=3),) if graph else ()))
    rows = [
        (
            f"{'  ' * branch.depth}{_called(branch, graph=graph)}",
            " x ".join(str(side) for side in branch.layers[-1].output_shape),
            f"{branch.parameters:,}" if branch.parameters else "",
            _multiply_adds(branch),
            *((_begun(branch),) if begun else ()),
            *((_inputs(branch, above),) if graph else ()),
            _from(branch),
        )
        for branch in tree_of(layers)
    ]
    return table(screen, (*_COLUMNS, *more, _FROM), rows)


def _multiply_adds(branch: Branch) -> str:
    count = branch.multiply_adds
    return "?" if count is None else f"{count:,}" if count else ""


def _begun(branch: Branch) -> str:
    if branch.is_block or not branch.layers[0].weights:
        return ""
    return "taken" if branch.layers[0].taken else "fresh"


def _inputs(branch: Branch, above: dict[str, str]) -> str:
    """What a layer takes, by layers beside it and blocks beside its own."""
    layer = branch.layers[0]
    if branch.is_block or layer.inputs == (above[layer.name],):
        return ""
    return ", ".join(_seen_from(layer.name, name) for name in layer.inputs)


def _seen_from(layer: str, other: str) -> str:
    """A layer's name as one in its own block sees it: a block beside stands for its output.

    >>> _seen_from("stage.2.add_1", "stage.2.conv2d_1"), _seen_from("stage.2.add_1", "stage.1.activation_1")
    ('conv2d_1', 'stage.1')
    """
    own, parts = layer.split(".")[:-1], other.split(".")
    common = shared(own, parts[:-1])
    return ".".join(parts[: common + 1][common if common == len(own) else 0 :])


def _from(branch: Branch) -> str:
    layer = branch.layers[0]
    return "" if branch.is_block else layer.origin or ".".join(str(key) for key in layer.path)


def _called(branch: Branch, *, graph: bool) -> str:
    """The name of a block; of a layer the kind, in a graph or a block also the name, and the dropout rate."""
    if branch.is_block:
        return branch.name
    layer = branch.layers[0]
    own = not branch.name.startswith(f"{layer.kind}_")
    named = graph or branch.depth > 0
    words = [layer.kind] if not named else [layer.kind, branch.name] if own else [branch.name]
    if layer.weights_of:
        words = [layer.kind, branch.name, f"(weights of {layer.weights_of})"]
    return " ".join(words if layer.dropout is None else [*words, f"{layer.dropout:.3g}"])
