"""How a trial stands, by the records of its runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from optuna.trial import FrozenTrial, TrialState

from runner.errors import EventsCorrupt, NotPlain
from runner.events import DONE
from runner.sweeps.journal_paths import run_name
from runner.workflows.repeats import recorded_result

_LOST = ("diverged",)
"""How a run ends that has no result, whoever trains it and wherever."""
FAILED = (*_LOST, "failed")
"""The same, of a run that this process has just trained. One that an earlier process records as failed may have met a
full disk; it goes on from its checkpoint, and fails again if it must."""


@dataclass(frozen=True)
class Settled:
    """The end of a trial."""

    state: TrialState
    value: float | None = None
    why: str = ""


def runs_of(folder: Path, trial: FrozenTrial) -> list[Path]:
    """The directories of a trial's runs so far."""
    return [folder / name for name in trial.user_attrs.get("runs", []) if run_name(name)]


def result_of(run: Path) -> dict[str, Any] | None:
    """The result of a run from its record; None where it has none yet."""
    try:
        return recorded_result(run)
    except (OSError, NotPlain, EventsCorrupt):
        return None  # whoever goes on with the run reads it again, and reports it


def is_done(run: Path) -> bool:
    """Whether a run has trained to its end."""
    found = result_of(run)
    return found is not None and found["status"] in DONE


def settled(
    folder: Path, trial: FrozenTrial, objective: str, wanted: int, lost: Sequence[str] = _LOST
) -> Settled | None:
    """How a trial has ended, if it has.

    The first of its runs that is pruned, or has no result, ends it; else its value is the mean of the objective over
    the runs that a trial has.

    Args:
        folder: of the sweep.
        trial: a running trial.
        objective: name of the final figure.
        wanted: number of runs of a trial.
        lost: how a run ends that has no result.
    """
    results = [found for run in runs_of(folder, trial) if (found := result_of(run)) is not None]
    for found in results:
        if found["status"] == "pruned":
            return Settled(TrialState.PRUNED, _last(trial), str(found.get("message") or ""))
        if found["status"] in lost and found.get("steps") is not None and "metrics" in found:
            return Settled(TrialState.FAIL, None, str(found.get("message") or found["status"]))
    done = [found["metrics"].get(objective) for found in results if found["status"] in DONE]
    if len(done) < wanted:
        return None
    values = [value for value in done if value is not None and value == value and abs(value) != float("inf")]
    if len(values) < wanted:
        return Settled(TrialState.FAIL, None, f"{objective} is missing or not finite")
    return Settled(TrialState.COMPLETE, mean(values))


def _last(trial: FrozenTrial) -> float | None:
    """The objective after the last epoch, as Optuna has it for a pruned trial."""
    value = trial.intermediate_values[trial.last_step] if trial.last_step is not None else None
    return value if value is not None and value == value and abs(value) != float("inf") else None
