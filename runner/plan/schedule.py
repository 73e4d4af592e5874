"""A schedule and the run's length become one curve for each hyperparameter, and the phases that describe them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from runner.curves import Curve, PlateauRule, Steps, scaled, segments
from runner.errors import CodeError, ScheduleError
from runner.numerals import rate
from runner.plan.schedules.body import Body, PlannedPhase
from runner.plan.schedules.kinds import compile_body
from runner.plan.schedules.momentum import given_momentum
from runner.plan.schedules.own_tables import Table, constant_table, ends_along
from runner.plan.schedules.plateau import rule_of
from runner.plan.schedules.schedule_errors import ScheduleWarning
from runner.plan.schedules.stretch import Stretch
from runner.plan.schedules.warmup import warmup_steps, with_warmup
from runner.plan.schedules.weight_decay import given_weight_decay
from schemas.schedule import Ends, Schedule
from schemas.schedule.curve_kinds import is_custom
from schemas.schedule.form import faults
from schemas.schedule.momentum import MomentumPhases
from schemas.schedule.pieces import base_of, owner_of

__all__ = ["CompiledSchedule", "Ends", "PlannedPhase", "ScheduleError", "ScheduleWarning", "compile_schedule"]


@dataclass(frozen=True)
class CompiledSchedule:
    """What the hyperparameters do over a run of known length."""

    hyperparameters: Mapping[str, Curve]
    """What a step assigns, by name: ``learning_rate`` (before any plateau cut), then each other one that is driven."""
    phases: tuple[PlannedPhase, ...]
    """Rows that partition the run."""
    tables: Mapping[str, Table]
    """By name, the rows of each hyperparameter that has its own, which need not be the learning rate's.

    ``momentum`` is among them where the optimizer has one, ``weight_decay`` where the schedule gives it: left out, the
    optimizer's own number stays.
    """
    plateau: PlateauRule | None
    """When to cut; None for a schedule that does not react."""
    warnings: tuple[ScheduleWarning, ...]
    """What runs but hardly as meant."""
    unread: str | None = None
    """Custom code that computes the learning rate and may not be imported, so that its values are not known."""

    def evaluate(self, steps: ArrayLike, scale: float = 1.0) -> dict[str, NDArray[np.float32]]:
        """Each hyperparameter's values at these steps, in float32: what is printed and what trains.

        Args:
            steps: step numbers, 0-based, in any order.
            scale: the plateau's scale, ``PlateauState.scale``; it acts on the learning rate.

        Returns:
            By name, in the order of ``hyperparameters``, arrays in the shape of ``steps``.

        Raises:
            ValueError: when a scale other than one is given to a schedule without a plateau.
            CodeError: when custom code computes the learning rate, and may not be imported.
        """
        self.require_known()
        t = np.asarray(steps, dtype=np.int64)
        flat = t.reshape(-1)
        return {name: _trained(curve, flat).reshape(t.shape) for name, curve in self._scaled(scale).items()}

    def require_known(self) -> None:
        """Raise where the learning rate is not known, because custom code computes it and may not be imported.

        Raises:
            CodeError: it may not.
        """
        if self.unread is not None:
            what = f"{self.unread} computes the learning rate, and custom code is imported only with --allow-code"
            raise CodeError(what, "read the code, then add --allow-code", path=("schedule",))

    def _scaled(self, scale: float) -> Mapping[str, Curve]:
        if self.plateau is None:
            if scale != 1:
                raise ValueError(f"scale must be 1 for a schedule without a plateau; received {scale!r}")
            return self.hyperparameters
        rate = scaled(self.hyperparameters["learning_rate"], scale, self.plateau.min_lr)
        return {**self.hyperparameters, "learning_rate": rate}

    def with_driven(self, name: str, curve: Curve | None) -> "CompiledSchedule":
        """The same schedule with one more hyperparameter; None: nothing drives it."""
        return self if curve is None else replace(self, hyperparameters={**self.hyperparameters, name: curve})

    def phase_at(self, steps: ArrayLike) -> NDArray[np.intp]:
        """Index in ``phases`` of the phase that covers each step; the nearest one outside the run."""
        found: NDArray[np.intp] = np.searchsorted(self._starts, np.asarray(steps, dtype=np.int64), side="right") - 1
        return np.maximum(found, 0)

    def phase_name(self, step: int) -> str:
        """Name of the phase that covers a step."""
        return self.phases[int(self.phase_at(step))].name

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        return np.array([phase.start for phase in self.phases], dtype=np.int64)


def compile_schedule(
    schedule: Schedule,
    *,
    steps: int,
    steps_per_epoch: int,
    base_momentum: float | None,
    base_weight_decay: float | None = None,
    code: Path | None = None,
) -> CompiledSchedule:
    """Compile a schedule for a run.

    Shares in percent are shares of the steps after a warm-up that precedes the schedule; those of the warm-up itself
    and of ``momentum: {phases: …}`` and ``weight_decay: {phases: …}`` are shares of the run. Cost and memory do not
    depend on the length of the run.

    Args:
        schedule: any kind.
        steps: optimizer steps of the run.
        steps_per_epoch: optimizer steps an epoch.
        base_momentum: the optimizer's own momentum or beta_1; None for an optimizer without.
        base_weight_decay: the optimizer's own weight decay; None for an optimizer without.
        code: where custom code may be imported from; None: it may not.

    Raises:
        ScheduleError: when the schedule does not fit the run, with the path of the keys in question.
        ValueError: when ``steps`` or ``steps_per_epoch`` is below one.
    """
    _require_steps("steps", steps)
    _require_steps("steps_per_epoch", steps_per_epoch)
    for fault in faults(schedule, base_momentum):
        raise ScheduleError(fault.message, fault.path, fault.help or "")
    run = Stretch(steps, steps_per_epoch, code=code)
    body = _body(schedule, run, base_momentum)
    tables = _tables(schedule, body, run, base_momentum, base_weight_decay)
    return CompiledSchedule(
        hyperparameters={"learning_rate": body.curve} | {name: segments(table) for name, table in tables.items()},
        phases=_with_ends(body.phases, tables),
        tables=tables,
        plateau=rule_of(schedule, _warmup_end(schedule, run)),
        warnings=(*body.warnings, *_hidden_start(body)),
        unread=_unread(schedule) if code is None else None,
    )


def _unread(schedule: Schedule) -> str | None:
    """The custom code that computes the learning rate; None where a formula or a table does."""
    base, _ = base_of(schedule)
    return base.target if base is not None and is_custom(base) else None


def _tables(
    schedule: Schedule, body: Body, run: Stretch, base_momentum: float | None, base_weight_decay: float | None
) -> dict[str, Table]:
    """The hyperparameters beside the learning rate, in the order in which a step assigns them."""
    tables = {
        "momentum": _momentum_table(schedule, body, run, base_momentum),
        "weight_decay": _weight_decay_table(schedule, run, base_weight_decay),
    }
    return {name: table for name, table in tables.items() if table}


def _with_ends(phases: tuple[PlannedPhase, ...], tables: Mapping[str, Table]) -> tuple[PlannedPhase, ...]:
    """The learning rate's phases, with the values of each table at their ends."""
    ends = {name: ends_along(table, phases) for name, table in tables.items()}
    found: list[dict[str, Any]] = [{name: along[k] for name, along in ends.items()} for k in range(len(phases))]
    return tuple(replace(phase, **more) for phase, more in zip(phases, found, strict=True))


