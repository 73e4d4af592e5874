"""What a report shows of one run: texts and charts, all of them printable, none of them markup."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from runner.lookback.cells import plural, status_text, value_text
from runner.lookback.evaluated import Evaluated, evaluated
from runner.lookback.methods import methods
from runner.lookback.planned import planned
from runner.lookback.recorded_run import Past
from runner.lookback.regular import read_regular
from runner.lookback.report_charts import run_charts
from runner.lookback.run_facts import about, files, phases, remarks, verdict, way
from runner.lookback.show_view import best_text
from runner.lookback.warned import warning_texts
from runner.record.directory import RunPaths
from runner.sinks import formatting as fmt
from runner.text import printable
from runner.views.plan_phases import steps_text

_TEXT_AT_MOST = 1 << 18
"""Bytes of a recipe's text; the language allows no more."""
_EPOCHS = 60
"""Rows of the table of epochs."""
_PHASES = 60


class Page(NamedTuple):
    """What the template shows of a run."""

    letter: str
    name: str
    recipe: str
    status: str
    good: bool
    about: list[tuple[str, str]]
    headline: list[tuple[str, str]]
    """Cards on top: label and figure."""
    charts: list[Any]
    phases: list[tuple[str, ...]]
    more_phases: int
    checks: list[tuple[str, str, bool | None]]
    metrics: list[tuple[str, ...]]
    """A row a metric: name, train, validation, test."""
    beside: list[str]
    best: str
    epochs: list[tuple[str, ...]]
    epochs_said: str
    """How many there are."""
    epoch_names: list[str]
    remarks: list[str]
    warnings: list[str]
    environment: list[tuple[str, str]]
    files: list[tuple[str, str]]
    text: str
    overrides: list[tuple[str, str]]
    """Paths and values of the command line, which the text does not have."""
    methods: str
    planned: bool
    evaluated: Evaluated | None
    """None: the run keeps no evaluation, or one that is out of date."""


def page_of(past: Past, letter: str) -> Page:
    """Gather what a report shows of a run; ``letter`` names it among others."""
    plan = planned(past)
    phase_rows = phases(past)
    evaluation, outdated = evaluated(past)
    epochs = _epochs(past)
    return Page(
        letter=letter,
        name=printable(past.name),
        recipe=printable(past.started.recipe),
        status=status_text(past.status),
        good=past.status == "finished",
        about=list(about(past)),
        headline=_headline(past),
        charts=run_charts(past, plan),
        phases=[
            (printable(row.name), steps_text(row.start, row.stop), way(row.rate), way(row.momentum))
            for row in phase_rows[:_PHASES]
        ],
        more_phases=max(len(phase_rows) - _PHASES, 0),
        checks=[(printable(c.metric), printable(c.expectation) + ": " + verdict(c), c.met) for c in past.checks],
        metrics=_metrics(past.metrics),
        best=best_text(past),
        beside=past.beside,
        epochs=epochs,
        epochs_said=_epochs_said(len(epochs), len(past.epochs)),
        epoch_names=[printable(name) for name in _names(past)],
        remarks=[*remarks(past), *([outdated] if outdated else [])],
        warnings=warning_texts(past.warnings),
        environment=[(printable(name), printable(value)) for name, value in past.papers.environment.items() if value],
        files=files(past),
        text=_text(RunPaths(past.path).recipe),
        overrides=[(printable(path), value_text(value)) for path, value in past.papers.overrides.items()],
        methods=methods(past, plan),
        planned=plan is not None,
        evaluated=evaluation,
    )


def _headline(past: Past) -> list[tuple[str, str]]:
    tests = {name: value for name, value in past.metrics.items() if name.startswith("test_")}
    shown = tests or {name: value for name, value in past.metrics.items() if name.startswith("val_")} or past.metrics
    cards = [(printable(name), fmt.measure(value)) for name, value in shown.items()]
    cards += [("steps", f"{past.steps:,}"), ("parameters", f"{past.started.parameters:,}")]
    return [*cards[:5], ("training", fmt.seconds(past.elapsed.training))] if past.ended is not None else cards[:6]


def _metrics(metrics: Mapping[str, float]) -> list[tuple[str, ...]]:
    bare = dict.fromkeys(name.removeprefix("val_").removeprefix("test_") for name in metrics)
    return [
        (printable(name), *(_cell(metrics.get(f"{split}{name}")) for split in ("", "val_", "test_"))) for name in bare
    ]


def _cell(value: float | None) -> str:
    return "–" if value is None else fmt.measure(value)


def _names(past: Past) -> list[str]:
    return list(dict.fromkeys(name for epoch in past.epochs for name in epoch.metrics))


def _epochs_said(shown: int, count: int) -> str:
    return plural(count, "epoch") if shown == count else f"{shown:,} of {count:,} epochs"


def _epochs(past: Past) -> list[tuple[str, ...]]:
    """The epochs; of many every n-th, those that were the best so far left out or not, and the last."""
    stride = math.ceil(len(past.epochs) / _EPOCHS) or 1
    names = _names(past)
    return [
        (
            f"{epoch.epoch + 1:,}",
            fmt.rate(epoch.learning_rate),
            fmt.momentum(epoch.momentum),
            *(_cell(epoch.metrics.get(name)) for name in names),
            fmt.seconds(epoch.seconds),
            "best" if epoch.best else "",
        )
        for k, epoch in enumerate(past.epochs)
        if k % stride == 0 or k == len(past.epochs) - 1
    ]


def _text(path: Path) -> str:
    """The recipe as its author wrote it, with everything visible that would hide; empty where there is none."""
    try:
        data = read_regular(path, _TEXT_AT_MOST)
    except FileNotFoundError:
        return ""
    return "\n".join(printable(line.replace("\t", "    ")) for line in data.decode("utf-8", "replace").splitlines())
