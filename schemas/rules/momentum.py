"""Momentum: who gives it, and whether the optimizer can take it."""

from collections.abc import Iterable, Iterator

from schemas.findings import Finding, Path
from schemas.optimizer import Sgd, optimizers
from schemas.recipe import Recipe
from schemas.rules.parts import own_tables, written
from schemas.rules.tell import Rule, at, error, listed, nearest, warning
from schemas.schedule import CurveBase, MomentumValue, Schedule
from schemas.schedule.curve_kinds import is_one_cycle
from schemas.schedule.pieces import has_phases


def _givers(recipe: Recipe) -> Iterator[Path]:
    """Each place that sets momentum, once."""
    for schedule, path in written(recipe):
        if isinstance(schedule.momentum, float) or has_phases(schedule.momentum):
            yield at(schedule, path, "momentum")
        for value in list(_brought(schedule))[:1]:
            yield nearest(schedule, path, value.path[: value.path.index("momentum") + 1])


def _brought(schedule: Schedule) -> Iterable[MomentumValue]:
    return schedule.momenta() if isinstance(schedule, CurveBase) else ()


def _values(recipe: Recipe) -> Iterator[tuple[Path, float]]:
    """Every momentum of the schedule, with the key that says it."""
    for schedule, path in written(recipe):
        if isinstance(schedule.momentum, float):
            yield at(schedule, path, "momentum"), schedule.momentum
        for value in _brought(schedule):
            yield nearest(schedule, path, value.path), value.least
    for table in own_tables(recipe):
        if table.what == "momentum":
            yield from zip(table.values, map(min, table.ends), strict=True)


def momentum_needs_an_optimizer_with_it(recipe: Recipe) -> Iterator[Finding]:
    """R101: a schedule moves momentum only where the optimizer has one; else the curve would do nothing."""
    if recipe.optimizer.driven_momentum is not None:
        return
    able = listed(kind for kind, cls in optimizers().items() if cls.momentum_key is not None)
    for path in _givers(recipe):
        cycles = path[-1] == "kind"
        what = "1cycle moves the momentum" if cycles else "the schedule gives momentum"
        out = "write `momentum: fixed`" if cycles else "remove `momentum`"
        own = "write `momentum` on the optimizer" if recipe.optimizer.kind == "custom" else None
        yield error(
            "R101",
            path,
            f"{what}, but {recipe.optimizer.called} has none that a schedule could drive",
            f"{out}, or {own or f'take an optimizer that has it: {able}'}",
        )


def momentum_is_what_the_optimizer_takes(recipe: Recipe) -> Iterator[Finding]:
    """R102: lion steps by the sign of the momentum, so its beta_1 is above zero all along."""
    optimizer = recipe.optimizer
    if not optimizer.momentum_above_zero:
        return
    for path, value in _values(recipe):
        if value == 0:
            yield error(
                "R102",
                path,
                f"momentum must be above 0 for {optimizer.kind}, whose {optimizer.momentum_key} it drives; received 0",
                "give a value such as 0.9",
            )


def cycle_lowers_momentum(recipe: Recipe) -> Iterator[Finding]:
    """R103: 1cycle's momentum is low where the learning rate is high, to damp the large updates."""
    for schedule, path in written(recipe):
        if is_one_cycle(schedule) and schedule.momentum != "fixed":
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
    momentum_is_what_the_optimizer_takes,
    cycle_lowers_momentum,
    nesterov_needs_momentum,
)
