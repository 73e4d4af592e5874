"""Several runs beside each other, as text and for JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.text import Text

from runner.lookback.cells import NONE, status_text, value_text
from runner.lookback.curves_view import curve_lines
from runner.lookback.differ import Row, Side, not_compared, of_run, rows
from runner.lookback.grid import grid, letters_of
from runner.lookback.overlay import style
from runner.lookback.paired_view import as_mapping as paired_mapping
from runner.lookback.paired_view import paired_lines, paired_runs
from runner.lookback.ranking import best, best_of, of_same_data
from runner.lookback.recorded_run import Past
from runner.lookback.run_facts import as_mapping
from runner.sinks import formatting as fmt
from runner.text import printable
from runner.views.lines import Screen, paragraph

_BEST = "*"


def comparison_lines(pasts: Sequence[Past], screen: Screen) -> Iterator[Text]:
    """Which runs, what differs, what came out, and their curves over one another."""
    letters = letters_of(len(pasts))
    for k, (letter, past) in enumerate(zip(letters, pasts, strict=True)):
        name = fmt.clip(screen.text(printable(past.name)), screen.width - len(letter) - 2)
        yield Text.assemble((letter, style(k)), "  ", (name, "bold"))
    yield Text()
    yield from difference_lines([of_run(past) for past in pasts], letters, screen)
    yield Text()
    yield from grid(screen, f"result ({_BEST} best)", letters, results(pasts))
    if remark := unmarked(pasts):
        yield from paragraph(screen, remark, hang=2, style="dim")
    pairs = paired_runs(pasts)
    if pairs:
        yield Text()
        yield from paired_lines(pairs, letters, screen)
    yield Text()
    yield from curve_lines(pasts, screen)


def difference_lines(sides: Sequence[Side], letters: Sequence[str], screen: Screen) -> Iterator[Text]:
    """What differs, besides results."""
    found, lacking = [row for row in rows(sides) if row.part != "result"], not_compared(sides)
    for text in lacking:
        yield from paragraph(screen, text, hang=2, style="yellow")
    if found:
        named = [(_name(row), [value_text(value) for value in row.values]) for row in found]
        yield from grid(screen, "differs", letters, named)
    elif not lacking:
        yield Text("recipe, data, versions and machine are the same")


def _name(row: Row) -> str:
    return printable(row.field if row.part in ("recipe", "data") else f"{row.part}: {row.field}")


def results(pasts: Sequence[Past]) -> list[tuple[str, list[str]]]:
    """Status, steps, time and final metrics of each run; the best value of a metric is marked."""
    found = [
        ("status", [status_text(past.status) for past in pasts]),
        ("steps", [f"{past.steps:,}" for past in pasts]),
        ("seconds", [fmt.seconds(past.elapsed.total) for past in pasts]),
    ]
    sides = [of_run(past) for past in pasts]
    for name in dict.fromkeys(name for past in pasts for name in past.metrics):
        values = [past.metrics.get(name) for past in pasts]
        marked = best(name, values, sides)
        marks = [f" {_BEST}" if k == marked else "" for k in range(len(values))]
        found.append((printable(name), [_measure(*each) for each in zip(values, marks, strict=True)]))
    return found


def unmarked(pasts: Sequence[Past]) -> str:
    """Why values of metrics that runs share have no mark; empty where they are measured on the same data."""
    sides = [of_run(past) for past in pasts]
    for name in dict.fromkeys(name for past in pasts for name in past.metrics):
        having = [side for side, past in zip(sides, pasts, strict=True) if name in past.metrics]
        if len(having) > 1 and not of_same_data(having, name):
            return "values measured on different data have no mark"
    return ""


def _measure(value: float | None, mark: str) -> str:
    return NONE if value is None else f"{fmt.measure(value)}{mark}"


def comparison_mapping(pasts: Sequence[Past]) -> dict[str, Any]:
    """The comparison as an object for JSON."""
    sides: list[Side] = [of_run(past) for past in pasts]
    differs = [
        {"part": row.part, "field": row.field, "values": list(row.values), "best": best_of(row, sides)}
        for row in rows(sides)
    ]
    pairs = [paired_mapping(pair) for pair in paired_runs(pasts)]
    unknown = {"not_compared": lacking} if (lacking := not_compared(sides)) else {}
    return {"runs": [as_mapping(past) for past in pasts], "differs": differs, **unknown, "paired": pairs}
