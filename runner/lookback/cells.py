"""Values as people read them: short, printable, on one line."""

import math
from typing import Any

from runner.record.difference import ABSENT
from runner.sinks import formatting as fmt
from runner.source.editing.emit import to_flow
from runner.text import printable

NONE = "–"
"""Stands where a side has no value."""


def value_text(value: Any) -> str:
    """A value of a recipe, a lock or a result."""
    if value is ABSENT or value == ABSENT:
        return NONE
    if isinstance(value, float):
        return fmt.measure(value) if not math.isfinite(value) or value != round(value, 6) else f"{value:g}"
    if isinstance(value, str):
        return printable(value)
    try:
        return printable(to_flow(value))
    except (TypeError, ValueError, RecursionError):  # of a lock that no run has written
        return printable(str(value))


def row_text(part: str, value: Any) -> str:
    """A value of a part: results are measurements, with as many digits each."""
    return fmt.measure(value) if part == "result" and isinstance(value, float) else value_text(value)


def plural(count: int, word: str) -> str:
    """``1 step``, ``1,720 steps``."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def size_text(octets: int) -> str:
    """A file's size: ``812 B``, ``4.1 KB``, ``12 MB``."""
    size, unit = float(octets), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.3g} {unit}"
