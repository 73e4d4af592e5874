"""Values that a schedule passes through: zero in an exponential, and jumps."""

import math
from collections.abc import Iterator, Sequence

from schemas.findings import Finding, Path
from schemas.optimizer import momentum_of
from schemas.recipe import Recipe
from schemas.rules.parts import Ends, base_of, ends, own_tables, ramp_ends, rates_of_cycle
from schemas.rules.tell import Rule, error
from schemas.schedule import CurveShape, MomentumRange, OneCycle, Phases, Wsd

Way = tuple[Path, CurveShape, str, Ends]
"""Where the shape is written, the shape, what moves, and between which values."""


def _cycle_ways(schedule: OneCycle, path: Path) -> Iterator[Way]:
    low, high, final = rates_of_cycle(schedule)
    yield (*path, "up", "curve"), schedule.up.curve, "up: learning rate", (low, high)
    yield (*path, "down", "curve"), schedule.down.curve, "down: learning rate", (high, low)
    yield (*path, "final", "curve"), schedule.final.curve, "final: learning rate", (low, final)
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
    ramp = ramp_ends(recipe)
    if ramp is not None:
        yield (*ramp[0], "curve"), ramp[1].curve, "warmup", ramp[2]
    for table in own_tables(recipe):
        for k, (part, way) in enumerate(zip(table.rows, table.ways, strict=True)):
            yield (*table.path, k, "curve"), part.curve, table.what, way


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
            keys = [(*p, "momentum") if row.momentum is not None else p for p, row in zip(places, rows, strict=True)]
            yield from _jumps("momentum", momenta, jumps, keys)
    for table in own_tables(recipe):
        yield from _jumps(table.what, table.ways, [row.jump for row in table.rows], table.values)


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


RULES: tuple[Rule, ...] = (exponentials_avoid_zero, jumps_are_declared)
