"""Groups of layers, against the model."""

import math
from collections.abc import Iterator

from schemas.findings import Finding
from schemas.groups import FactorPhases
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error, listed


def grouped_layers_exist(recipe: Recipe) -> Iterator[Finding]:
    """R395: a group names layers of the model, and a layer is in one group."""
    names = [layer.name for layer in recipe.model.layers if layer.name is not None] + ["output"]
    seen: dict[str, str] = {}
    for group, written in recipe.groups.items():
        for k, name in enumerate(written.layers):
            path = ("groups", group, "layers", k)
            if name not in names:
                yield error(
                    "R395", path, f"no layer has the name '{name}'",
                    f"there are {listed(names)}; a layer has the name that its `name` gives"
                    if len(names) > 1
                    else "give the layer a `name`; the last layer is called `output`",
                )  # fmt: skip
            elif name in seen:
                yield error("R395", path, f"layer '{name}' is in group '{seen[name]}' too", "leave it in one of them")
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
