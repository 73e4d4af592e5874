"""A search: ranges of a recipe's fields, and how trials are drawn from them."""

import math
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node
from schemas.quantities import MetricName

MOST_TRIALS = 1000
"""Trials that a sweep may have."""

FieldPath = Annotated[str, StringConstraints(pattern=r"^[a-z][A-Za-z0-9_]{0,63}(?:\.[A-Za-z0-9_]{1,64}){0,15}$")]
"""Path of a field as ``--set`` takes it: ``model.layers.0.units``."""
Ends = Annotated[Items[float], Field(min_length=2, max_length=2)]
"""Least and largest value of a range; both belong to it."""
WholeEnds = Annotated[Items[Annotated[int, Field(ge=-(10**9), le=10**9)]], Field(min_length=2, max_length=2)]
"""Least and largest whole number of a range; both belong to it."""
Scalar = bool | int | float | Annotated[str, Field(max_length=200)]


class Range(Node):
    """The values that a sweep tries for one field: ``log``, ``linear``, ``int`` or ``choice``."""

    log: Ends | None = None
    """A range of numbers in which every order of magnitude is tried equally often: ``[1e-4, 1e-1]``."""
    linear: Ends | None = None
    """A range of numbers, all tried equally often: ``[0.0, 0.5]``."""
    whole: WholeEnds | None = Field(default=None, alias="int")
    """A range of whole numbers: ``[16, 128]``."""
    choice: Annotated[Items[Scalar], Field(min_length=1, max_length=100)] | None = None
    """A list of values without an order, such as words."""
    step: Annotated[int, Field(ge=1, le=10**9)] | None = None
    """Distance between two whole numbers; by default 1."""
    points: Annotated[int, Field(ge=2, le=MOST_TRIALS)] | None = None
    """Number of values that a grid takes from ``log`` or ``linear``, including both ends."""

    @property
    def form(self) -> str:
        """The key that says which values; of several the first."""
        return next(iter(self.forms), "")

    @property
    def forms(self) -> tuple[str, ...]:
        """The keys that say which values; a valid range has one."""
        given = {"log": self.log, "linear": self.linear, "int": self.whole, "choice": self.choice}
        return tuple(name for name, values in given.items() if values is not None)

    @property
    def ends(self) -> tuple[Scalar, ...]:
        """The values that are written: two ends, or all choices."""
        return next((given for given in (self.log, self.linear, self.whole, self.choice) if given is not None), ())

    def values(self) -> tuple[Scalar, ...] | None:
        """All values that a grid takes, in order; None where a range has too many of them.

        >>> Range(log=(0.01, 1.0), points=3).values()
        (0.01, 0.1, 1.0)
        >>> Range(int=(16, 50), step=16).values()
        (16, 32, 48)
        """
        if self.choice is not None:
            return self.choice
        if self.whole is not None:
            numbers = range(self.whole[0], self.whole[1] + 1, self.step or 1)
            return tuple(numbers) if len(numbers) <= MOST_TRIALS else None
        if self.points is None:
            return None
        return tuple(self.at(k / (self.points - 1)) for k in range(self.points))

    def at(self, share: float) -> float:
        """The number of ``log`` or ``linear`` at a share of the way from the low to the high end, in 6 digits."""
        low, high = self.log or self.linear or (0.0, 0.0)
        middle = low * (high / low) ** share if self.log is not None else low + (high - low) * share
        return self.rounded(middle)

    def rounded(self, number: float) -> float:
        """A number of ``log`` or ``linear`` in 6 significant digits, so that a recipe reads well; never outside."""
        low, high = self.log or self.linear or (-math.inf, math.inf)
        return min(max(float(f"{number:.6g}"), low), high)


class Sweep(Node):
    """A search for the values with the best result; each trial is a run. ``recipe sweep`` makes it."""

    objective: MetricName
    """The validation result to improve: ``val_accuracy``. Lower losses and errors are better. For a recipe with
    ``repeat``, it is the mean over a trial's runs."""
    ranges: Annotated[dict[FieldPath, Range], Field(max_length=20)]
    """The fields to vary, by their paths as in ``--set``, with their values."""
    sampler: Literal["tpe", "random", "grid"] = "tpe"
    """How values are chosen: from the results of earlier trials (Bergstra et al. 2011), at random, or each combination
    once."""
    trials: Annotated[int, Field(ge=1, le=MOST_TRIALS)] | None = None
    """Number of trials, including pruned and failed ones; a larger number later continues the sweep. A grid has as many
    trials as combinations."""
    pruner: Literal["none", "median", "hyperband"] = "none"
    """Which trials end early: none; those that are worse than the median of the others after the same number of epochs;
    or by Hyperband (Li et al. 2018). A trial that ended early keeps its checkpoint; `recipe resume` continues it."""

    @property
    def combinations(self) -> int | None:
        """Number of combinations of a grid; None where a range has no list of values."""
        values = [each.values() for each in self.ranges.values()]
        return math.prod(len(each) for each in values if each is not None) if None not in values else None

    @property
    def planned(self) -> int:
        """How many trials there are to be."""
        return (self.combinations if self.sampler == "grid" else self.trials) or 0
