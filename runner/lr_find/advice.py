"""What a range test suggests, and when it suggests nothing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runner.curves.types import Values
from runner.lr_find.sweep import Sweep, head, memory

_TAIL = 5
"""Points at the end that no rule looks at: there the loss is on its way out."""
_LEAST_POINTS = 5
_LEAST_FALL = 0.05
"""Share of the first loss that it must fall by."""
_LEAST_SIGNAL = 4.0
"""Deviations that it must fall by: the least of a hundred smoothed losses lies 2 to 3 below by chance alone."""
_LEAST_RISE = 0.1
"""Share of the fall that the loss must rise by again."""

_STAY = 10, "a tenth of the rate where the loss is least"
_PEAK = 3, "a third of the rate where the loss is least: a cycle peaks for a moment and with its least momentum"


@dataclass(frozen=True)
class Marks:
    """Learning rates that the rules point to."""

    steepest: float
    """Where the smoothed loss falls fastest."""
    valley: float
    """The middle of the longest chain of falling values."""
    minimum: float
    """Where the smoothed loss is least."""


@dataclass(frozen=True)
class Advice:
    """What to take from a sweep."""

    reason: str
    """Why this learning rate, or why none."""
    marks: Marks | None = None
    """None when the sweep does not show them."""
    learning_rate: float | None = None
    """The recommended one; None when there is no clear suggestion."""
    rule: str | None = None
    """Which of ``rules`` it is."""

    @property
    def rules(self) -> dict[str, float]:
        """What each rule suggests; empty when the sweep does not show it."""
        if self.marks is None:
            return {}
        minimum = self.marks.minimum
        tenth, third = minimum / _STAY[0], minimum / _PEAK[0]
        marks = {"steepest": self.marks.steepest, "valley": self.marks.valley}
        return marks | {"minimum/10": tenth, "minimum/3": third, "minimum": minimum}


def rounded(rate: float | None) -> float | None:
    """A suggestion in the two digits that it is worth."""
    return None if rate is None else float(f"{rate:.2g}")


def advise(sweep: Sweep, *, peak: bool = False) -> Advice:
    """Recommend η* / 10, η* being where the smoothed loss is least; η* / 3 for the peak of a cycle.

    The first tenth and the last five points are left out. There is no recommendation where the sweep is too
    short, where the loss does not fall by a twentieth, falls by less than four deviations of its noise or
    does not turn up again, and where the recommendation would be below the least rate tried.

    Args:
        sweep: one, or the median of several.
        peak: whether the schedule has the rate for a moment only, and with its least momentum.

    Source: A. Géron, Hands-On Machine Learning, chapter 11, for the tenth; L. Smith 2018 lets a cycle peak
    nearer to where the loss turns.
    """
    if len(_considered(sweep, sweep.loss)) < _LEAST_POINTS:
        return Advice(_too_short(sweep))
    lowest = int(np.argmin(_considered(sweep, sweep.smoothed)))
    doubt = _doubt(sweep, head(sweep.steps) + lowest)
    if doubt is not None:
        return Advice(doubt)
    marks = _marks(sweep, lowest)
    share, why = _PEAK if peak else _STAY
    wanted = marks.minimum / share
    if wanted < sweep.learning_rate[0]:
        return Advice(f"the loss turns up already at {marks.minimum:.2g}: begin with a smaller min_lr", marks)
    return Advice(why, marks, wanted, f"minimum/{share}")


def _considered(sweep: Sweep, values: Values) -> Values:
    """What the rules look at: not the first tenth, where little is learned, and not the last five points."""
    return values[head(sweep.steps) : len(values) - _TAIL]


def _too_short(sweep: Sweep) -> str:
    made = len(sweep.loss)
    rate = f", at a learning rate of {sweep.learning_rate[-1]:.2g}" if made else ""
    return f"too short: the loss was {sweep.stopped} after {made} of {sweep.steps} steps{rate}"


def _marks(sweep: Sweep, lowest: int) -> Marks:
    smoothed, rates = _considered(sweep, sweep.smoothed), _considered(sweep, sweep.learning_rate)
    steepest, valley = _steepest(smoothed[: lowest + 1], sweep.steps), _valley(smoothed)
    return Marks(float(rates[steepest]), float(rates[valley]), float(rates[lowest]))


def _doubt(sweep: Sweep, lowest: int) -> str | None:
    """Why the sweep does not show that its loss is least at step ``lowest``; None when it does."""
    first = slice(head(sweep.steps))
    start = float(np.average(sweep.loss[first], weights=sweep.weight[first]))
    least = float(sweep.smoothed[lowest])
    fall, noise = start - least, _noise(sweep, lowest)
    if fall <= 0:
        return f"the loss never falls below the {start:.3g} that it begins with"
    if fall < _LEAST_FALL * abs(start):
        return f"too flat: the loss falls by {fall / abs(start):.1%} only, from {start:.3g} to {least:.3g}"
    if fall < _LEAST_SIGNAL * noise:
        return f"too noisy: the loss falls by {fall:.3g}, where chance alone moves it by about {noise:.2g}"
    if sweep.stopped is None and sweep.smoothed[-1] - least < _LEAST_RISE * fall:
        return f"the loss does not turn up before {sweep.learning_rate[-1]:.2g}: go on to a larger max_lr"
    return None


def _noise(sweep: Sweep, lowest: int) -> float:
    """σ·√((1−β)/(1+β) + 1/h): the deviation of a smoothed loss from the mean of the first h, by chance alone.

    σ² of a whole batch is the mean of d²/(1/w + 1/w'), d the change between neighbours with weights w and w', which the
    curve's own fall hardly moves: with whole batches half the mean squared change.
    """
    beta = memory(sweep.steps)
    shares = 1 / sweep.weight[: lowest + 1]
    variance = np.mean(np.diff(sweep.loss[: lowest + 1]) ** 2 / (shares[1:] + shares[:-1]))
    return float(np.sqrt(variance * ((1 - beta) / (1 + beta) + 1 / head(sweep.steps))))


def _steepest(falling: Values, steps: int) -> int:
    """Index of the fastest fall per decade, taken over a fiftieth of the test to both sides."""
    reach = min(max(1, steps // 50), (len(falling) - 1) // 2)
    if reach == 0:
        return 0
    return reach + int(np.argmin(falling[2 * reach :] - falling[: -2 * reach]))


def _valley(smoothed: Values) -> int:
    """Index of the middle of the longest chain of falling values, not necessarily neighbours.

    Half of the chain's falls lie before it and half after. On a noisy plateau few values continue a chain, so
    that its middle lies within the descent. After fastai's ``valley``, which takes the chain to be unbroken.
    """
    before = np.full(len(smoothed), -1, dtype=np.intp)
    length = np.ones(len(smoothed), dtype=np.intp)
    for k in range(1, len(smoothed)):
        candidates: NDArray[np.intp] = np.where(smoothed[:k] > smoothed[k], length[:k], 0)
        longest = int(np.argmax(candidates))
        if candidates[longest]:
            before[k], length[k] = longest, candidates[longest] + 1
    place = int(np.argmax(length))
    for _ in range(int(length[place]) // 2):
        place = int(before[place])
    return place
