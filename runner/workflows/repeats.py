"""Several runs of one recipe, and what their results have in common."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from runner.events import DONE
from runner.record.directory import RunPaths
from runner.record.events_file import read_events
from runner.sinks.summary import SummarySink
from schemas.recipe import Recipe

_DIGITS = 6
"""Most decimals that are shown."""


@dataclass(frozen=True)
class Variant:
    """One of the runs of a repeated recipe."""

    name: str
    """``seed 43`` or ``fold 2/5``."""
    values: Mapping[str, str | int | None]
    """Keys by dotted path, with the values that make it a recipe of its own."""

    @property
    def sets(self) -> tuple[str, ...]:
        """The same as ``--set`` takes it."""
        return tuple(f"{key}={json.dumps(value)}" for key, value in self.values.items())


@dataclass(frozen=True)
class Spread:
    """A metric over several runs."""

    mean: float
    standard_error: float
    """s/√n with the sample's standard deviation s: the uncertainty of the mean over runs."""
    minimum: float
    maximum: float
    runs: int
    """How many of the runs have a finite value."""


def variants(recipe: Recipe) -> list[Variant]:
    """The runs that a recipe stands for; empty if it does not repeat."""
    repeat = recipe.repeat
    if repeat is None:
        return []
    if repeat.folds is not None:
        names = [f"{which}/{repeat.folds}" for which in range(1, repeat.folds + 1)]
        return [Variant(f"fold {fold}", {"repeat": None, "data.splits.fold": fold}) for fold in names]
    return [Variant(f"seed {seed}", {"repeat": None, "seed": seed}) for seed in repeat.seeds_from(recipe.seed)]


def spreads(results: Sequence[Mapping[str, Any]]) -> dict[str, Spread]:
    """Mean and standard error of every final metric, over the runs that finished.

    Args:
        results: of the runs, as ``--json`` prints them.
    """
    finished = [result["metrics"] for result in results if result["status"] in DONE]
    names = dict.fromkeys(name for metrics in finished for name in metrics)
    values = {name: [metrics[name] for metrics in finished if _is_finite(metrics.get(name))] for name in names}
    return {name: _spread(found) for name, found in values.items() if len(found) > 1}


def _is_finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _spread(values: Sequence[float]) -> Spread:
    return Spread(mean(values), standard_error(values), min(values), max(values), len(values))


def standard_error(values: Sequence[float]) -> float:
    """s/√n with the sample's standard deviation s, of two values or more."""
    return stdev(values) / math.sqrt(len(values))


def figures(spread: Spread) -> tuple[str, str, str]:
    """Mean ± standard error, the least and the largest value, and of how many runs."""
    digits = _decimals(spread.standard_error)
    mean, error, least, most = (
        f"{value:.{digits}f}" for value in (spread.mean, spread.standard_error, spread.minimum, spread.maximum)
    )
    return f"{mean} ± {error}", f"{least} to {most}", str(spread.runs)


def _decimals(error: float) -> int:
    """So many that two significant digits of the error are seen."""
    return min(max(1 - math.floor(math.log10(error)), 0), _DIGITS) if error > 0 else 4


def recorded_result(directory: Path) -> dict[str, Any]:
    """The result of a run from its record, as ``--json`` printed it.

    Raises:
        OSError: the record is missing.
        EventsCorrupt: it cannot be read.
    """
    summary = SummarySink()
    for event in read_events(RunPaths(directory).events):
        summary(event)
    return summary.result() | {"run_dir": str(directory)}
