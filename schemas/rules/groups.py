"""Groups of layers, against the model."""

import math
from collections.abc import Iterator

from schemas.findings import Finding
from schemas.groups import FactorPhases
from schemas.layer_selection import selects
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error, unknown_layer


def grouped_layers_exist(recipe: Recipe) -> Iterator[Finding]:
    """R395: a group names layers of the model, and a layer is in one group."""
    seen: dict[str, str] = {}
    for group, written in recipe.groups.items():
        for k, name in enumerate(written.layers):
            path = ("groups", group, "layers", k)
            unknown = unknown_layer(recipe, "R395", path, name)
            if unknown is not None:
                yield unknown
                continue
            other = next((other for other in seen if selects(other, name) or selects(name, other)), None)
            if other is not None:
                yield error("R395", path, f"layer '{name}' is in group '{seen[other]}' too", "leave it in one of them")
            seen.setdefault(name, group)


def exponential_ways_stay_above_zero(recipe: Recipe) -> Iterator[Finding]:
    """R396: an exponential way divides by its first value."""
    for group, written in recipe.groups.items():
        if isinstance(written.factor, FactorPhases):
            for k, row in enumerate(written.factor.phases):
                if row.curve == "exponential" and 0 in row.ends:
                    path = ("groups", group, "factor", "phases", k, "curve")
                    yield error("R396", path, "an exponential way starts and ends above zero", "write `curve: linear`")


def something_trains(recipe: Recipe) -> Iterator[Finding]:
    """R397: a group whose factor is always 1 does nothing."""
    for group, written in recipe.groups.items():
        if isinstance(written.factor, float) and math.isclose(written.factor, 1.0):
            path = ("groups", group, "factor")
            yield error("R397", path, "factor 1 leaves the learning rate as it is", "remove the group")


RULES: tuple[Rule, ...] = (grouped_layers_exist, exponential_ways_stay_above_zero, something_trains)
