"""The suggestion of a range test, and the conditions under which there is none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runner.curves.types import Values
from runner.lr_find.sweep import Sweep, head, memory
from runner.numerals import short

_TAIL = 5
"""Number of points at the end that no rule considers, because the loss is already diverging."""
_LEAST_POINTS = 5
_LEAST_FALL = 0.05
"""Fraction of the first loss by which it must fall."""
_LEAST_SIGNAL = 4.0
"""Standard deviations by which it must fall; by chance, the minimum of 100 smoothed losses is 2 to 3 below."""
_LEAST_RISE = 0.1
"""Fraction of the fall by which the loss must rise again."""

_STAY = 10, "a tenth of the rate at the minimum of the loss"
_PEAK = 3, "a third of the rate at the minimum of the loss: a cycle peaks only briefly and with its lowest momentum"


@dataclass(frozen=True)
class Marks:
    """Learning rates found by the rules."""

    steepest: float
    """Rate at which the smoothed loss falls fastest."""
    valley: float
    """Rate in the middle of the longest chain of falling values."""
    minimum: float
    """Rate at which the smoothed loss is lowest."""


@dataclass(frozen=True)
class Advice:
    """The conclusion from a sweep."""

    reason: str
    """The reason for the learning rate, or for having none."""
    marks: Marks | None = None
    """The rates of the rules; None if the sweep does not show them."""
    learning_rate: float | None = None
    """The recommended learning rate; None if there is no clear suggestion."""
    rule: str | None = None
    """The rule that it comes from."""

    @property
    def rules(self) -> dict[str, float]:
        """The suggestion of each rule; empty if the sweep does not show any."""
        if self.marks is None:
            return {}
        minimum = self.marks.minimum
        tenth, third = minimum / _STAY[0], minimum / _PEAK[0]
        marks = {"steepest": self.marks.steepest, "valley": self.marks.valley}
        return marks | {"minimum/10": tenth, "minimum/3": third, "minimum": minimum}


def rounded(rate: float | None) -> float | None:
    """A suggestion rounded to two significant digits, which is its precision."""
    return None if rate is None else float(f"{rate:.2g}")


def advise(sweep: Sweep, *, peak: bool = False) -> Advice:
    """Recommend η* / 10, where η* is the rate at the minimum of the smoothed loss; η* / 3 for the peak of a cycle.

    The first tenth and the last five points are ignored. There is no recommendation if the sweep is too short, if the
    loss falls by less than a twentieth or by less than four standard deviations of its noise, if it does not rise
    again, or if the recommendation would be below the lowest rate tried.

    Args:
        sweep: a sweep, or the median of several.
        peak: whether the schedule reaches the rate only briefly, and with its lowest momentum.

    Source: A. Géron, Hands-On Machine Learning, chapter 11, for the tenth; L. Smith 2018 lets a cycle peak
    closer to the minimum.
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
        return Advice(f"the loss already rises at {short(marks.minimum, 2)}: start with a smaller min_lr", marks)
    return Advice(why, marks, wanted, f"minimum/{share}")


def _considered(sweep: Sweep, values: Values) -> Values:
    """The points that rules consider: without the first tenth, where little is learned, and the last five."""
    return values[head(sweep.steps) : len(values) - _TAIL]


def _too_short(sweep: Sweep) -> str:
    made = len(sweep.loss)
    rate = f", at a learning rate of {short(sweep.learning_rate[-1], 2)}" if made else ""
    return f"too short: the loss was {sweep.stopped} after {made} of {sweep.steps} steps{rate}"


def _marks(sweep: Sweep, lowest: int) -> Marks:
    smoothed, rates = _considered(sweep, sweep.smoothed), _considered(sweep, sweep.learning_rate)
    steepest, valley = _steepest(smoothed[: lowest + 1], sweep.steps), _valley(smoothed)
    return Marks(float(rates[steepest]), float(rates[valley]), float(rates[lowest]))


def _doubt(sweep: Sweep, lowest: int) -> str | None:
    """Why step ``lowest`` is not a clear minimum of the loss; None if it is."""
    first = slice(head(sweep.steps))
    start = float(np.average(sweep.loss[first], weights=sweep.weight[first]))
    least = float(sweep.smoothed[lowest])
    fall, noise = start - least, _noise(sweep, lowest)
    if fall <= 0:
        return f"the loss never falls below its initial value of {short(start)}"
    if fall < _LEAST_FALL * abs(start):
        return f"too flat: the loss falls by only {fall / abs(start):.1%}, from {short(start)} to {short(least)}"
    if fall < _LEAST_SIGNAL * noise:
        return f"too noisy: the loss falls by {short(fall)}, but noise alone changes it by about {short(noise, 2)}"
    if sweep.stopped is None and sweep.smoothed[-1] - least < _LEAST_RISE * fall:
        return f"the loss does not rise again up to {short(sweep.learning_rate[-1], 2)}: try a larger max_lr"
    return None


def _noise(sweep: Sweep, lowest: int) -> float:
    """σ·√((1−β)/(1+β) + 1/h): the standard deviation of a smoothed loss from the mean of the first h, due to noise.

    σ² of a full batch is the mean of d²/(1/w + 1/w'), where d is the change between neighbours with weights w and w';
    the trend of the curve hardly affects it. For full batches it is half the mean squared change.
    """
    beta = memory(sweep.steps)
    shares = 1 / sweep.weight[: lowest + 1]
    variance = np.mean(np.diff(sweep.loss[: lowest + 1]) ** 2 / (shares[1:] + shares[:-1]))
    return float(np.sqrt(variance * ((1 - beta) / (1 + beta) + 1 / head(sweep.steps))))


def _steepest(falling: Values, steps: int) -> int:
    """Index of the fastest fall per decade, measured over a fiftieth of the test on either side."""
    reach = min(max(1, steps // 50), (len(falling) - 1) // 2)
    if reach == 0:
        return 0
    return reach + int(np.argmin(falling[2 * reach :] - falling[: -2 * reach]))


def _valley(smoothed: Values) -> int:
    """Index of the middle of the longest chain of falling values, not necessarily neighbours.

    Half of the chain's falls are before it and half after. On a noisy plateau few values continue a chain, so its
    middle lies within the descent. Based on fastai's ``valley``, which assumes an unbroken chain.
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
