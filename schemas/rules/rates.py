"""Learning rates against each other."""

from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.parts import PATH, base_of, ramp_of
from schemas.rules.tell import Rule, warning
from schemas.schedule.kinds import is_plateau


def _orders(recipe: Recipe) -> Iterator[tuple[Path, str, float, str, float]]:
    """Pairs of rates, the first of which is meant to be the lower."""
    base, path = base_of(recipe)
    if base is not None:
        yield from (((*path, order.low), *order) for order in base.orders())
    ramp = ramp_of(recipe)
    if ramp is not None:
        yield (*ramp.path, "from"), "warmup.from", ramp.ends.first, "the schedule's first value", ramp.ends.last


def rates_are_in_order(recipe: Recipe) -> Iterator[Finding]:
    """R115: a rise goes up and a decay goes down; the other way round, two values are likely exchanged."""
    for path, low, lower, high, higher in _orders(recipe):
        # A warm-up's default `from: 0` under a schedule that starts at 0 has no key to point at.
        where = path if path[-1] != "from" or lower > 0 else path[:-1]
        if lower >= higher:
            yield warning(
                "R115",
                where,
                f"{low} should be below {high}; received {lower:g} and {higher:g}",
                "exchange the two values, or move one of them",
            )


def floor_is_below_the_rate(recipe: Recipe) -> Iterator[Finding]:
    """R121: a plateau whose floor is its base never cuts."""
    schedule = recipe.schedule
    if schedule is None or not is_plateau(schedule) or schedule.learning_rate is None:
        return
    rate, floor = schedule.learning_rate, schedule.min_lr
    if floor >= rate:
        yield warning(
            "R121",
            (*PATH, "min_lr"),
            f"min_lr should be below learning_rate, or no reduction takes effect; received {floor:g} and {rate:g}",
            "lower min_lr",
        )


RULES: tuple[Rule, ...] = (rates_are_in_order, floor_is_below_the_rate)
