"""Short ways to compile a schedule in tests."""

from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from runner.errors import ScheduleError
from runner.plan.schedule import CompiledSchedule, compile_schedule
from schemas.schedule import Schedule

_ADAPTER: TypeAdapter[Schedule] = TypeAdapter(Schedule)


def parsed(**keys: Any) -> Schedule:
    """Read a schedule as it would stand in a recipe."""
    return _ADAPTER.validate_python(keys)


def compiled(steps: int = 100, per_epoch: int = 10, base_momentum: float | None = 0.9, **keys: Any) -> CompiledSchedule:
    """Compile a schedule as it would stand in a recipe."""
    return compile_schedule(parsed(**keys), steps=steps, steps_per_epoch=per_epoch, base_momentum=base_momentum)


def refused(steps: int = 100, per_epoch: int = 10, base_momentum: float | None = 0.9, **keys: Any) -> ScheduleError:
    """Compile a schedule that must be refused, and return the refusal."""
    with pytest.raises(ScheduleError) as caught:
        compiled(steps, per_epoch, base_momentum, **keys)
    return caught.value


def rates(schedule: CompiledSchedule, *steps: int) -> list[float]:
    """Learning rates at these steps, in float64."""
    return [float(value) for value in schedule.hyperparameters["learning_rate"](np.array(steps, dtype=np.int64))]


def momenta(schedule: CompiledSchedule, *steps: int) -> list[float]:
    """Momenta at these steps, in float64."""
    return [float(value) for value in schedule.hyperparameters["momentum"](np.array(steps, dtype=np.int64))]
