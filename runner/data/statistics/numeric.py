"""Statistics of a column of numbers, in float64 and in one pass."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass
class Moments:
    """Mean and variance of values that come a block at a time.

    Distances from the first value are summed, and blocks merged after Chan, Golub and LeVeque: values around 10⁹ whose
    spread is 10⁻³ keep the digits that float64 has of them. A mean of such values itself is rounded to 10⁻⁷, so that
    squares of distances from it would be of no use.

    Attributes:
        count: of values.
        missing: of NaN.
        first: value from which distances are taken.
        away: mean distance from it.
        squares: sum of the squared distances from the mean.
        low: the least value.
        high: the greatest value.
    """

    count: int = 0
    missing: int = 0
    first: float = 0.0
    away: float = 0.0
    squares: float = 0.0
    low: float = np.inf
    high: float = -np.inf

    def add(self, block: NDArray[Any]) -> None:
        """Take in a block; NaN stands for a missing value."""
        whole = np.asarray(block, np.float64)
        values = whole[~np.isnan(whole)]
        self.missing += len(whole) - len(values)
        if not len(values):
            return
        self.low, self.high = min(self.low, float(values.min())), max(self.high, float(values.max()))
        if self.count == 0:
            self.first = float(values[0])
        with np.errstate(over="ignore", invalid="ignore"):  # a variance beyond float64 is refused where it is used
            self._merge(values - self.first)

    def _merge(self, distances: Numbers) -> None:
        away = float(np.mean(distances))
        rest = distances - away
        squares = max(float(np.sum(rest**2) - np.sum(rest) ** 2 / len(rest)), 0.0)
        apart, count = away - self.away, self.count + len(rest)
        self.squares += squares + apart * apart * self.count * len(rest) / count
        self.away += apart * len(rest) / count
        self.count = count

    @property
    def mean(self) -> float:
        """Of the values; 0 without any."""
        return self.first + self.away

    @property
    def variance(self) -> float:
        """Mean of the squared distances from the mean; 0 without values."""
        return self.squares / self.count if self.count else 0.0

    @property
    def constant(self) -> bool:
        """Whether all values are the same, or there are none."""
        return self.low >= self.high


@dataclass
class NumberStatistics:
    """All that is asked of a column; the values themselves are kept (8 bytes each) for exact quantiles and the mode.

    Args:
        ranked: whether quantiles or the mode will be asked for.
    """

    ranked: bool = False
    moments: Moments = field(default_factory=Moments)
    _blocks: list[Numbers] = field(default_factory=list)

    def add(self, block: NDArray[Any]) -> None:
        """Take in a block; NaN stands for a missing value."""
        self.moments.add(block)
        if self.ranked:
            whole = np.asarray(block, np.float64)
            self._blocks.append(whole[~np.isnan(whole)])

    def values(self) -> Numbers:
        """All values that were not missing, in their order."""
        if not self.ranked:
            raise ValueError("quantiles and the mode need NumberStatistics(ranked=True)")
        self._blocks = [np.concatenate(self._blocks)] if self._blocks else [np.empty(0)]
        return self._blocks[0]

    def quantiles(self, *shares: float) -> tuple[float, ...]:
        """Values below which a share of the values lies, linear between neighbours, as NumPy's default."""
        return tuple(float(value) for value in np.quantile(self.values(), shares))

    @property
    def median(self) -> float:
        """The middle value, or the mean of the two."""
        return self.quantiles(0.5)[0]

    @property
    def mode(self) -> float:
        """The most frequent value; of equals the least."""
        values, counts = np.unique(self.values(), return_counts=True)
        return float(values[np.argmax(counts)])
