"""Values that a schedule passes through: zero in an exponential, jumps, and the order of rates."""

import math
from collections.abc import Iterator, Sequence

from schemas.findings import Finding, Path
from schemas.optimizer import momentum_of
from schemas.recipe import Recipe
from schemas.rules.parts import (
    PATH,
    Ends,
    base_of,
    ends,
    first_rate,
    momentum_tables,
    rates_of_cycle,
    warmup_of,
    written,
)
from schemas.rules.tell import Rule, error, warning
from schemas.schedule import (
    Cosine,
    CosineRestarts,
    CurveShape,
    Cyclic,
    MomentumRange,
    OneCycle,
    Phases,
    Plateau,
    Polynomial,
    Wsd,
)

Way = tuple[Path, CurveShape, str, Ends]
"""Where the shape is written, the shape, what moves, and between which values."""


def _cycle_ways(schedule: OneCycle, path: Path) -> Iterator[Way]:
    low, high, final = rates_of_cycle(schedule)
    parts = (("up", schedule.up), ("down", schedule.down), ("final", schedule.final))
    for (key, part), way in zip(parts, ((low, high), (high, low), (low, final)), strict=True):
        yield (*path, key, "curve"), part.curve, f"{key}: learning rate", way
    if isinstance(schedule.momentum, MomentumRange):
        way = (schedule.momentum.high, schedule.momentum.low)
        yield (*path, "up", "curve"), schedule.up.curve, "up: momentum", way
        yield (*path, "down", "curve"), schedule.down.curve, "down: momentum", way[::-1]


def _ways(recipe: Recipe) -> Iterator[Way]:
    """Every stretch whose shape the recipe chooses."""
    base, path = base_of(recipe)
    match base:
        case Phases():
            for k, row in enumerate(base.phases):
                place: Path = (*path, "phases", k, "curve")
                yield place, row.curve, f"phase {row.name!r}: learning rate", ends(row.learning_rate)
                if row.momentum is not None:
                    yield place, row.curve, f"phase {row.name!r}: momentum", ends(row.momentum)
        case OneCycle():
            yield from _cycle_ways(base, path)
        case Wsd():
            yield (*path, "curve"), base.curve, "decay", (base.max_lr, base.final_lr)
    warmup, first = warmup_of(recipe), first_rate(recipe)
    if warmup is not None and first is not None:
        yield (*warmup[1], "curve"), warmup[0].curve, "warmup", (warmup[0].from_, first)
    for table, place in momentum_tables(recipe):
        for k, part in enumerate(table.phases):
            yield (*place, k, "curve"), part.curve, "momentum", ends(part.momentum)


def exponentials_avoid_zero(recipe: Recipe) -> Iterator[Finding]:
    """R113: an exponential way multiplies by a constant factor, and no factor leads from or to zero."""
    for path, shape, what, (first, last) in _ways(recipe):
        if shape == "exponential" and first != last and min(first, last) <= 0:
            yield error(
                "R113",
                path,
                f"an exponential curve needs values above zero; {what} goes from {first:g} to {last:g}",
                "give a small value above zero, or take `linear` or `cosine`",
            )


def jumps_are_declared(recipe: Recipe) -> Iterator[Finding]:
    """R114: a phase starts where the one before ended, unless it says ``jump``: most jumps are typing errors."""
    base, path = base_of(recipe)
    if isinstance(base, Phases):
        rows, own = base.phases, momentum_of(recipe.optimizer)
        jumps = [row.jump for row in rows]
        places: list[Path] = [(*path, "phases", k) for k in range(len(rows))]
        rates = [ends(row.learning_rate) for row in rows]
        yield from _jumps("learning rate", rates, jumps, [(*place, "learning_rate") for place in places])
        if own is not None and any(row.momentum is not None for row in rows):
            momenta = [ends(own if row.momentum is None else row.momentum) for row in rows]
            keys = [(*at, "momentum") if row.momentum is not None else at for at, row in zip(places, rows, strict=True)]
            yield from _jumps("momentum", momenta, jumps, keys)
    for table, place in momentum_tables(recipe):
        momenta = [ends(row.momentum) for row in table.phases]
        keys = [(*place, k, "momentum") for k in range(len(momenta))]
        yield from _jumps("momentum", momenta, [row.jump for row in table.phases], keys)


def _jumps(what: str, values: Sequence[Ends], allowed: Sequence[bool], paths: Sequence[Path]) -> Iterator[Finding]:
    for k in range(1, len(values)):
        before, after = values[k - 1][1], values[k][0]
        if not allowed[k] and not math.isclose(before, after, rel_tol=1e-9):
            yield error(
                "R114",
                paths[k],
                f"a phase must start where the one before ended; {what} jumps from {before:g} to {after:g}",
                f"start it at {before:g}, or write `jump: true`",
            )


def _orders(recipe: Recipe) -> Iterator[tuple[Path, str, float, str, float]]:
    """Pairs of rates, the first of which is meant to be the lower."""
    base, path = base_of(recipe)
    match base:
        case OneCycle():
            initial, peak, final = rates_of_cycle(base)
            yield (*path, "initial_lr"), "initial_lr", initial, "max_lr", peak
            yield (*path, "final_lr"), "final_lr", final, "initial_lr", initial
        case Cyclic():
            yield (*path, "min_lr"), "min_lr", base.min_lr, "max_lr", base.max_lr
        case Wsd():
            yield (*path, "initial_lr"), "initial_lr", base.initial_lr, "max_lr", base.max_lr
            yield (*path, "final_lr"), "final_lr", base.final_lr, "max_lr", base.max_lr
        case Cosine() | CosineRestarts() | Polynomial():
            yield (*path, "final_lr"), "final_lr", base.final_lr, "initial_lr", base.initial_lr
    warmup, first = warmup_of(recipe), first_rate(recipe)
    if warmup is not None and first is not None:
        yield (*warmup[1], "from"), "warmup.from", warmup[0].from_, "the schedule's first value", first


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
    for schedule, _ in written(recipe):
        if isinstance(schedule, Plateau) and schedule.learning_rate is not None:
            rate, floor = schedule.learning_rate, schedule.min_lr
            if floor >= rate:
                yield warning(
                    "R121",
                    (*PATH, "min_lr"),
                    f"min_lr should be below learning_rate, or no cut acts; received {floor:g} and {rate:g}",
                    "lower min_lr",
                )


RULES: tuple[Rule, ...] = (
    exponentials_avoid_zero,
    jumps_are_declared,
    rates_are_in_order,
    floor_is_below_the_rate,
)
