"""A schedule and the run's length become two curves and the phases that describe them."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from runner.curves import Curve, PlateauRule, Segment, Steps, scaled, segments
from runner.errors import ScheduleError
from runner.plan.schedules.body import Body, PlannedPhase
from runner.plan.schedules.errors import ScheduleWarning
from runner.plan.schedules.kinds import compile_body
from runner.plan.schedules.momentum import given_momentum
from runner.plan.schedules.own_tables import Table, constant_table, ends_along
from runner.plan.schedules.plateau import rule_of
from runner.plan.schedules.stretch import Stretch
from runner.plan.schedules.warmup import warmup_steps, with_warmup
from runner.plan.schedules.weight_decay import given_weight_decay
from schemas.schedule import Ends, MomentumPhases, Schedule
from schemas.schedule.form import faults
from schemas.schedule.parts import base_of, owner_of

__all__ = ["CompiledSchedule", "Ends", "PlannedPhase", "ScheduleError", "ScheduleWarning", "compile_schedule"]


@dataclass(frozen=True)
class CompiledSchedule:
    """What the learning rate, the momentum and the weight decay do over a run of known length."""

    learning_rate: Curve
    """Learning rate over steps, before any plateau cut."""
    momentum: Curve | None
    """Momentum (beta_1 of the Adam family) over steps; None for an optimizer without."""
    phases: tuple[PlannedPhase, ...]
    """Rows that partition the run."""
    momentum_table: tuple[Segment, ...]
    """The momentum's own rows, which need not be the learning rate's; empty without momentum."""
    plateau: PlateauRule | None
    """When to cut; None for a schedule that does not react."""
    warnings: tuple[ScheduleWarning, ...]
    """What runs but hardly as meant."""
    weight_decay_table: tuple[Segment, ...] = ()
    """The weight decay's rows; empty where the schedule gives none and the optimizer's own stays."""

    def evaluate(
        self, steps: ArrayLike, *, scale: float = 1.0
    ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Learning rate and momentum of these steps, in float32: what is printed and what trains.

        Args:
            steps: step numbers, 0-based, in any order.
            scale: the plateau's scale, ``PlateauState.scale``.

        Returns:
            The learning rate, and the momentum or None, in the shape of ``steps``.

        Raises:
            ValueError: when a scale other than one is given to a schedule without a plateau.
        """
        t = np.asarray(steps, dtype=np.int64)
        flat = t.reshape(-1)
        if self.plateau is None and scale != 1:
            raise ValueError(f"scale must be 1 for a schedule without a plateau; received {scale!r}")
        curve = self.learning_rate if self.plateau is None else scaled(self.learning_rate, scale, self.plateau.min_lr)
        momentum = None if self.momentum is None else _trained(self.momentum, flat).reshape(t.shape)
        return _trained(curve, flat).reshape(t.shape), momentum

    def weight_decay(self, steps: ArrayLike) -> NDArray[np.float32] | None:
        """Weight decay of these steps, in float32; None where the schedule gives none."""
        if not self.weight_decay_table:
            return None
        t = np.asarray(steps, dtype=np.int64)
        return _trained(segments(self.weight_decay_table), t.reshape(-1)).reshape(t.shape)

    def phase_at(self, steps: ArrayLike) -> NDArray[np.intp]:
        """Index in ``phases`` of the phase that covers each step; the nearest one outside the run."""
        found: NDArray[np.intp] = np.searchsorted(self._starts, np.asarray(steps, dtype=np.int64), side="right") - 1
        return np.maximum(found, 0)

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

    Raises:
        ScheduleError: when the schedule does not fit the run, with the path of the keys in question.
        ValueError: when ``steps`` or ``steps_per_epoch`` is below one.
    """
    _require_steps("steps", steps)
    _require_steps("steps_per_epoch", steps_per_epoch)
    for fault in faults(schedule, base_momentum):
        raise ScheduleError(fault.message, fault.path, fault.help or "")
    run = Stretch(steps, steps_per_epoch)
    body = _body(schedule, run, base_momentum)
    table = _momentum_table(schedule, body, run, base_momentum)
    decay = _weight_decay_table(schedule, run, base_weight_decay)
    rows = zip(body.phases, ends_along(table, body.phases), ends_along(decay, body.phases), strict=True)
    return CompiledSchedule(
        learning_rate=body.curve,
        momentum=segments(table) if table else None,
        phases=tuple(replace(phase, momentum=momentum, weight_decay=decayed) for phase, momentum, decayed in rows),
        momentum_table=table,
        plateau=rule_of(schedule, _warmup_end(schedule, run)),
        warnings=(*body.warnings, *_hidden_start(body)),
        weight_decay_table=decay,
    )


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
    if last.steps > 1 or last.learning_rate.first == last.learning_rate.last:
        return ()
    message = (
        f"the last phase, {last.name!r}, has one step: it trains with the phase's last learning rate, "
        f"{last.learning_rate.last:g}, and never with its first, {last.learning_rate.first:g}"
    )
    return (ScheduleWarning(message),)
