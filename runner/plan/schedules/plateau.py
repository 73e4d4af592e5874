"""The rule by which a plateau scales its base."""

from runner.curves import PlateauRule
from runner.plan.monitor import monitor
from schemas.schedule import Schedule
from schemas.schedule.plateau import Plateau


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
