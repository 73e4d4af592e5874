"""The report of one run or several: one HTML file, without network and without scripts."""

import base64
import hashlib
import math
from collections.abc import Mapping, Sequence
from importlib.resources import files as resources
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from runner.lookback.compare_view import results
from runner.lookback.differ import of_run, rows
from runner.lookback.grid import letters_of
from runner.lookback.methods import methods
from runner.lookback.past import Past
from runner.lookback.planned import planned
from runner.lookback.report_charts import comparison_charts, run_charts
from runner.lookback.show_view import best_text
from runner.lookback.summary import about, files, phases, remarks, verdict, way
from runner.lookback.words import value_text
from runner.plots.style import DARK, LIGHT
from runner.record.directory import RunPaths
from runner.sinks import formatting as fmt
from runner.text import printable

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
    best: str
    epochs: list[tuple[str, ...]]
    epoch_names: list[str]
    remarks: list[str]
    warnings: list[str]
    environment: list[tuple[str, str]]
    files: list[tuple[str, str]]
    text: str
    methods: str
    planned: bool


def render(pasts: Sequence[Past]) -> str:
    """The HTML of a report."""
    environment = Environment(
        loader=DictLoader({name: _template(name) for name in ("report.html.j2", "macros.html.j2")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = _style(environment)
    letters = letters_of(len(pasts))
    pages = [_page(past, letter) for past, letter in zip(pasts, letters, strict=True)]
    return environment.get_template("report.html.j2").render(
        title=pages[0].name if len(pages) == 1 else f"{len(pages)} runs compared",
        # our own file, and the hash that lets the browser use it and no other
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        pages=pages,
        comparison=_comparison(pasts, letters) if len(pasts) > 1 else None,
    )


def _template(name: str) -> str:
    return (resources("runner.lookback") / "templates" / name).read_text(encoding="utf-8")


def _style(environment: Environment) -> str:
    """The style sheet, with the colours of all other pictures."""
    return environment.from_string(_template("report.css.j2")).render(light=LIGHT, dark=DARK)


def _page(past: Past, letter: str) -> Page:
    plan = planned(past)
    phase_rows = phases(past)
    return Page(
        letter=letter,
        name=printable(past.name),
        recipe=printable(past.started.recipe),
        status=past.status.replace("_", " "),
        good=past.status == "finished",
        about=list(about(past)),
        headline=_headline(past),
        charts=run_charts(past, plan),
        phases=[
            (printable(row.name), f"{row.start:,}–{row.stop:,}", way(row.rate), way(row.momentum, lambda v: f"{v:g}"))
            for row in phase_rows[:_PHASES]
        ],
        more_phases=max(len(phase_rows) - _PHASES, 0),
        checks=[(printable(c.metric), printable(c.expectation) + ": " + verdict(c), c.met) for c in past.checks],
        metrics=_metrics(past.metrics),
        best=best_text(past),
        epochs=_epochs(past),
        epoch_names=[printable(name) for name in _names(past)],
        remarks=remarks(past),
        warnings=[printable(text) for text in past.warnings],
        environment=[(printable(name), printable(value)) for name, value in past.papers.environment.items() if value],
        files=files(past),
        text=_text(RunPaths(past.path).recipe),
        methods=methods(past, plan),
        planned=plan is not None,
    )


def _headline(past: Past) -> list[tuple[str, str]]:
    tests = {name: value for name, value in past.metrics.items() if name.startswith("test_")}
    shown = tests or {name: value for name, value in past.metrics.items() if name.startswith("val_")} or past.metrics
    cards = [(printable(name), fmt.measure(value)) for name, value in shown.items()]
    cards += [("steps", f"{past.steps:,}"), ("parameters", f"{past.started.parameters:,}")]
    return [*cards[:5], ("training", fmt.seconds(past.seconds_training))] if past.ended is not None else cards[:6]


def _metrics(metrics: Mapping[str, float]) -> list[tuple[str, ...]]:
    bare = dict.fromkeys(name.removeprefix("val_").removeprefix("test_") for name in metrics)
    return [
        (printable(name), *(_cell(metrics.get(f"{split}{name}")) for split in ("", "val_", "test_"))) for name in bare
    ]


def _cell(value: float | None) -> str:
    return "–" if value is None else fmt.measure(value)


def _names(past: Past) -> list[str]:
    return list(dict.fromkeys(name for epoch in past.epochs for name in epoch.metrics))


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
        with path.open("rb") as file:
            data = file.read(_TEXT_AT_MOST)
    except FileNotFoundError:
        return ""
    return "\n".join(printable(line.replace("\t", "    ")) for line in data.decode("utf-8", "replace").splitlines())


def _comparison(pasts: Sequence[Past], letters: Sequence[str]) -> dict[str, Any]:
    differing = [row for row in rows([of_run(past) for past in pasts]) if row.part != "result"]
    return {
        "letters": letters,
        "differs": [(row.part, printable(row.field), [value_text(v) for v in row.values]) for row in differing],
        "results": results(pasts),
        "charts": comparison_charts(pasts, letters),
    }
