"""A list of runs as text that fits a width, and as JSON; made without what draws, since there can be ten thousand."""

import json
import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from runner.lookback.run_list import Listed, metric
from runner.sinks import formatting as fmt
from runner.sinks.layout import Column, Layout
from runner.text import one_line, printable

_HEADINGS = ("name", "when", "status", "steps", "seconds", "device", "best", "final", "fingerprint", "tags", "note")
_LEFT = frozenset(("name", "when", "status", "device", "best", "final", "fingerprint", "tags", "note"))
_LEAVE = ("note", "device", "seconds", "best", "steps", "when", "status", "tags", "final")
"""In which order columns leave where there is no room; what names a run stays."""
_SHORTEST = {"note": 16, "final": 13, "best": 13, "name": 12, "tags": 8}
"""How far columns are cut before any leaves, and in which order."""
_STATUS = {"expectation_missed": "missed"}


def table(runs: Sequence[Listed], width: int | None, shown: str | None = None) -> Iterator[str]:
    """A heading and a line a run.

    Args:
        runs: to list, in this order.
        width: columns of the screen; gaps become narrow, texts are cut and columns leave to fit it, and the last line
            names those that left. None: as wide as it is.
        shown: the metric to show as the result; None: that of the test split.
    """
    rows = [_cells(run, shown) for run in runs]
    headings = {key: key for key in _HEADINGS} | _shared_metrics(rows)
    columns = [_column(key, headings[key], rows) for key in _HEADINGS if key == "name" or any(row[key] for row in rows)]
    layout = Layout(columns) if width is None else _fit(columns, width)
    yield from layout.heading()
    yield from _lines(layout, rows)
    out = [headings[column.key] for column in columns if column.key not in {kept.key for kept in layout.columns}]
    if out and width is not None:
        yield from textwrap.wrap(f"too narrow for: {', '.join(out)}", width, subsequent_indent="  ")


def _shared_metrics(rows: Sequence[dict[str, str]]) -> dict[str, str]:
    """Headings that name the metric of a whole column, whose cells then have the value alone."""
    found = {}
    for key, heading in (("final", ""), ("best", "best ")):
        names = {row[key].partition(" ")[2] for row in rows if row[key]}
        if len(names) == 1:
            found[key] = heading + names.pop()
            for row in rows:
                row[key] = row[key].partition(" ")[0]
    return found


def _lines(layout: Layout, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """The rows under their headings; where nothing is wide or cut, without looking at each character."""
    pattern = (" " * layout.gap).join(f"%{'-' if column.left else ''}{column.width}s" for column in layout.columns)
    width = layout.width
    for row in rows:
        line = pattern % tuple(row[column.key] for column in layout.columns)
        yield line.rstrip() if line.isascii() and len(line) == width else layout.line(_clipped(layout, row))


def _clipped(layout: Layout, row: Mapping[str, str]) -> dict[str, str]:
    """The cells cut to their columns, which the layout itself does not do."""
    return {column.key: fmt.clip(row[column.key], column.width) for column in layout.columns}


def _cells(run: Listed, shown: str | None) -> dict[str, str]:
    entry = run.entry
    return {
        "name": printable(run.recipe),
        "when": when(entry.started),
        "status": _STATUS.get(run.status, run.status),
        "steps": f"{entry.steps:,}" if entry.recipe is not None else "",
        "seconds": _seconds(entry.seconds),
        "device": printable(entry.device or ""),
        "best": _best(entry.best),
        "final": _final(run, shown),
        "fingerprint": printable((entry.fingerprint or "")[:8]),
        "tags": ", ".join(run.tags.tags),
        "note": one_line(run.tags.note or ""),
    }


def _seconds(value: float | None) -> str:
    value = _number(value)
    return "" if value is None else fmt.seconds(value)


def when(time: float | None) -> str:
    """A time of the clock on the wall, to the minute; empty for one that no calendar has."""
    try:
        return datetime.fromtimestamp(time).isoformat(" ", "minutes") if time is not None else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _best(best: Mapping[str, float] | None) -> str:
    return ", ".join(
        f"{fmt.measure(value)} {printable(name)}" for name, value in (best or {}).items() if name != "epoch"
    )


def _final(run: Listed, shown: str | None) -> str:
    name = shown if shown is not None else headline(run.entry.metrics)
    value = metric(run.entry, name) if name is not None else None
    # the value first: it stays where the column is cut
    return f"{fmt.measure(value)} {printable(name)}" if name is not None and value is not None else ""


def headline(metrics: Mapping[str, float]) -> str | None:
    """The metric to name where there is room for one: of the test split rather than others, no loss where it can be."""
    for prefix in ("test_", "val_", ""):
        names = [name for name in metrics if name.startswith(prefix)]
        if names:
            return next((name for name in names if not name.endswith("loss")), names[0])
    return None


def _column(key: str, heading: str, rows: Sequence[Mapping[str, str]]) -> Column:
    width = max(map(fmt.width, {heading, *(row[key] for row in rows)}))
    return Column(key, (heading,), width, key in _LEFT)


def _fit(columns: Sequence[Column], width: int) -> Layout:
    """Cut what may be cut, and where that is not enough let columns leave."""
    layout = Layout(columns)
    for key in _LEAVE:
        excess = layout.width - width
        if excess <= sum(_slack(column) for column in layout.columns):
            break
        layout = layout._replace(columns=[column for column in layout.columns if column.key != key])
    layout = layout if layout.width <= width else layout._replace(gap=1)  # before anything is cut
    excess = max(layout.width - width, 0)
    for key in _SHORTEST:
        columns = [column for column in layout.columns if column.key == key]
        less = min(excess, sum(map(_slack, columns)))
        cut = [_cut(c, c.width - less) if c.key == key else c for c in layout.columns]
        layout, excess = layout._replace(columns=cut), excess - less
    return layout


def _cut(column: Column, width: int) -> Column:
    return column._replace(width=width, heading=tuple(fmt.clip(line, width) for line in column.heading))


def _slack(column: Column) -> int:
    """How many characters of a column can be cut off."""
    return max(column.width - _SHORTEST.get(column.key, column.width), 0)


def as_json(runs: Sequence[Listed]) -> str:
    """The list as a JSON array with an object a line; a value that is not a finite number is null."""
    return "[" + ",".join(f"\n{json.dumps(_mapping(run))}" for run in runs) + "\n]\n" if runs else "[]\n"


def _mapping(run: Listed) -> dict[str, Any]:
    entry = run.entry
    return {
        "run": run.name,
        "run_dir": run.path,
        "name": run.recipe,
        "started": _number(entry.started),
        "status": run.status,
        "steps": entry.steps,
        "planned_steps": entry.planned,
        "seconds": _number(entry.seconds),
        "device": entry.device,
        "data": entry.data,
        "seed": entry.seed,
        "fingerprint": entry.fingerprint,
        "metrics": {name: _number(value) for name, value in entry.metrics.items()},
        "best": entry.best and {k: _number(v + 1 if k == "epoch" else v) for k, v in entry.best.items()},
        "tags": run.tags.tags,
        "note": run.tags.note,
        "error": run.fault,
    }


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
