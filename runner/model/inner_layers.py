"""Layers of applications that a recipe names: known once Keras has built them."""

from collections.abc import Iterator, Sequence

from runner.diagnostics import suggest
from runner.errors import InnerLayerError, KeyPath
from runner.model.build import LayerShape
from runner.plan.plan import Plan
from schemas.layer_selection import members


def require_inner_layers(plan: Plan, rows: Sequence[LayerShape]) -> None:
    """What groups and exclusions name is there, and no layer is in two groups.

    Args:
        plan: has the names.
        rows: the model's layers, those of applications with the layers in them.

    Raises:
        InnerLayerError: at the name in the recipe.
    """
    if not any(row.inner for row in rows):
        return  # the names of all layers were known before
    names = [name for row in rows for name in (row.name, *row.inner)]
    taken: dict[str, str] = {}
    for path, written, group in _written(plan):
        found = members(written, names)
        if not found:
            near = suggest(written, names)
            raise InnerLayerError(
                f"'{written}' selects no layer", path, *([f"did you mean '{near}'?"] if near else [_known(rows)])
            )
        for name in found if group is not None else ():
            other = taken.setdefault(name, str(group))
            if other != group:
                raise InnerLayerError(f"layer '{name}' is in group '{other}' too", path, "leave it in one of them")


def _written(plan: Plan) -> Iterator[tuple[KeyPath, str, str | None]]:
    """Place, name, and group of every layer that the recipe names."""
    for group, written in plan.recipe.groups.items():
        for k, name in enumerate(written.layers):
            yield ("groups", group, "layers", k), name, group
    excluded = plan.recipe.optimizer.exclude_from_weight_decay
    for k, name in enumerate((excluded.layers if excluded is not None else None) or ()):
        yield ("optimizer", "exclude_from_weight_decay", "layers", k), name, None


def _known(rows: Sequence[LayerShape]) -> str:
    """How many layers each application has, and some of their names."""
    parts = (
        f"{row.name} has {len(row.inner) + 1} layers with its input layer, from {row.inner[0]} to {row.inner[-1]}"
        for row in rows
        if row.inner
    )
    return "; ".join(parts)
