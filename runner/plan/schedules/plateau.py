"""The plateau schedule: a base of any kind, and the rule that scales it."""

from runner.curves import PlateauRule
from runner.errors import ScheduleError
from runner.plan.monitor import monitor
from runner.plan.schedules.errors import Path
from schemas.schedule import BaseSchedule, Constant, Plateau, Schedule


def base_of(schedule: Schedule) -> tuple[BaseSchedule, Path]:
    """Return the curve below the scale and its path; any other kind is its own base.

    Raises:
        ScheduleError: when a plateau gives both ``learning_rate`` and ``base``, or neither.
    """
    if not isinstance(schedule, Plateau):
        return schedule, ()
    if schedule.base is not None and schedule.learning_rate is None:
        return schedule.base, ("base",)
    if schedule.base is None and schedule.learning_rate is not None:
        return Constant(kind="constant", learning_rate=schedule.learning_rate), ()
    received = "neither" if schedule.base is None else "both"
    raise ScheduleError(f"plateau takes either learning_rate or base; received {received}")


def owner_of(key: str, schedule: Schedule, base: BaseSchedule) -> tuple[Schedule, Path]:
    """Return the one of the two that gives ``warmup``, ``momentum`` or ``weight_decay``, and the key's path.

    Raises:
        ScheduleError: when a plateau and its base both write it.
    """
    if not isinstance(schedule, Plateau):
        return schedule, (key,)
    if getattr(schedule, key) is None:
        return base, ("base", key)
    if key in base.model_fields_set and getattr(base, key) is not None:
        raise ScheduleError(f"{key} is written twice, on the plateau and on its base", ("base", key))
    return schedule, (key,)


def rule_of(schedule: Schedule, first_step: int) -> PlateauRule | None:
    """Return the rule that cuts the scale; None for any other kind.

    Args:
        schedule: of any kind.
        first_step: the first one after its warm-up.
    """
    if not isinstance(schedule, Plateau):
        return None
    return PlateauRule(
        monitor=schedule.monitor,
        mode=monitor(schedule.monitor, schedule.mode).mode,
        factor=schedule.factor,
        patience=schedule.patience,
        min_delta=schedule.min_delta,
        cooldown=schedule.cooldown,
        min_lr=schedule.min_lr,
        first_step=first_step,
    )
