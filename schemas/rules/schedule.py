"""The form of a schedule: keys that exclude or need each other, counts, and durations of nothing."""

from collections.abc import Iterator
from itertools import pairwise

from schemas.findings import Finding, Path
from schemas.quantities import Duration
from schemas.recipe import Recipe
from schemas.rules.lengths import body
from schemas.rules.parts import PATH, base_of, own_tables, warmup_of
from schemas.rules.tell import Rule, error, warning
from schemas.schedule.curve_kinds import has_stairs, is_piecewise
from schemas.schedule.form import faults


def schedule_is_well_formed(recipe: Recipe) -> Iterator[Finding]:
    """R105 to R114: what must hold of a schedule by itself."""
    if recipe.schedule is not None:
        for fault in faults(recipe.schedule, recipe.optimizer.driven_momentum):
            yield fault._replace(path=(*PATH, *fault.path))


def one_learning_rate(recipe: Recipe) -> Iterator[Finding]:
    """R107: the optimizer's learning_rate is short for a constant schedule; with a schedule it would be ignored."""
    rate = recipe.optimizer.learning_rate
    if rate is not None and recipe.schedule is not None:
        yield error(
            "R107",
            ("optimizer", "learning_rate"),
            f"learning_rate needs a recipe without a schedule; received {rate:g} and a {recipe.schedule.kind} schedule",
            "remove it: the schedule sets the learning rate",
        )


def boundaries_increase(recipe: Recipe) -> Iterator[Finding]:
    """R109: a piece ends after it begins. Steps compare with steps alone, since an epoch's are not known here."""
    base, path = base_of(recipe)
    if base is None or not is_piecewise(base):
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
    if base is not None:
        yield from (((*path, *length.path), length.duration) for length in base.lengths())


def one_kind_of_stairs(recipe: Recipe) -> Iterator[Finding]:
    """R240: ``staircase`` and ``every`` both say where a decay changes, and no one of them wins."""
    base, path = base_of(recipe)
    if base is not None and has_stairs(base) and base.staircase and base.every is not None:
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
    schedule_is_well_formed,
    one_learning_rate,
    boundaries_increase,
    durations_last,
    one_kind_of_stairs,
    warmup_moves_something,
)
