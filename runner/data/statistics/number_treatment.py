"""How numbers reach the model: missing values filled, scaled, and a sign where one was missing."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from runner.data.statistics.numeric import Moments, Numbers, NumberStatistics
from runner.errors import DataError

Fill = Literal["mean", "median", "mode", "constant", "drop"]
Scale = Literal["standard", "minmax", "log1p", "none"]


@dataclass(frozen=True)
class NumberTreatment:
    """What a recipe asks for.

    Attributes:
        missing: what takes the place of a missing value; ``drop``: rows without one are not used.
        constant: the value of ``missing: constant``.
        indicator: whether a second feature says where a value was missing.
        scale: ``standard`` to mean 0 and variance 1, ``minmax`` to 0 … 1, ``log1p`` to log(1 + x).
        clip: shares of the values, such as (0.01, 0.99), whose quantiles bound the values before they are scaled.
    """

    missing: Fill = "mean"
    constant: float = 0.0
    indicator: bool = False
    scale: Scale = "standard"
    clip: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.clip is not None and not 0 <= self.clip[0] < self.clip[1] <= 1:
            raise DataError(f"clip takes two rising shares between 0 and 1, got {self.clip[0]:g} and {self.clip[1]:g}")
        if not np.isfinite(self.constant):
            raise DataError(f"a constant for missing values is a finite number, got {self.constant:g}")

    @property
    def ranked(self) -> bool:
        """Whether it needs quantiles or the mode."""
        return self.missing in ("median", "mode") or self.clip is not None


@dataclass(frozen=True)
class FittedNumber:
    """What was learnt of the training part; (x − offset) · factor after filling, clipping and log1p.

    Attributes:
        name: of the column.
        fill: in the place of a missing value; None: rows without one are dropped.
        low: least value that is let through.
        high: greatest value that is let through.
        log: whether log(1 + x) is taken.
        offset: that is subtracted.
        factor: that is multiplied; 1 for a constant column, which then is 0 and not huge.
        indicator: whether a second feature says where a value was missing.
        constant: whether all values of the training part were the same.
        missing: values that the training part lacked.
    """

    name: str
    fill: float | None
    low: float
    high: float
    log: bool
    offset: float
    factor: float
    indicator: bool
    constant: bool
    missing: int

    def apply(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Features of values, NaN where one is missing, in the shape ``(n, 1)``, or ``(n, 2)`` with the indicator."""
        whole = np.asarray(values, np.float64)
        absent = np.isnan(whole)
        if self.fill is None and absent.any():
            raise DataError(f"column {self.name!r}: row {int(np.argmax(absent)) + 1:,} of these has no value")
        filled = np.clip(np.where(absent, self.fill, whole) if self.fill is not None else whole, self.low, self.high)
        scaled = ((_log1p(self.name, filled) if self.log else filled) - self.offset) * self.factor
        columns = [scaled, absent] if self.indicator else [scaled]
        return np.stack(columns, axis=1).astype(np.float32)


def fit_number(name: str, found: NumberStatistics, treatment: NumberTreatment) -> FittedNumber:
    """Learn a treatment from the statistics of the training part.

    Raises:
        DataError: there is no value to learn from, or a logarithm of what has none.
    """
    moments = found.moments
    if moments.count == 0:
        raise DataError(f"column {name!r} has no value in the training part", "declare it `type: ignore`")
    low, high = found.quantiles(*treatment.clip) if treatment.clip else (-np.inf, np.inf)
    log = treatment.scale == "log1p"
    if log and max(moments.low, low) <= -1:
        raise DataError(
            f"column {name!r} has {max(moments.low, low):g}; log1p takes values above -1",
            "scale it otherwise: standard, minmax",
        )
    fill = _fill(found, treatment)
    _check_fill(name, fill, log)
    clipped = Moments()
    if treatment.clip:
        clipped.add(np.clip(found.values(), low, high))
    seen = clipped if treatment.clip else moments
    if not np.isfinite(seen.variance):
        raise DataError(f"column {name!r} has values up to {max(-seen.low, seen.high):g}, too large to be scaled")
    offset, factor = _scale(seen, treatment.scale)
    return FittedNumber(name, fill, low, high, log, offset, factor, treatment.indicator, seen.constant, moments.missing)


def _fill(found: NumberStatistics, treatment: NumberTreatment) -> float | None:
    match treatment.missing:
        case "drop":
            return None
        case "constant":
            return treatment.constant
        case "mean":
            return found.moments.mean
        case "median":
            return found.median
        case "mode":
            return found.mode


def _check_fill(name: str, fill: float | None, log: bool) -> None:
    if log and fill is not None and fill <= -1:
        raise DataError(
            f"column {name!r}: the constant {fill:g} for missing values has no log1p, which begins above -1"
        )


def _scale(seen: Moments, scale: Scale) -> tuple[float, float]:
    """Offset and factor; a constant column has the factor 1."""
    if scale == "standard":
        return seen.mean, 1.0 if seen.constant or seen.variance == 0 else float(1 / np.sqrt(seen.variance))
    if scale == "minmax":
        return seen.low, 1.0 if seen.constant else 1 / (seen.high - seen.low)
    return 0.0, 1.0


def _log1p(name: str, values: Numbers) -> Numbers:
    if values.min(initial=0.0) <= -1:
        raise DataError(
            f"column {name!r} has {values.min():g}; log1p takes values above -1", "clip it, or scale it otherwise"
        )
    result: Numbers = np.log1p(values)
    return result
