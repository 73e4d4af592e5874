"""Slices of a dataset's splits and their unions, compared without knowing how many examples there are.

They mean what they mean to tensorflow-datasets; ``runner.data.tfds.slices`` has the rest, where sizes are known.
"""

import math
import re
from functools import lru_cache
from typing import Literal, NamedTuple

_SLICE = re.compile(r"([a-z][a-z0-9_]*)(?:\[(-?[\d.]+%?)?:(-?[\d.]+%?)?\])?")
ALL = "all"
"""Name of the union of all splits."""
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


@lru_cache(1000)
def parse(split: str) -> tuple[Slice, ...]:
    """Read a split or a union of some, whose form the schema has checked."""
    return tuple(map(_sliced, re.split(r" *\+ *", split)))


def _sliced(split: str) -> Slice:
    match = _SLICE.fullmatch(split)
    assert match is not None, split
    start, stop = match[2] or "", match[3] or ""
    if "%" in start + stop:  # of both bounds, as in tensorflow-datasets
        start, stop = (bound and f"{bound.rstrip('%')}%" for bound in (start, stop))
    return Slice(match[1], (start, stop))


def length(parts: tuple[Slice, ...]) -> int | None:
    """Examples at most, where the bounds alone tell; None otherwise."""
    lengths = [part.length for part in parts]
    return None if None in lengths else sum(filter(None, lengths))


def mixed_bounds(split: str) -> str | None:
    """The first slice of which one bound alone is in percent; None when there is none."""
    found = re.findall(r"[a-z0-9_]+\[(?:-?[\d.]+%:-?\d+|-?\d+:-?[\d.]+%)\]", split)
    return found[0] if found else None


def is_empty(part: Slice) -> bool:
    """Whether it holds no example whatever the split's size."""
    measures = part.measures
    if len(measures) != 1:
        return False
    start, stop = part.interval(measures.pop())
    return start >= stop


def overlap(one: Slice, other: Slice) -> bool | None:
    """Whether two slices share examples; None where only the split's size could tell."""
    if ALL in (one.split, other.split) and not (is_empty(one) or is_empty(other)):
        return True
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


def unions_overlap(one: tuple[Slice, ...], other: tuple[Slice, ...]) -> bool | None:
    """Whether two unions share examples; None where only the splits' sizes could tell."""
    found = [overlap(a, b) for a in one for b in other]
    return True if True in found else None if None in found else False


def _measure(bound: str) -> Measure:
    if bound.endswith("%"):
        return "percent"
    return "from the end" if bound.startswith("-") else "examples"


def _position(bound: str, otherwise: float) -> float:
    if not bound:
        return otherwise
    value = float(bound.rstrip("%"))
    return value + 100 if bound.endswith("%") and bound.startswith("-") else value
