"""One run as text for the terminal."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from runner.lookback.cells import NONE
from runner.lookback.curves_view import curve_lines
from runner.lookback.recorded_run import Past
from runner.lookback.run_facts import about, files, phases, remarks, verdict, way
from runner.lookback.warned import warning_texts
from runner.sinks import formatting as fmt
from runner.text import printable
from runner.views.lines import Screen, pairs, paragraph
from runner.views.plan_phases import steps_text
from runner.views.tables import Column, table

_PHASES = 20
"""Rows of the phase table; a cycle can have thousands."""


def run_lines(past: Past, screen: Screen) -> Iterator[Text]:
    """Everything that is known of a run, blocks apart by an empty line."""
    blocks = [
        [Text(fmt.clip(printable(past.name), screen.width), "bold"), *pairs(screen, list(about(past)))],
        _phases(past, screen),
        _results(past, screen),
        _checks(past, screen),
        [line for text in remarks(past) for line in paragraph(screen, text, hang=2)],
        [line for text in warning_texts(past.warnings) for line in paragraph(screen, text, hang=2, style="yellow")],
        list(curve_lines([past], screen, rows=5)),
        _environment(past, screen),
        _files(past, screen),
    ]
    for k, block in enumerate(block for block in blocks if block):
        if k:
            yield Text()
        yield from block


def _phases(past: Past, screen: Screen) -> list[Text]:
    found = phases(past)
    columns = [
        Column("phase"),
        Column("steps", left=False, leaves=2),
        Column("learning rate"),
        Column("momentum", leaves=1),
    ]
    rows = [
        (printable(row.name), steps_text(row.start, row.stop), way(row.rate), way(row.momentum))
        for row in found[:_PHASES]
    ]
    if not rows:
        return []
    more = [Text(f"and {len(found) - _PHASES:,} more phases", "dim")] if len(found) > _PHASES else []
    return [*table(screen, columns, rows), *more]


def _results(past: Past, screen: Screen) -> list[Text]:
    """Final metrics, a row a metric and a column a split; and the best epoch."""
    finals = past.metrics
    names = list(dict.fromkeys(_bare(name) for name in finals))
    if not names:
        return []
    splits = [split for split in ("", "val_", "test_") if any(f"{split}{name}" in finals for name in names)]
    headings = {"": "train", "val_": "validation", "test_": "test"}
    rows: list[Sequence[str]] = [
        (printable(name), *(_cell(finals.get(f"{split}{name}")) for split in splits)) for name in names
    ]
    lines = table(screen, [Column("result"), *(Column(headings[s], left=False) for s in splits)], rows)
    beside = [*past.beside, *([best] if (best := best_text(past)) else [])]
    return [*lines, *(line for text in beside for line in paragraph(screen, text, hang=2))]


def _bare(name: str) -> str:
    return name.removeprefix("val_").removeprefix("test_")


def _cell(value: float | None) -> str:
    return NONE if value is None else fmt.measure(value)


def best_text(past: Past) -> str:
    """``best epoch 15, val_loss 0.1012``; empty where the run has no best."""
    best = past.best or {}
    figures = {name: value for name, value in best.items() if name != "epoch"}
    return f"best {fmt.best_epoch(round(best['epoch']), figures)}" if figures and "epoch" in best else ""


def _checks(past: Past, screen: Screen) -> list[Text]:
    return [
        line
        for check in past.checks
        for line in paragraph(
            screen,
            f"expected {printable(check.metric)} {printable(check.expectation)}: {verdict(check)}",
            hang=2,
            style="red" if check.met is False else "",
        )
    ]


def _environment(past: Past, screen: Screen) -> list[Text]:
    listed = ", ".join(f"{name} {value}" for name, value in past.papers.environment.items() if value)
    return pairs(screen, [("environment", printable(listed))]) if listed else []


def _files(past: Past, screen: Screen) -> list[Text]:
    listed = ", ".join(f"{name} ({size})" for name, size in files(past))
    return pairs(screen, [("files", f"{printable(str(past.path))}: {listed}")])
