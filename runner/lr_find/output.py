"""The output of ``recipe lr-find``: text with a curve, CSV and JSON; and the contents of its plot."""

import csv
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from runner.curves.types import Values
from runner.events import shortest
from runner.lr_find.advice import rounded
from runner.lr_find.apply_suggestion import dotted, key_of
from runner.lr_find.sweep import Sweep
from runner.lr_find.sweep_plot import Picture, range_lines
from runner.numerals import rate, short
from runner.text import printable

if TYPE_CHECKING:
    from rich.text import Text

    from runner.lr_find.range_test import Found
    from runner.views.lines import Screen


def picture_of(found: "Found") -> Picture:
    """The contents of the plot, on a terminal and with ``--plot``."""
    outcome = found.advice.reason if found.suggestion is None else f"recommended: {short(found.suggestion)}"
    spread = found.band if len(found.sweeps) > 1 else None
    limits = (found.swept.min_lr, found.swept.max_lr)
    title = f"{found.plan.recipe.name}: range test"
    return Picture(title, found.median, found.advice, limits, spread, (_conditions(found), outcome))


def _conditions(found: "Found") -> str:
    """Length, end, seeds and momentum in one line."""
    seeds = list(found.sweeps)
    end = "" if found.median.stopped is None else f" ({found.median.stopped} after {len(found.median.loss)})"
    which = f"seed {seeds[0]}" if len(seeds) == 1 else f"median of {len(seeds)} seeds from {seeds[0]}"
    momentum = "no momentum" if found.momentum is None else f"momentum {rate(found.momentum)} throughout"
    return f"{found.swept.steps:,} steps of {found.plan.batch_size} examples{end} · {which} · {momentum}"


def print_text(found: "Found", *, color: bool) -> None:
    """Print the curve, the suggestion of each rule, and the recommendation."""
    from runner.views.lines import paragraph, stdout_screen
    from runner.views.plan_text import drawing

    screen = stdout_screen(color=color)
    screen.print(paragraph(screen, printable(f"{found.plan.recipe.name}: {_conditions(found)}"), style="bold"))
    if len(found.median.loss):
        screen.print(drawing(range_lines(picture_of(found), screen.width, screen.glyphs), screen))
    screen.print(_rule_lines(found, screen))
    screen.print(paragraph(screen, verdict(found)))


def _rule_lines(found: "Found", screen: "Screen") -> "list[Text]":
    """A row for each rule: its rate on the median, and the range over the seeds."""
    from runner.views.tables import Column, table

    if not found.advice.rules:
        return []
    several = len(found.each) > 1
    rows = []
    for rule, advised in found.advice.rules.items():
        each = sorted(one.rules[rule] for one in found.each if one.rules)
        spread = f"{short(each[0])} to {short(each[-1])}" if several and each else ""
        rows.append((f"{rule} *" if rule == found.advice.rule else rule, short(advised), spread))
    columns = (Column("rule"), Column("learning rate", left=False), Column("of the seeds" if several else ""))
    return table(screen, columns, rows)


def verdict(found: "Found") -> str:
    """The recommendation and its key, or why there is none."""
    if found.suggestion is None:
        return f"no clear suggestion: {found.advice.reason}"
    key = key_of(found.plan.recipe)
    where = "the schedule has several learning rates" if key is None else f"the recipe's key is {dotted(key)}"
    return f"* recommended: {short(found.suggestion)}, {found.advice.reason}; {where}"


def _columns(sweep: Sweep) -> dict[str, tuple[float, ...]]:
    """Learning rate, loss and smoothed loss of each step kept."""
    arrays = {"learning_rate": sweep.learning_rate, "loss": sweep.loss, "smoothed": sweep.smoothed}
    return {name: _float32(values) for name, values in arrays.items()}


def _float32(values: Values) -> tuple[float, ...]:
    return shortest(values.astype(np.float32))


def print_csv(found: "Found") -> None:
    """Print one row per step; with several seeds the loss is their median, with the range of the smoothed loss."""
    columns = _columns(found.median)
    if len(found.sweeps) > 1:
        least, most = found.band
        columns |= {"smoothed_min": _float32(least), "smoothed_max": _float32(most)}
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("step", *columns))
    writer.writerows((step, *row) for step, row in enumerate(zip(*columns.values(), strict=True)))


def as_mapping(found: "Found") -> dict[str, Any]:
    """All results as one JSON object."""
    plan, median, key = found.plan, found.median, key_of(found.plan.recipe)
    return {
        "name": plan.recipe.name,
        "fingerprint": plan.fingerprint,
        "data": plan.data.label,
        "fallback": plan.fallback,
        "batch_size": plan.batch_size,
        "optimizer": plan.recipe.optimizer.called,
        "momentum": found.momentum,
        "min_lr": found.swept.min_lr,
        "max_lr": found.swept.max_lr,
        "steps": found.swept.steps,
        "counted": len(median.loss),
        "stopped": median.stopped,
        "learning_rate": found.suggestion,
        "rule": found.advice.rule,
        "reason": found.advice.reason,
        "key": None if key is None else dotted(key),
        "rules": found.advice.rules,
        "curve": _columns(median),
        "seeds": [
            {
                "seed": seed,
                "stopped": sweep.stopped,
                "learning_rate": rounded(one.learning_rate),
                "curve": _columns(sweep),
            }
            for (seed, sweep), one in zip(found.sweeps.items(), found.each, strict=True)
        ],
    }
