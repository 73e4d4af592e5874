"""Groups of layers, against the model."""

import math
from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.groups import FactorPhases
from schemas.layer_selection import range_of, selects
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, applications_of, error, unknown_layer


def grouped_layers_exist(recipe: Recipe) -> Iterator[Finding]:
    """R395: a group names layers of the model, and a layer is in one group."""
    seen: dict[str, str] = {}
    for group, written in recipe.groups.items():
        for k, name in enumerate(written.layers):
            path = ("groups", group, "layers", k)
            unknown = _unknown(recipe, path, name)
            if unknown is not None:
                yield unknown
                continue
            other = next((other for other in seen if _overlap(other, name)), None)
            if other is not None:
                yield error("R395", path, f"layer '{name}' is in group '{seen[other]}' too", "leave it in one of them")
            seen.setdefault(name, group)


def _unknown(recipe: Recipe, path: Path, written: str) -> Finding | None:
    some = range_of(written)
    if some is None:
        return unknown_layer(recipe, "R395", path, written)
    if some.application in applications_of(recipe):
        return None
    what = f"'{written}' counts the layers of an application, and none has the name '{some.application}'"
    return error("R395", path, what, "name layers one by one; only `kind: application` has layers that are counted")


def _overlap(one: str, other: str) -> bool:
    """Whether two names select one layer, as far as it is known without Keras."""
    first, second = range_of(one), range_of(other)
    if first is not None and second is not None:
        return one == other
    if first is not None or second is not None:
        whole, part = (other, first) if first is not None else (one, second)
        return part is not None and selects(whole, part.application)
    return selects(one, other) or selects(other, one)


def exponential_ways_stay_above_zero(recipe: Recipe) -> Iterator[Finding]:
    """R396: an exponential way divides by its first value."""
    for group, written in recipe.groups.items():
        if isinstance(written.factor, FactorPhases):
            for k, row in enumerate(written.factor.phases):
                if row.curve == "exponential" and 0 in row.ends:
                    path = ("groups", group, "factor", "phases", k, "curve")
                    yield error(
                        "R396", path, "an exponential curve must start and end above zero", "write `curve: linear`"
                    )


def something_trains(recipe: Recipe) -> Iterator[Finding]:
    """R397: a group whose factor is always 1 does nothing."""
    for group, written in recipe.groups.items():
        if isinstance(written.factor, float) and math.isclose(written.factor, 1.0):
            path = ("groups", group, "factor")
            yield error("R397", path, "factor 1 leaves the learning rate as it is", "remove the group")


RULES: tuple[Rule, ...] = (grouped_layers_exist, exponential_ways_stay_above_zero, something_trains)
