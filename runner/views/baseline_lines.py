"""Baselines of a recipe's data, as text."""

from collections.abc import Iterator, Mapping

from rich.text import Text

from runner.measures import constant_answers
from runner.numerals import measure
from runner.sinks import formatting as fmt
from runner.views.lines import Screen, pairs
from runner.views.tables import Column, table

MEANINGS = {
    **constant_answers.MEANINGS,
    **constant_answers.FORECASTS,
    "linear": "a linear model of the same inputs",
}
"""What each baseline says of an example."""


def baseline_lines(figures: Mapping[str, Mapping[str, float]], screen: Screen) -> Iterator[Text]:
    """A row for each baseline, with its figures and what it is."""
    metrics = list(dict.fromkeys(metric for given in figures.values() for metric in given))
    columns = [Column("baseline"), *(Column(metric, left=False) for metric in metrics), Column("answers", leaves=1)]
    rows = [
        (name, *(_figure(metric, given.get(metric)) for metric in metrics), MEANINGS[name])
        for name, given in figures.items()
    ]
    lines = table(screen, columns, rows)
    if max(fmt.width(line) for row in lines for line in row.plain.splitlines()) <= screen.width:
        yield from lines
    else:  # of several outputs
        yield from pairs(screen, [(name, _listed(given)) for name, given in figures.items()])


def _listed(given: Mapping[str, float]) -> str:
    return ", ".join(f"{metric} {_figure(metric, value)}" for metric, value in given.items())


def _figure(metric: str, value: float | None) -> str:
    """A baseline of one of several outputs has no figure of the others."""
    if value is None:
        return "–"
    return f"{value:.2%}" if metric.endswith("accuracy") else measure(value)
