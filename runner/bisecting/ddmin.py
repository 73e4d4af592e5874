"""Delta debugging: from a set of changes that fails to a set in which each change is needed for the failure."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Literal

Outcome = Literal["good", "bad", "unfit"]
"""``unfit``: the changes do not go together, so that nothing could be tried."""
Changes = tuple[int, ...]


def ddmin(changes: Sequence[int], judge: Callable[[Changes], Outcome]) -> Changes:
    """A 1-minimal set of changes that is bad: without any one of them it is not.

    The algorithm ddmin of Zeller and Hildebrandt (2002). The changes c are divided into n parts, n = 2 at first. A part
    that is bad by itself replaces c, with n = 2; else c without a part, if that is bad, with n − 1; else n doubles,
    until each part is one change. Of m changes of which one is to blame it judges about 2·log₂ m sets, at worst
    m² + 3m.

    >>> ddmin(range(8), lambda chosen: "bad" if {2, 5} <= set(chosen) else "good")
    (2, 5)

    Args:
        changes: all of them; together they are bad, and none of them is good. Neither is judged here.
        judge: tries a set. Every set is asked for as often as the algorithm comes upon it.

    Returns:
        The set, in the order of ``changes``.
    """
    left, parts = tuple(changes), 2
    while len(left) > 1:
        found = _smaller(left, parts, judge)
        if found is not None:
            left, parts = found
        elif parts < len(left):
            parts = min(2 * parts, len(left))
        else:
            break
    return left


def _smaller(left: Changes, parts: int, judge: Callable[[Changes], Outcome]) -> tuple[Changes, int] | None:
    """A part that is bad, or what is left without one; with the number of parts to go on with."""
    pieces = list(_divided(left, parts))
    for piece in pieces:
        if judge(piece) == "bad":
            return piece, 2
    if parts > 2:  # of two parts each is what is left without the other
        for piece in pieces:
            rest = tuple(change for change in left if change not in piece)
            if judge(rest) == "bad":
                return rest, max(parts - 1, 2)
    return None


def _divided(left: Changes, parts: int) -> Iterator[Changes]:
    """So many parts, as nearly alike in size as can be."""
    ends = [round(k * len(left) / parts) for k in range(parts + 1)]
    yield from (left[low:high] for low, high in pairwise(ends))
