"""What must hold of a schedule whatever the length of the run.

Each of these checks is here only: the recipe's rules report all that they find, and the plan refuses by the first.
Places are keys from the schedule down.
"""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from schemas.findings import Finding, Path
from schemas.schedule.curve_kinds import is_phase_table, is_piecewise
from schemas.schedule.kinds import Schedule, is_plateau
from schemas.schedule.pieces import base_of, own_tables, ramp_of, written
from schemas.schedule.ways import CurveShape, Ends, ends

if TYPE_CHECKING:
    from schemas.schedule.tables import Phases


def faults(schedule: Schedule, own_momentum: float | None) -> Iterator[Finding]:
    """Everything that is wrong with a schedule by itself.

    Args:
        schedule: of any kind.
        own_momentum: of the optimizer, where the schedule gives none; None for an optimizer without.
    """
    yield from _scales_one_thing(schedule)
    yield from _written_once(schedule)
    yield from _one_value_more_than_boundaries(schedule)
    yield from _exponentials_avoid_zero(schedule)
    yield from _jumps_are_declared(schedule, own_momentum)


def _scales_one_thing(schedule: Schedule) -> Iterator[Finding]:
    """R105: a plateau multiplies a constant or a curve; with both or neither nobody knows which."""
    if not is_plateau(schedule) or (schedule.learning_rate is None) != (schedule.base is None):
        return
    both = schedule.base is not None
    yield _error(
        "R105",
        ("base" if both else "kind",),
        f"plateau takes either learning_rate or base; received {'both' if both else 'neither'}",
        "remove one of them" if both else "write `learning_rate: 0.01` for a constant base, or `base: {kind: …}`",
    )


def _written_once(schedule: Schedule) -> Iterator[Finding]:
    """R106: warm-up, momentum and weight decay are written in one place, since no place wins over another."""
    if is_plateau(schedule) and schedule.base is not None:
        base = schedule.base
        for key in ("warmup", "momentum", "weight_decay"):
            if getattr(schedule, key) is not None and key in base.model_fields_set and getattr(base, key) is not None:
                yield _twice(("base", key), key, "on the plateau and on its base")
    table, _ = base_of(schedule)
    if table is not None and is_phase_table(table) and any(row.momentum is not None for row in table.phases):
        for owner, place in written(schedule):
            if owner.momentum is not None:
                yield _twice((*place, "momentum"), "momentum", "in the table's rows and beside them")


def _twice(path: Path, key: str, where: str) -> Finding:
    return _error("R106", path, f"{key} is written twice, {where}", "keep one of the two")


def _one_value_more_than_boundaries(schedule: Schedule) -> Iterator[Finding]:
    """R108: k boundaries cut the run into k + 1 pieces, each with its value."""
    base, path = base_of(schedule)
    if base is not None and is_piecewise(base) and len(base.values) != len(base.boundaries) + 1:
        wanted = len(base.boundaries) + 1
        yield _error(
            "R108",
            (*path, "values"),
            f"values must be one more than the {len(base.boundaries)} boundaries; received {len(base.values)} values",
            f"give {wanted} values, the first for the steps before the first boundary",
        )


def zero_in_exponential(path: Path, shape: CurveShape, what: str, way: Ends) -> Finding | None:
    """R113: an exponential way multiplies by a constant factor, and no factor leads from or to zero.

    Args:
        path: of the shape.
        shape: of the way.
        what: what moves, for the message.
        way: its two values.
    """
    if shape != "exponential" or way.first == way.last or min(way) > 0:
        return None
    return _error(
        "R113",
        path,
        f"an exponential curve needs values above zero; {what} goes from {way.first:g} to {way.last:g}",
        "give a small value above zero, or take `linear` or `cosine`",
    )


def _exponentials_avoid_zero(schedule: Schedule) -> Iterator[Finding]:
    for path, shape, what, way in _ways(schedule):
        fault = zero_in_exponential(path, shape, what, way)
        if fault is not None:
            yield fault


def _ways(schedule: Schedule) -> Iterator[tuple[Path, CurveShape, str, Ends]]:
    """Every stretch whose shape the recipe chooses."""
    base, path = base_of(schedule)
    if base is not None:
        yield from (((*path, *way.path), way.shape, way.what, way.ends) for way in base.ways())
    ramp = ramp_of(schedule)
    if ramp is not None:
        yield (*ramp.path, "curve"), ramp.warmup.curve, "warmup", ramp.ends
    for table in own_tables(schedule):
        for k, row in enumerate(table.rows):
            yield (*table.path, k, "curve"), row.curve, table.what, row.ends


def _jumps_are_declared(schedule: Schedule, own_momentum: float | None) -> Iterator[Finding]:
    """R114: a phase starts where the one before ended, unless it says ``jump``: most jumps are typing errors."""
    base, path = base_of(schedule)
    if base is not None and is_phase_table(base):
        yield from _jumps_of_table(base, (*path, "phases"), own_momentum)
    for table in own_tables(schedule):
        yield from _jumps(table.what, table.ends, [row.jump for row in table.rows], table.values)


def _jumps_of_table(table: "Phases", path: Path, own_momentum: float | None) -> Iterator[Finding]:
    rows, jumps = table.phases, [row.jump for row in table.phases]
    rates: list[Path] = [(*path, k, "learning_rate") for k in range(len(rows))]
    yield from _jumps("learning rate", [row.rate for row in rows], jumps, rates)
    if own_momentum is not None and any(row.momentum is not None for row in rows):
        momenta = [ends(own_momentum if row.momentum is None else row.momentum) for row in rows]
        keys = [(*path, k) if row.momentum is None else (*path, k, "momentum") for k, row in enumerate(rows)]
        yield from _jumps("momentum", momenta, jumps, keys)


def _jumps(what: str, values: Sequence[Ends], allowed: Sequence[bool], paths: Sequence[Path]) -> Iterator[Finding]:
    for k in range(1, len(values)):
        before, after = values[k - 1].last, values[k].first
        if not allowed[k] and not math.isclose(before, after, rel_tol=1e-9):
            yield _error(
                "R114",
                paths[k],
                f"a phase must start where the one before ended; {what} jumps from {before:g} to {after:g}",
                f"start it at {before:g}, or write `jump: true`",
            )


def _error(code: str, path: Path, message: str, help: str) -> Finding:
    return Finding(code, "error", path, message, help)
