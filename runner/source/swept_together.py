"""Whether the values of a sweep's ranges make a valid recipe in any combination."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from pydantic import ValidationError

from runner.source.checking.allowed import recipe_shape
from runner.source.merging.overrides import Override, apply
from runner.source.yaml.nodes import MappingNode, Scalar, to_data
from runner.source.yaml.positions import Refused
from schemas import rules
from schemas.findings import Finding
from schemas.recipe import Recipe
from schemas.sweep import Range
from schemas.sweep import Scalar as ScalarValue

Written = tuple[Scalar, Range, Scalar]
"""A path, its range, and the first of the values that are written for it."""


def none_fits(base: MappingNode, ranges: Sequence[Written], known: set[str], most: int) -> bool:
    """Whether no combination of values makes a valid recipe.

    All values of a range are tried, and of one without a list of them both ends and the middle: a rule between fields
    holds on one side of a border.

    Args:
        base: the recipe without its sweep.
        ranges: of the sweep.
        known: codes of what is wrong with the recipe itself.
        most: combinations that may be tried; with more of them the answer is no.
    """
    values = [_values(each) for _, each, _ in ranges]
    if math.prod(map(len, values)) > most:
        return False
    return not any(_fits(base, ranges, chosen, known) for chosen in product(*values))


def _values(each: Range) -> Sequence[ScalarValue]:
    found = each.values()
    if found is not None:
        return found
    if each.whole is not None:
        return (*each.whole, sum(each.whole) // 2)
    return (*map(float, each.ends), each.at(0.5))


def _fits(base: MappingNode, ranges: Sequence[Written], chosen: Sequence[ScalarValue], known: set[str]) -> bool:
    changed = base
    try:
        for (path, _, written), value in zip(ranges, chosen, strict=True):
            changed = apply(changed, Override(parts_of(path), replace(written, value=value)), recipe_shape())
        recipe = Recipe.model_validate(to_data(changed), by_alias=True, by_name=False)
    except (Refused, ValidationError):
        return False
    return not broken_rules(recipe, known)


def parts_of(path: Scalar) -> tuple[Scalar, ...]:
    """The keys of a path, each at the place of the whole."""
    return tuple(Scalar(path.source, path.start, path.end, part) for part in str(path.value).split("."))


def broken_rules(recipe: Recipe, known: set[str]) -> Sequence[Finding]:
    """What is wrong with a recipe, but for what was wrong without the values that are tried."""
    return [each for each in rules.check(recipe) if each.severity == "error" and each.code not in known]
