"""The trials of a sweep as rows, and the best of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from optuna.trial import FrozenTrial, TrialState

from runner.errors import EventsCorrupt
from runner.events import DONE
from runner.lookback.entry import read_entry
from runner.record.directory import RunPaths
from runner.record.writer_lock import is_written
from runner.sweeps.definition import Definition, Values
from runner.sweeps.sampling import importances
from runner.sweeps.standing import runs_of

_STATES = {TrialState.COMPLETE: "finished", TrialState.PRUNED: "pruned", TrialState.FAIL: "failed"}


@dataclass(frozen=True)
class Row:
    """A trial."""

    number: int
    values: Values
    state: str
    """``finished``, ``pruned``, ``revived``, ``failed``, ``running``, or ``stopped`` where no process trains it."""
    value: float | None
    """The objective: final, or after the last epoch so far."""
    epochs: int
    """How many epochs have been reported."""
    runs: tuple[str, ...]
    """Names of its runs' directories."""
    why: str = ""
    """Why it has failed or was pruned."""

    @property
    def counts(self) -> bool:
        """Whether it has trained to its end, so that it may be the best."""
        return self.state in ("finished", "revived") and self.value is not None


def rows(folder: Path, definition: Definition, trials: Sequence[FrozenTrial]) -> list[Row]:
    """A row for each trial, in order; how a trial stands that a person has revived is read from its runs."""
    return [_row(folder, definition, trial) for trial in trials]


def _row(folder: Path, definition: Definition, trial: FrozenTrial) -> Row:
    runs, last = runs_of(folder, trial), trial.last_step
    state, value = _STATES.get(trial.state, "running"), trial.value
    if trial.state == TrialState.RUNNING and not any(is_written(str(run)) for run in runs):
        state = "stopped"
    if trial.state == TrialState.PRUNED and (revived := _revived(runs, definition.sweep.objective)) is not None:
        state, value = "revived", revived
    if value is None and last is not None and trial.state != TrialState.FAIL:
        value = trial.intermediate_values[last]
    epochs = 0 if last is None else last + 1
    names = tuple(run.name for run in runs)
    return Row(trial.number, dict(trial.params), state, value, epochs, names, str(trial.user_attrs.get("why", "")))


def _revived(runs: Sequence[Path], objective: str) -> float | None:
    """The objective of a pruned trial that `recipe resume` has brought to its end; None while it has not."""
    try:
        ends = [read_entry(str(RunPaths(run).events))[0] for run in runs]
    except (OSError, EventsCorrupt):
        return None  # a damaged record has no result; `recipe runs` names it
    values = [end.metrics.get(objective) for end in ends if end.status in DONE]
    found = [value for value in values if value is not None and math.isfinite(value)]
    return mean(found) if found and len(found) == len(runs) else None


def best(definition: Definition, found: Sequence[Row]) -> Row | None:
    """The trial with the best result, of equal ones the first; None while none has a result."""
    counted = [row for row in found if row.counts and row.value is not None and math.isfinite(row.value)]
    sign = -1 if definition.rising else 1
    return min(counted, key=lambda row: (sign * (row.value or 0.0), row.number), default=None)


def as_json(folder: Path, definition: Definition, trials: Sequence[FrozenTrial]) -> dict[str, Any]:
    """The sweep as ``--json`` prints it."""
    found = rows(folder, definition, trials)
    winner = best(definition, found)
    ended = len(found) >= definition.sweep.planned and all(row.state not in ("running", "stopped") for row in found)
    return {
        "sweep_dir": str(folder),
        "status": "finished" if ended else "unfinished",
        "objective": definition.sweep.objective,
        "direction": "max" if definition.rising else "min",
        "planned": definition.sweep.planned,
        "trials": [_mapping(row) for row in found],
        "best": _mapping(winner) if winner is not None else None,
        "importance": importances(definition, trials),
    }


def _mapping(row: Row) -> dict[str, Any]:
    return {
        "trial": row.number,
        "values": row.values,
        "state": row.state,
        "value": row.value,
        "epochs": row.epochs,
        "runs": list(row.runs),
        "why": row.why or None,
    }
