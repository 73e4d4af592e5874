"""The report of a sweep: one HTML file in the form of a run's, with its trials, their values and what they show."""

from typing import Any

from runner.lookback.report import page
from runner.sinks import formatting as fmt
from runner.sweeps.board import values_text
from runner.sweeps.parallel import parallel
from runner.sweeps.past import PastSweep
from runner.sweeps.table import Row
from runner.text import printable

_TRIALS = 300
"""Rows of the table."""


def render(sweep: PastSweep) -> str:
    """The HTML of the report."""
    values, definition = sweep.values, sweep.definition
    best = values["best"]
    return page(
        "sweep.html.j2",
        title=f"{definition.recipe.name}: sweep",
        objective=printable(values["objective"]),
        direction="higher" if definition.rising else "lower",
        sampler=definition.sweep.sampler,
        pruner=definition.sweep.pruner,
        counts=_counts(sweep.trials),
        best=None if best is None else (best["trial"], fmt.measure(best["value"]), values_text(best["values"])),
        best_recipe=printable(values["best_recipe"] or ""),
        importance=[(printable(path), share, f"{share:.0%}") for path, share in values["importance"].items()],
        parallel=parallel(definition, sweep.trials),
        rows=[_row(row, is_best=best is not None and row.number == best["trial"]) for row in sweep.trials[:_TRIALS]],
        more=max(len(sweep.trials) - _TRIALS, 0),
    )


def _counts(rows: list[Any]) -> str:
    states = [row.state for row in rows]
    return ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states)) or "none yet"


def _row(row: Row, *, is_best: bool) -> tuple[str, ...]:
    value = fmt.measure(row.value) if row.value is not None else "–"
    said = values_text(row.values) + (f" ({printable(row.why)})" if row.state == "failed" else "")
    return str(row.number), "best" if is_best else row.state, value, str(row.epochs or "–"), said
