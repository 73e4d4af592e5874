"""Values as people read them: short, printable, on one line."""

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
        return fmt.setting(value)
    if isinstance(value, str):
        return printable(value) if value else '""'
    try:
        return printable(to_flow(value))
    except (TypeError, ValueError, RecursionError):  # of a lock that no run has written
        return printable(str(value))


def row_text(part: str, value: Any) -> str:
    """A value of a part: results are measurements, with as many digits each."""
    if part == "result":
        return fmt.measure(value) if isinstance(value, float) else status_text(value_text(value))
    return value_text(value)


def status_text(status: str) -> str:
    """How a run ended, for people: ``expectation missed``."""
    return status.replace("_", " ")


def plural(count: int, word: str) -> str:
    """``1 step``, ``1,720 steps``."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def is_number(text: str) -> bool:
    """Whether a cell holds a number, so that it is aligned on the right."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def size_text(octets: int) -> str:
    """A file's size: ``812 B``, ``4.1 KB``, ``12 MB``."""
    size, unit = float(octets), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:.3g} {unit}"
