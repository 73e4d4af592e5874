"""The pieces of a recipe's schedule, with their places in the recipe."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from schemas.findings import Path
from schemas.recipe import Recipe
from schemas.schedule import Curve, Schedule, pieces
from schemas.schedule.pieces import OwnTable, Ramp

if TYPE_CHECKING:
    from schemas.schedule.warmup import Warmup

PATH: Path = ("schedule",)


def written(recipe: Recipe) -> Iterator[tuple[Schedule, Path]]:
    """The schedule and, under a plateau, its base."""
    if recipe.schedule is not None:
        yield from ((schedule, (*PATH, *path)) for schedule, path in pieces.written(recipe.schedule))


def base_of(recipe: Recipe) -> tuple[Curve | None, Path]:
    """The curve without what reacts to a monitor; None without a schedule."""
    if recipe.schedule is None:
        return None, PATH
    base, path = pieces.base_of(recipe.schedule)
    return base, (*PATH, *path)


class RatePlace(NamedTuple):
    """Where a recipe sets how large its learning rate gets."""

    path: Path
    single: bool
    """Whether one number stands there."""


def rate_place(recipe: Recipe) -> RatePlace:
    """The key of the learning rate: the schedule's or its base's, or the optimizer's where there is no schedule."""
    if recipe.schedule is None:
        return RatePlace(("optimizer", "learning_rate"), True)
    base, path = base_of(recipe)
    if base is None:  # a plateau that lacks its learning rate
        return RatePlace((*PATH, recipe.schedule.rate_key), True)
    return RatePlace((*path, base.rate_key), isinstance(getattr(base, base.rate_key), float))


def warmup_of(recipe: Recipe) -> "tuple[Warmup, Path] | None":
    """The ramp before the schedule; a plateau's wins, and writing both is another rule's error."""
    found = None if recipe.schedule is None else pieces.warmup_of(recipe.schedule)
    return None if found is None else (found[0], (*PATH, *found[1]))


def ramp_of(recipe: Recipe) -> Ramp | None:
    """A warm-up with its first value and the one it leads to, where the recipe alone tells."""
    found = None if recipe.schedule is None else pieces.ramp_of(recipe.schedule)
    return None if found is None else found._replace(path=(*PATH, *found.path))


def own_tables(recipe: Recipe) -> Iterator[OwnTable]:
    """Every table of momentum or weight decay."""
    for table in () if recipe.schedule is None else pieces.own_tables(recipe.schedule):
        yield table._replace(path=(*PATH, *table.path))
