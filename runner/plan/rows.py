"""The planned curve step by step: the rows of ``recipe plan --format csv``."""

import csv
from collections.abc import Iterator
from typing import NamedTuple, TextIO

import numpy as np
from numpy.typing import NDArray

from runner.events import shortest
from runner.plan.plan import Plan
from runner.text import csv_cell

_BLOCK = 1 << 14
"""Steps evaluated at a time; memory does not grow with the run."""


class PlanRow(NamedTuple):
    """One optimizer step; the numbers are float32 in their shortest form, as ``recipe history`` has them."""

    step: int
    """0-based."""
    epoch: int
    """1-based, as on the screen."""
    phase: str
    learning_rate: float
    momentum: float | None
    """None where the optimizer has none."""
    weight_decay: float | None = None
    """None where the schedule gives none."""
    driven: tuple[float, ...] = ()
    """Values of what else curves drive."""


_SHOWN = PlanRow._fields[3:-1]
"""Hyperparameters that have a column."""


def columns(plan: Plan) -> tuple[str, ...]:
    """Names of the columns; weight decay is one only where the schedule drives it, then what else curves drive."""
    return (*PlanRow._fields[: _width(plan)], *_driven(plan))


def _width(plan: Plan) -> int:
    return len(PlanRow._fields) - (1 if "weight_decay" in plan.schedule.hyperparameters else 2)


def _driven(plan: Plan) -> tuple[str, ...]:
    return tuple(name for name in plan.schedule.hyperparameters if name not in _SHOWN)


def plan_rows(plan: Plan, every: int = 1) -> Iterator[PlanRow]:
    """Yield every ``every``-th step of the plan, and the last one.

    Raises:
        ValueError: when ``every`` is below 1.
    """
    if every < 1:
        raise ValueError(f"every: must be at least 1, got {every}")
    last = plan.steps - 1
    for start in range(0, plan.steps, _BLOCK * every):
        steps = np.arange(start, min(start + _BLOCK * every, plan.steps), every, dtype=np.int64)
        yield from _rows(plan, steps)
    if last % every:
        yield from _rows(plan, np.array([last], dtype=np.int64))


def _rows(plan: Plan, steps: NDArray[np.int64]) -> Iterator[PlanRow]:
    values = plan.schedule.evaluate(steps)
    names = [plan.schedule.phases[i].name for i in plan.schedule.phase_at(steps)]
    epochs = [step // plan.steps_per_epoch + 1 for step in steps.tolist()]
    cells = [shortest(values[name]) if name in values else (None,) * len(steps) for name in _SHOWN]
    driven = _driven(plan)
    others = list(zip(*(shortest(values[name]) for name in driven), strict=True)) if driven else [()] * len(steps)
    for row in zip(steps.tolist(), epochs, names, *cells, others, strict=True):
        yield PlanRow(*row)


def write_csv(plan: Plan, out: TextIO, every: int = 1) -> None:
    """Write ``step,epoch,phase,learning_rate,momentum`` with a heading; then what else is driven."""
    writer = csv.writer(out, lineterminator="\n")
    width = _width(plan)
    writer.writerow(columns(plan))
    rows = (row._replace(phase=csv_cell(row.phase)) for row in plan_rows(plan, every))
    writer.writerows((*row[:width], *row.driven) for row in rows)
