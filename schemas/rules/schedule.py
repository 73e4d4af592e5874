"""The form of a schedule: keys that exclude or need each other, counts, and durations of nothing."""

from collections.abc import Iterator
from itertools import pairwise

from schemas.findings import Finding, Path
from schemas.quantities import Duration
from schemas.recipe import Recipe
from schemas.rules.lengths import body
from schemas.rules.parts import PATH, base_of, own_tables, warmup_of, written
from schemas.rules.tell import Rule, error, warning
from schemas.schedule import (
    CosineRestarts,
    Cyclic,
    Exponential,
    InverseSqrt,
    OneCycle,
    Phases,
    Piecewise,
    Plateau,
    Power,
    Wsd,
)


def plateau_scales_one_thing(recipe: Recipe) -> Iterator[Finding]:
    """R105: a plateau multiplies a constant or a curve; with both or neither there is no telling which."""
    schedule = recipe.schedule
    if not isinstance(schedule, Plateau) or (schedule.learning_rate is None) != (schedule.base is None):
        return
    both = schedule.base is not None
    yield error(
        "R105",
        (*PATH, "base" if both else "kind"),
        f"plateau takes either learning_rate or base; received {'both' if both else 'neither'}",
        "remove one of them" if both else "write `learning_rate: 0.01` for a constant base, or `base: {kind: …}`",
    )


def written_once(recipe: Recipe) -> Iterator[Finding]:
    """R106: warm-up, momentum and weight decay are written in one place, since no place wins over another."""
    schedule = recipe.schedule
    if isinstance(schedule, Plateau) and schedule.base is not None:
        base = schedule.base
        for key in ("warmup", "momentum", "weight_decay"):
            if getattr(schedule, key) is not None and key in base.model_fields_set and getattr(base, key) is not None:
                yield _twice((*PATH, "base", key), key, "on the plateau and on its base")
    table, _ = base_of(recipe)
    if isinstance(table, Phases) and any(row.momentum is not None for row in table.phases):
        for owner, place in written(recipe):
            if owner.momentum is not None:
                yield _twice((*place, "momentum"), "momentum", "in the table's rows and beside them")


def _twice(path: Path, key: str, where: str) -> Finding:
    return error("R106", path, f"{key} is written twice, {where}", "keep one of the two")


def one_learning_rate(recipe: Recipe) -> Iterator[Finding]:
    """R107: the optimizer's learning_rate is short for a constant schedule; with a schedule it would be ignored."""
    rate = recipe.optimizer.learning_rate
    if rate is not None and recipe.schedule is not None:
        yield error(
            "R107",
            ("optimizer", "learning_rate"),
            f"learning_rate stands only without a schedule; received {rate:g} and a {recipe.schedule.kind} schedule",
            "remove it: the schedule says the learning rate",
        )


def one_value_more_than_boundaries(recipe: Recipe) -> Iterator[Finding]:
    """R108: k boundaries cut the run into k + 1 pieces, each with its value."""
    base, path = base_of(recipe)
    if isinstance(base, Piecewise) and len(base.values) != len(base.boundaries) + 1:
        wanted = len(base.boundaries) + 1
        yield error(
            "R108",
            (*path, "values"),
            f"values must be one more than the {len(base.boundaries)} boundaries; received {len(base.values)} values",
            f"give {wanted} values, the first for the steps before the first boundary",
        )


def boundaries_increase(recipe: Recipe) -> Iterator[Finding]:
    """R109: a piece ends after it begins. Steps compare with steps alone, since an epoch's are not known here."""
    base, path = base_of(recipe)
    if not isinstance(base, Piecewise):
        return
    for k, (before, after) in enumerate(pairwise(base.boundaries), start=1):
        values = (before.value, after.value) if before.unit == after.unit else map(body(recipe).share, (before, after))
        start, stop = values
        if start is not None and stop is not None and stop <= start:
            yield error(
                "R109",
                (*path, "boundaries", k),
                f"boundaries must increase; received {after} after {before}",
                "sort them, together with their values",
            )


def _durations(recipe: Recipe) -> Iterator[tuple[Path, Duration]]:
    """Every duration that must be longer than nothing."""
    warmup = warmup_of(recipe)
    if warmup is not None:
        yield (*warmup[1], "duration"), warmup[0].duration
    for table in own_tables(recipe):
        yield from (((*table.path, k, "duration"), row.duration) for k, row in enumerate(table.rows))
    base, path = base_of(recipe)
    match base:
        case Phases():
            yield from (((*path, "phases", k, "duration"), row.duration) for k, row in enumerate(base.phases))
        case Piecewise():
            yield from (((*path, "boundaries", k), duration) for k, duration in enumerate(base.boundaries))
        case OneCycle():
            yield (*path, "up", "duration"), base.up.duration
            yield (*path, "down", "duration"), base.down.duration
            yield (*path, "final", "duration"), base.final.duration
        case Wsd():
            yield (*path, "ramp"), base.ramp
            yield (*path, "decay"), base.decay
        case Power() | Exponential() | InverseSqrt():
            yield (*path, "decay_every"), base.decay_every
            if base.every is not None:
                yield (*path, "every"), base.every
        case CosineRestarts():
            yield (*path, "first_period"), base.first_period
        case Cyclic():
            yield (*path, "half_cycle"), base.half_cycle


def one_kind_of_stairs(recipe: Recipe) -> Iterator[Finding]:
    """R240: ``staircase`` and ``every`` both say where a decay changes, and no one of them wins."""
    base, path = base_of(recipe)
    if isinstance(base, Power | Exponential | InverseSqrt) and base.staircase and base.every is not None:
        yield error(
            "R240",
            (*path, "every"),
            f"staircase changes every decay_every, {base.decay_every}; received every {base.every} as well",
            "remove one of them: `staircase` for stairs of decay_every, `every` for stairs on the smooth curve",
        )


def warmup_moves_something(recipe: Recipe) -> Iterator[Finding]:
    """R241: the first update of a ramp has its first value, so that one step from 0 trains nothing."""
    warmup = warmup_of(recipe)
    if warmup is None:
        return
    ramp, path = warmup
    if ramp.from_ == 0 and ramp.duration.unit == "steps" and 0.5 <= ramp.duration.value < 1.5:
        yield warning(
            "R241",
            (*path, "duration"),
            f"the whole warmup, {ramp.duration}, is one update at learning rate 0, which changes nothing",
            "give it more steps, or a `from` above zero",
        )


def durations_last(recipe: Recipe) -> Iterator[Finding]:
    """R110: a phase of no length has no step to act in, and a time scale of zero divides by zero."""
    for path, duration in _durations(recipe):
        if duration.value == 0:
            key = path[-1] if isinstance(path[-1], str) else "a boundary"
            yield error(
                "R110",
                path,
                f"{key} must be longer than zero; received {duration}",
                "give it a length, or remove it",
            )


RULES: tuple[Rule, ...] = (
    plateau_scales_one_thing,
    written_once,
    one_learning_rate,
    one_value_more_than_boundaries,
    boundaries_increase,
    durations_last,
    one_kind_of_stairs,
    warmup_moves_something,
)
