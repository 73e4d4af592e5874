"""Durations against the run, as far as percents and epochs compare without the data."""

import math
from collections.abc import Iterator, Sequence

from schemas.findings import Finding, Path
from schemas.quantities import Duration
from schemas.recipe import Recipe
from schemas.rules.lengths import Stretch, body, run
from schemas.rules.parts import base_of, own_tables, warmup_of
from schemas.rules.tell import Rule, at, error, nearest, warning
from schemas.schedule import Curve, Length
from schemas.schedule.curve_kinds import is_one_cycle

_TOLERANCE = 1e-6
"""Percent; sums of decimals such as 33.3 + 33.3 + 33.4 are not exact in binary."""


def phases_cover_the_run(recipe: Recipe) -> Iterator[Finding]:
    """R111: phases follow each other and end with the run; a gap or an overhang has no meaning."""
    rest = body(recipe)
    base, path = base_of(recipe)
    if base is not None:
        yield from _fill(base, rest, path)
    for table in own_tables(recipe):
        yield from _cover([row.duration for row in table.rows], run(recipe), table.path, table.what)


def _fill(schedule: Curve, stretch: Stretch, path: Path) -> Iterator[Finding]:
    lengths = list(schedule.lengths())
    parts = [length for length in lengths if length.role == "part"]
    shares = [length for length in lengths if length.role == "share"]
    if parts:
        yield from _cover([part.duration for part in parts], stretch, _place(schedule, parts, path), schedule.kind)
    if shares:
        yield from _leave_some(shares, stretch, _place(schedule, shares, path))


def _place(schedule: Curve, lengths: Sequence[Length], path: Path) -> Path:
    """The list that the durations stand in, or the last one that the recipe writes."""
    for number, key in enumerate(lengths[0].path):
        if isinstance(key, int):
            return (*path, *lengths[0].path[:number])
    written = [length.path for length in lengths if nearest(schedule, (), length.path) == length.path]
    return (*path, *written[-1]) if written else (*path, "kind")


def _cover(durations: Sequence[Duration], stretch: Stretch, path: Path, what: str) -> Iterator[Finding]:
    shares = [stretch.share(duration) for duration in durations]
    known = math.fsum(share for share in shares if share is not None)
    excess = known - 100
    # Phases in steps add something; their length in the run is for the plan to compare.
    if excess > _TOLERANCE or (excess < -_TOLERANCE and None not in shares):
        yield error(
            "R111",
            path,
            f"durations of {what} must add up to the {_whole(durations, stretch)}; {_sum(durations, known, stretch)}",
            f"{'remove' if excess > 0 else 'add'} {_amount(abs(excess), durations, stretch)}",
        )


def _whole(durations: Sequence[Duration], stretch: Stretch) -> str:
    return f"{stretch} there are" if _in_epochs(durations, stretch) else "100% of the run"


def _in_epochs(durations: Sequence[Duration], stretch: Stretch) -> bool:
    return stretch.epochs is not None and any(duration.unit == "epochs" for duration in durations)


def _amount(share: float, durations: Sequence[Duration], stretch: Stretch) -> str:
    if stretch.epochs is not None and _in_epochs(durations, stretch):
        return str(Duration(round(share * stretch.epochs / 100, 6), "epochs"))
    return f"{round(share, 6):g}%"


def _sum(durations: Sequence[Duration], share: float, stretch: Stretch) -> str:
    terms = " + ".join(map(str, durations)) if len(durations) <= 6 else f"the {len(durations)} phases"
    least = "at least " if any(duration.unit == "steps" for duration in durations) else ""
    return f"{terms} make {least}{_amount(share, durations, stretch)}"


def _leave_some(lengths: Sequence[Length], stretch: Stretch, path: Path) -> Iterator[Finding]:
    shares = [stretch.share(length.duration) for length in lengths]
    if math.fsum(share for share in shares if share is not None) > 100 - _TOLERANCE:
        names = " and ".join(str(length.path[0]) for length in lengths)
        lasting = " + ".join(str(length.duration) for length in lengths)
        yield error(
            "R111",
            path,
            f"{names} must leave a stable part; {lasting} of the run leave none",
            "shorten one of them",
        )


def warmup_leaves_a_run(recipe: Recipe) -> Iterator[Finding]:
    """R112: the warm-up is shorter than the run, or the schedule itself never starts."""
    warmup = warmup_of(recipe)
    share = None if warmup is None else run(recipe).share(warmup[0].duration)
    if warmup is not None and share is not None and share >= 100:
        yield error(
            "R112",
            (*warmup[1], "duration"),
            f"the warmup must be shorter than the run; received {warmup[0].duration} of {run(recipe)}",
            "shorten the warmup, or train for more epochs",
        )


def turning_points_lie_in_the_run(recipe: Recipe) -> Iterator[Finding]:
    """R116: what would happen at or after the last step never happens."""
    rest = body(recipe)
    base, place = base_of(recipe)
    for keys, duration, role in () if base is None else base.lengths():
        path = (*place, *keys)
        share = rest.share(duration) if role == "turn" else None
        if share is not None and share >= 100:
            key = path[-1] if isinstance(path[-1], str) else "boundary"
            length = "the run" if rest.epochs is None else f"the schedule's {rest}"
            yield warning(
                "R116",
                path,
                f"{key} {duration} never acts: it is not before the end of {length}",
                "move it into the run, or train for more epochs",
            )


def final_phase_is_an_epoch(recipe: Recipe) -> Iterator[Finding]:
    """R117: the last drop refines over a few epochs; in less than one it has not seen all examples."""
    base, path = base_of(recipe)
    if base is None or not is_one_cycle(base):
        return
    epochs = body(recipe).epochs_of(base.final.duration)
    if epochs is not None and 0 < epochs < 1 - _TOLERANCE:
        yield warning(
            "R117",
            at(base.final, (*path, "final"), "duration") if "final" in base.model_fields_set else (*path, "kind"),
            f"1cycle's final phase should last an epoch or more; {base.final.duration} are {epochs:.3g} epochs",
            "write `final: {duration: 1 epoch}` with shorter halves, or train for more epochs",
        )


RULES: tuple[Rule, ...] = (
    phases_cover_the_run,
    warmup_leaves_a_run,
    turning_points_lie_in_the_run,
    final_phase_is_an_epoch,
)