def _trained(curve: Curve, steps: Steps) -> NDArray[np.float32]:
    return curve(steps).astype(np.float32)


def _require_steps(argument: str, value: int) -> None:
    if value < 1:
        raise ValueError(f"{argument} must be at least one; received {value!r}")


def _body(schedule: Schedule, run: Stretch, base_momentum: float | None) -> Body:
    base, prefix = base_of(schedule)
    assert base is not None, "a schedule without faults has a curve"
    owner, place = owner_of("warmup", schedule)
    length = warmup_steps(owner.warmup, run, place)
    overlap = owner.warmup is not None and owner.warmup.overlap
    rest = run if overlap else replace(run, steps=run.steps - length, offset=length)
    try:
        body = compile_body(base, rest, base_momentum)
    except ScheduleError as error:
        raise error.under(prefix) from None
    body = replace(body, warnings=tuple(warning.under(prefix) for warning in body.warnings))
    return body if owner.warmup is None else with_warmup(body, owner.warmup, length, place)


def _warmup_end(schedule: Schedule, run: Stretch) -> int:
    """First step after the warm-up; 0 without one."""
    owner, place = owner_of("warmup", schedule)
    return warmup_steps(owner.warmup, run, place)


def _momentum_table(schedule: Schedule, body: Body, run: Stretch, base_momentum: float | None) -> Table:
    owner, place = owner_of("momentum", schedule)
    if isinstance(owner.momentum, float | MomentumPhases):
        return given_momentum(owner.momentum, run, place, base_momentum)
    if body.momentum is not None:
        return body.momentum
    return () if base_momentum is None else constant_table(base_momentum, run.steps)


def _weight_decay_table(schedule: Schedule, run: Stretch, base_weight_decay: float | None) -> Table:
    owner, place = owner_of("weight_decay", schedule)
    return given_weight_decay(owner.weight_decay, run, place, base_weight_decay)


def _hidden_start(body: Body) -> tuple[ScheduleWarning, ...]:
    last = body.phases[-1]
    if last.steps > 1 or last.learning_rate.first == last.learning_rate.last or last.curve == "custom":
        return ()
    message = (
        f"the last phase, {last.name!r}, has one step: it trains with the phase's last learning rate, "
        f"{rate(last.learning_rate.last)}, and never with its first, {rate(last.learning_rate.first)}"
    )
    return (ScheduleWarning(message),)
