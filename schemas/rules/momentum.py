"""Momentum: who gives it, and whether the optimizer can take it."""

from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.optimizer import Lion, Sgd, momentum_of
from schemas.recipe import Recipe
from schemas.rules.parts import ends, own_tables, written
from schemas.rules.tell import Rule, at, error, warning
from schemas.schedule import MomentumPhases, MomentumRange, OneCycle, Phases

_WITH_MOMENTUM = "sgd, rmsprop, adam, adamw, nadam, adamax, lamb or lion"


def _givers(recipe: Recipe) -> Iterator[Path]:
    """Each place that sets momentum, once."""
    for schedule, path in written(recipe):
        if isinstance(schedule.momentum, float | MomentumPhases | MomentumRange):
            yield at(schedule, path, "momentum")
        if isinstance(schedule, Phases):
            rows = (k for k, row in enumerate(schedule.phases) if row.momentum is not None)
            yield from ((*path, "phases", k, "momentum") for k in list(rows)[:1])


def _values(recipe: Recipe) -> Iterator[tuple[Path, float]]:
    """Every momentum of the schedule, with the key that says it."""
    for schedule, path in written(recipe):
        place = at(schedule, path, "momentum")
        match schedule.momentum:
            case float():
                yield place, schedule.momentum
            case MomentumRange():
                yield at(schedule.momentum, place, "high"), schedule.momentum.high
                yield at(schedule.momentum, place, "low"), schedule.momentum.low
        if isinstance(schedule, Phases):
            for k, row in enumerate(schedule.phases):
                if row.momentum is not None:
                    yield (*path, "phases", k, "momentum"), min(ends(row.momentum))
    for table in own_tables(recipe):
        if table.what == "momentum":
            yield from zip(table.values, map(min, table.ways), strict=True)


def momentum_needs_an_optimizer_with_it(recipe: Recipe) -> Iterator[Finding]:
    """R101: a schedule moves momentum only where the optimizer has one; else the curve would do nothing."""
    if momentum_of(recipe.optimizer) is not None:
        return
    for path in _givers(recipe):
        cycles = path[-1] == "kind"
        what = "1cycle moves the momentum" if cycles else "the schedule gives momentum"
        out = "write `momentum: fixed`" if cycles else "remove `momentum`"
        yield error(
            "R101",
            path,
            f"{what}, but {recipe.optimizer.kind} has none that a schedule could drive",
            f"{out}, or take an optimizer that has it: {_WITH_MOMENTUM}",
        )


def lion_needs_momentum_above_zero(recipe: Recipe) -> Iterator[Finding]:
    """R102: lion steps by the sign of the momentum, so its beta_1 is above zero all along."""
    if not isinstance(recipe.optimizer, Lion):
        return
    for path, value in _values(recipe):
        if value == 0:
            yield error(
                "R102",
                path,
                "momentum must be above 0 for lion, whose beta_1 it drives; received 0",
                "give a value such as 0.9",
            )


def cycle_lowers_momentum(recipe: Recipe) -> Iterator[Finding]:
    """R103: 1cycle's momentum is low where the learning rate is high, to damp the large updates."""
    for schedule, path in written(recipe):
        if isinstance(schedule, OneCycle) and isinstance(schedule.momentum, MomentumRange):
            high, low = schedule.momentum.high, schedule.momentum.low
            if low > high:
                yield warning(
                    "R103",
                    at(schedule.momentum, (*path, "momentum"), "low"),
                    f"momentum.low should be at most momentum.high; received low {low:g} and high {high:g}",
                    "exchange the two values",
                )


def nesterov_needs_momentum(recipe: Recipe) -> Iterator[Finding]:
    """R104: without momentum there is nothing to look ahead along, and nesterov equals plain SGD."""
    optimizer = recipe.optimizer
    if isinstance(optimizer, Sgd) and optimizer.nesterov and optimizer.momentum == 0 and not any(_givers(recipe)):
        yield warning(
            "R104",
            at(optimizer, ("optimizer",), "nesterov"),
            "nesterov does nothing at momentum 0, and neither the optimizer nor the schedule gives more",
            "write `momentum: 0.9` on the optimizer, or remove `nesterov`",
        )


RULES: tuple[Rule, ...] = (
    momentum_needs_an_optimizer_with_it,
    lion_needs_momentum_above_zero,
    cycle_lowers_momentum,
    nesterov_needs_momentum,
)
