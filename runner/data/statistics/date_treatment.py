"""How dates reach the model: as numbers, scaled or on a circle."""

from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from runner.data.statistics.date_parts import CYCLES, part_of
from runner.data.statistics.number_treatment import FittedNumber, NumberTreatment, fit_number
from runner.data.statistics.numeric import NumberStatistics
from runner.errors import DataError
from schemas.table_data import CyclicPart, DatePart


@dataclass(frozen=True)
class DateTreatment:
    """What a recipe asks for.

    Attributes:
        parts: that are a number each.
        cyclic: that are two each, sin and cos.
        number: of each of ``parts``: how a missing one is filled, and the scale.
        indicator: whether a further feature says where a date was missing.
    """

    parts: tuple[DatePart, ...]
    cyclic: tuple[CyclicPart, ...]
    number: NumberTreatment
    indicator: bool = False

    @property
    def missing(self) -> str:
        """What takes the place of a missing date; ``drop``: rows without one are not used."""
        return self.number.missing


@dataclass(frozen=True)
class FittedCycle:
    """A part on a circle: sin and cos of 2π · (x − first)/period, both 0 where the date is missing."""

    name: CyclicPart
    first: float
    period: float

    def apply(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Features of values, NaN where one is missing, in the shape ``(n, 2)``."""
        angle = (values - self.first) * (2 * np.pi / self.period)
        pair = np.stack([np.sin(angle), np.cos(angle)], axis=1)
        features: NDArray[np.float32] = np.nan_to_num(pair, nan=0.0).astype(np.float32)
        return features


@dataclass(frozen=True)
class FittedDate:
    """What was learnt of the training part.

    Attributes:
        name: of the column.
        numbers: what was learnt of each part that is a number.
        cycles: parts on circles.
        indicator: whether a further feature, the last, says where a date was missing.
        needed: whether rows without a date are dropped.
        missing: dates that the training part lacked.
        dropped: parts that had one value in the training part.
    """

    name: str
    numbers: tuple[FittedNumber, ...]
    cycles: tuple[FittedCycle, ...]
    indicator: bool
    needed: bool
    missing: int
    dropped: tuple[DatePart, ...] = ()

    @property
    def parts(self) -> tuple[DatePart, ...]:
        """What the model's input has of a date: a number for each."""
        return (*(cast("DatePart", one.name) for one in self.numbers), *(one.name for one in self.cycles))

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.numbers) + 2 * len(self.cycles) + self.indicator

    def stored(self, moments: NDArray[Any]) -> NDArray[np.float32]:
        """The parts, NaN where a date is missing, in the shape ``(n, parts)``; float32 holds each exactly."""
        return np.stack([part_of(moments, part) for part in self.parts], axis=1).astype(np.float32)

    def apply(self, moments: NDArray[Any]) -> NDArray[np.float32]:
        """Features in the shape ``(n, width)``."""
        absent = np.isnat(moments)
        if self.needed and absent.any():
            raise DataError(f"column {self.name!r}: row {int(np.argmax(absent)) + 1:,} of these has no value")
        features = [one.apply(part_of(moments, part)) for part, one in zip(self.parts, self._all, strict=True)]
        signs = [absent[:, None].astype(np.float32)] if self.indicator else []
        return np.concatenate([*features, *signs], axis=1)

    @property
    def _all(self) -> tuple[FittedNumber | FittedCycle, ...]:
        return (*self.numbers, *self.cycles)


@dataclass
class DateStatistics:
    """Statistics of every part of dates that come a block at a time."""

    treatment: DateTreatment
    rows: int = 0
    missing: int = 0
    parts: dict[DatePart, NumberStatistics] = field(init=False)

    def __post_init__(self) -> None:
        named = dict.fromkeys((*self.treatment.parts, *self.treatment.cyclic))
        self.parts = {part: NumberStatistics(self.treatment.number.ranked) for part in named}

    def add(self, moments: NDArray[Any]) -> None:
        """Take in a block; NaT stands for a missing date."""
        self.rows += len(moments)
        self.missing += int(np.isnat(moments).sum())
        for part, found in self.parts.items():
            found.add(part_of(moments, part))


def fit_date(name: str, found: DateStatistics, treatment: DateTreatment) -> FittedDate:
    """Learn a treatment from the dates of the training part; parts that say nothing of them are left out.

    Raises:
        DataError: there is no date to learn from.
    """
    if found.missing == found.rows:
        raise DataError(f"column {name!r} has no value in the training part", "declare it `type: ignore`")
    constant = {part for part, seen in found.parts.items() if seen.moments.constant}
    numbers = [
        fit_number(part, found.parts[part], treatment.number) for part in treatment.parts if part not in constant
    ]
    cycles = [FittedCycle(part, *CYCLES[part]) for part in treatment.cyclic if part not in constant]
    return FittedDate(
        name,
        tuple(numbers),
        tuple(cycles),
        treatment.indicator,
        treatment.missing == "drop",
        found.missing,
        tuple(part for part in found.parts if part in constant),
    )
