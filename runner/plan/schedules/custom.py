"""A schedule of custom code: evaluated for every step before the run, so that the run only looks values up."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.curves import Curve, Steps
from runner.custom_import import kind_of, plain, resolve
from runner.errors import CodeError, CustomScheduleError
from runner.keras_errors import said_with_kind
from runner.plan.schedules.body import Body, single_phase
from runner.plan.schedules.stretch import Stretch
from schemas.schedule.custom import CustomSchedule

Values = NDArray[np.float64]
_AT_MOST = 10_000_000
"""Steps that are evaluated beforehand, 80 MB."""
_AGAIN = 1000
"""Steps that are evaluated a second time, to see whether the function is pure."""
_TARGET = ("target",)


def custom(schedule: CustomSchedule, stretch: Stretch) -> Body:
    """Compile the values that the code gives; without permission to import it they are not known, and NaN.

    Raises:
        CustomScheduleError: the code cannot be imported, or what it gives is no learning rate.
    """
    values = np.full(1, math.nan) if stretch.code is None else _evaluated(schedule, stretch)
    return single_phase(_table(values), stretch.steps, "custom", "custom", schedule.target)


def _table(values: Values) -> Curve:
    def curve(steps: Steps) -> Values:
        return values[np.clip(steps, 0, len(values) - 1)]

    return curve


def _evaluated(schedule: CustomSchedule, stretch: Stretch) -> Values:
    if stretch.steps > _AT_MOST:
        raise CustomScheduleError(
            f"a custom schedule is evaluated for at most {_AT_MOST:,} steps; there are {stretch}", _TARGET
        )
    try:
        target = resolve(schedule.target, stretch.code)
    except CodeError as error:
        raise CustomScheduleError(str(error), _TARGET) from error
    if not callable(target):
        raise CustomScheduleError(f"{schedule.target} must be a function; received {kind_of(target)}", _TARGET)
    every = _vectorised if schedule.vectorised else _one_by_one
    steps = np.arange(stretch.steps, dtype=np.int64)
    values = every(schedule, target, steps)
    _require_rates(schedule, values)
    again = steps[:: max(1, stretch.steps // _AGAIN)][::-1]
    _require_same(schedule, again, values[again], every(schedule, target, again))
    return values


def _one_by_one(schedule: CustomSchedule, target: Callable[..., Any], steps: NDArray[np.int64]) -> Values:
    arguments = plain(schedule)
    values = np.empty(len(steps))
    for place, step in enumerate(steps.tolist()):
        value = _called(schedule, partial(target, step, **arguments), step)
        if not isinstance(value, int | float | np.integer | np.floating) or value is True or value is False:
            raise CustomScheduleError(
                f"{schedule.target} must return a number; received {kind_of(value)} at step {step}", _TARGET
            )
        values[place] = float(value)
    return values


def _vectorised(schedule: CustomSchedule, target: Callable[..., Any], steps: NDArray[np.int64]) -> Values:
    arguments = plain(schedule)
    given = np.asarray(_called(schedule, partial(target, steps.copy(), **arguments), int(steps[0])))
    if given.shape != steps.shape or given.dtype.kind not in "iuf":
        raise CustomScheduleError(
            f"{schedule.target} must return numbers of the shape {steps.shape}, one for each step; received "
            f"{given.dtype} of the shape {given.shape}",
            _TARGET,
            "without `vectorised` it is called with one step at a time",
        )
    return given.astype(np.float64)


def _called(schedule: CustomSchedule, call: Callable[[], Any], step: int) -> Any:
    try:
        return call()
    except Exception as error:  # it is somebody's own, and may raise anything
        raise CustomScheduleError(f"{schedule.target}: {said_with_kind(error)} at step {step}", _TARGET) from error


def _require_rates(schedule: CustomSchedule, values: Values) -> None:
    """All values are finite in float32 and not negative."""
    with np.errstate(over="ignore"):
        wrong = np.flatnonzero(~np.isfinite(values.astype(np.float32)) | (values < 0))
    if len(wrong):
        step = int(wrong[0])
        raise CustomScheduleError(
            f"{schedule.target} must return finite numbers that are not negative; received {values[step]:g} at step "
            f"{step}",
            _TARGET,
        )


def _require_same(schedule: CustomSchedule, steps: NDArray[np.int64], values: Values, again: Values) -> None:
    """A second call gives the same bits."""
    other = np.flatnonzero(values != again)
    if len(other):
        k = int(other[0])
        raise CustomScheduleError(
            f"{schedule.target} must give the same for the same step; step {steps[k]} gave {values[k]!r} and then "
            f"{again[k]!r}",
            _TARGET,
            "compute the rate from the step and the arguments alone, without random numbers or counters",
        )
