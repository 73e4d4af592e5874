"""Slices of a dataset's splits, compared without knowing how many examples there are."""

import math
import re
from typing import Literal, NamedTuple

_SLICE = re.compile(r"([a-z][a-z0-9_]*)(?:\[(-?\d+%?)?:(-?\d+%?)?\])?")
Measure = Literal["examples", "percent", "from the end"]


class Slice(NamedTuple):
    """``train[:55000]``: a split's name and two bounds."""

    split: str
    bounds: tuple[str, str]
    """As written; empty where left out."""

    @property
    def measures(self) -> set[Measure]:
        """In which units its bounds are given; none for a whole split."""
        return {_measure(bound) for bound in self.bounds if bound}

    @property
    def length(self) -> int | None:
        """At most so many examples, where the bounds alone tell; None otherwise."""
        start, stop = self.bounds
        if self.measures == {"examples"} and stop:
            return max(int(stop) - int(start or 0), 0)
        if self.measures == {"from the end"} and start:
            return max(int(stop or 0) - int(start), 0)
        return None

    def interval(self, measure: Measure) -> tuple[float, float]:
        """Start and stop on the axis of a measure: examples from 0, from the end below 0, percent from 0 to 100."""
        first = -math.inf if measure == "from the end" else 0
        last = {"examples": math.inf, "percent": 100, "from the end": 0}[measure]
        start, stop = self.bounds
        return _position(start, first), _position(stop, last)


def parse(split: str) -> Slice:
    """Read a split whose form the schema has checked."""
    match = _SLICE.fullmatch(split)
    assert match is not None, split
    return Slice(match[1], (match[2] or "", match[3] or ""))


def is_empty(part: Slice) -> bool:
    """Whether it holds no example whatever the split's size."""
    measures = part.measures
    if len(measures) != 1:
        return False
    start, stop = part.interval(measures.pop())
    return start >= stop


def overlap(one: Slice, other: Slice) -> bool | None:
    """Whether two slices share examples; None where only the split's size could tell."""
    if one.split != other.split or is_empty(one) or is_empty(other):
        return False
    measures = one.measures | other.measures
    if not measures:
        return True
    if len(measures) > 1:
        return None
    measure = measures.pop()
    (a, b), (c, d) = one.interval(measure), other.interval(measure)
    return max(a, c) < min(b, d)


def _measure(bound: str) -> Measure:
    if bound.endswith("%"):
        return "percent"
    return "from the end" if bound.startswith("-") else "examples"


def _position(bound: str, otherwise: float) -> float:
    if not bound:
        return otherwise
    value = int(bound.rstrip("%"))
    return value + 100 if bound.endswith("%") and bound.startswith("-") else value
