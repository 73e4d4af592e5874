"""The warnings of a run, for people: those that differ in numbers alone are told once, with how many there are."""

from collections.abc import Iterable

from runner.sinks import formatting as fmt
from runner.sinks.told import kind_of
from runner.text import printable

_MOST = 10
"""Kinds of warnings that are told."""
_LONGEST = 500
"""Columns of one."""


def warning_texts(messages: Iterable[str]) -> list[str]:
    """Each kind of warning by its first, at most ten kinds, and what is left out.

    A run that warns of every step has thousands; ``recipe show RUN --json`` has all of them.

    Args:
        messages: as recorded, in order.

    Returns:
        Printable texts, such as ``step 7: the gradients are not finite (and 19,999 more like it)``.
    """
    kinds: dict[str, tuple[str, int]] = {}
    for message in messages:
        kind = kind_of(message)
        first, count = kinds.get(kind, (message, 0))
        kinds[kind] = first, count + 1
    told = [_told(*found) for found in list(kinds.values())[:_MOST]]
    left = sum(count for _, count in list(kinds.values())[_MOST:])
    if left:
        told.append(f"and {left:,} more warnings")
    if left or any(count > 1 for _, count in kinds.values()):
        told.append("`recipe show RUN --json` has each of them")
    return told


def _told(first: str, count: int) -> str:
    more = f" (and {count - 1:,} more like it)" if count > 1 else ""
    return f"warning: {fmt.clip(printable(first), _LONGEST)}{more}"
