"""Dates as they stand in a file, read by operations that plain Keras saves and opens."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from schemas.date_format import ISO_FIELDS, DateField, date_fields
from schemas.table_data import DatePart

CHARACTERS = "date_characters"
"""How the layers are called that take a date's text apart, with a number behind it."""
_LONGEST = 40
"""Characters of a date that are looked at."""
_ZERO, _PLUS, _MINUS = 2, 12, 13
"""Codes of characters: 0 follows the end, 1 is any other."""
_SYMBOLS = [*"0123456789+-"]
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int32)
_DAY = 24 * 60


def parts_of_text(texts: Any, form: str | None, parts: Sequence[DatePart], number: int) -> Any:
    """Parts of dates, NaN where a text is no date, in the shape ``(n, parts)``.

    The k-th group of digits is the field that the format has there. What is not looked at is what stands between
    them, so that a text is taken for a date that reading a file refuses, such as ``2026_11_27``.

    Args:
        texts: strings in the shape ``(n, 1)``.
        form: as ``strptime`` has it, of numbers alone; None: ISO 8601.
        parts: that are wanted.
        number: of the column, for the layer's name.
    """
    codes = keras.layers.TextVectorization(
        standardize=None,
        split="character",
        output_mode="int",
        output_sequence_length=_LONGEST,
        vocabulary=_SYMBOLS,
        name=f"{CHARACTERS}_{number}",
    )(texts)
    text = _Digits(ops.cast(codes, "int32"), zoned=form is None)
    valid, days, minute = _moment({field.unit: text.value(field) for field in _fields(form)}, text.zone)
    found = _parts(days, minute)
    whole = ops.stack([ops.cast(found[part], "float32") for part in parts], axis=1)
    return ops.where(ops.expand_dims(valid, 1), whole, np.float32("nan"))


def _fields(form: str | None) -> tuple[DateField, ...]:
    return ISO_FIELDS if form is None else date_fields(form)


class _Digits:
    """The groups of digits of texts, as codes of characters ``(n, length)``.

    Args:
        codes: of the characters.
        zoned: whether a sign after the third group begins a time zone.
    """

    def __init__(self, codes: Any, *, zoned: bool) -> None:
        digit = ops.logical_and(ops.greater_equal(codes, _ZERO), ops.less(codes, _PLUS))
        starts = _number(ops.logical_and(digit, ops.logical_not(_shifted(digit))))
        self._group = ops.cumsum(starts, axis=1)
        self._digits = ops.where(digit, codes - _ZERO, 0)
        self._here = _number(digit)
        self.zone: Any = 0
        if zoned:
            self._cut_zone(codes)

    def _cut_zone(self, codes: Any) -> None:
        """Minutes of a time zone such as ``+02:00``, and the digits before it."""
        late = _number(ops.greater(self._group, 3))
        plus, minus = _number(ops.equal(codes, _PLUS)) * late, _number(ops.equal(codes, _MINUS)) * late
        after = ops.minimum(ops.cumsum(plus + minus, axis=1), 1)
        behind = self._here * after
        hours, minutes = (self._read(behind, start, 2) for start in (0, 2))
        self.zone = ops.sum(plus - minus, axis=1) * (60 * hours + minutes)
        self._here = self._here * (1 - after)

    def value(self, field: DateField) -> Any:
        """A field's number, 0 where it is not there, in the shape ``(n,)``."""
        return self._read(self._here * _number(ops.equal(self._group, field.group)), field.start, field.width)

    def _read(self, mask: Any, start: int, width: int) -> Any:
        """The number of the mask's digits ``start … start + width - 1``."""
        place = ops.cumsum(mask, axis=1)
        inside = ops.logical_and(ops.greater(place, start), ops.less_equal(place, start + width))
        taken = mask * _number(inside)
        later = ops.expand_dims(ops.sum(taken, axis=1), 1) - ops.cumsum(taken, axis=1)
        power = sum(_number(ops.equal(later, k)) * 10**k for k in range(width))
        return ops.sum(taken * self._digits * power, axis=1)


def _number(truth: Any) -> Any:
    return ops.cast(truth, "int32")


def _shifted(truth: Any) -> Any:
    """What stood one place before; nothing before the first."""
    return ops.pad(truth[:, :-1], [[0, 0], [1, 0]], constant_values=False)


def _moment(units: Mapping[str, Any], zone: Any) -> tuple[Any, Any, Any]:
    """Whether there is a date, days since 1970-01-01, and the minute of the day; in UTC."""
    year, month, day = _year(units), units["m"], units["d"]
    last = ops.take(_MONTH_DAYS, ops.clip(month, 0, 12)) + _leap(year) * _number(ops.equal(month, 2))
    valid = ops.logical_and(ops.greater(day, 0), ops.logical_and(ops.less_equal(day, last), ops.less(month, 13)))
    second = _number(ops.equal(units["S"], 60)) if "S" in units else 0  # a leap second is the next minute's first
    minutes = 60 * units.get("H", 0) + units.get("M", 0) + second - zone
    minutes = minutes + ops.zeros_like(year)
    carried = ops.floor_divide(minutes, _DAY)
    return valid, _days(year, month, day) + carried, minutes - carried * _DAY


def _year(units: Mapping[str, Any]) -> Any:
    """Of two digits those below 69 are of this century, as in POSIX."""
    if "Y" in units:
        return units["Y"]
    return units["y"] + 1900 + 100 * _number(ops.less(units["y"], 69))


def _leap(year: Any) -> Any:
    def divides(by: int) -> Any:
        return _number(ops.equal(ops.mod(year, by), 0))

    return divides(4) - divides(100) + divides(400)


def _days(year: Any, month: Any, day: Any) -> Any:
    """Days since 1970-01-01 of a date of the Gregorian calendar.

    Years begin in March, so that the leap day is a year's last: with y years and m = 0 for March it is day
    365·y + ⌊y/4⌋ − ⌊y/100⌋ + ⌊y/400⌋ + ⌊(153·m + 2)/5⌋ + d − 1, counted from 1 March of the year 0.
    """
    early = _number(ops.less_equal(month, 2))
    y, m = year - early, month + 12 * early - 3
    leaps = ops.floor_divide(y, 4) - ops.floor_divide(y, 100) + ops.floor_divide(y, 400)
    return 365 * y + leaps + ops.floor_divide(153 * m + 2, 5) + day - 1 - 719468


def _civil(days: Any) -> tuple[Any, Any, Any]:
    """Year, month and day of days since 1970-01-01: the inverse, by eras of 400 years or 146,097 days."""
    z = days + 719468
    era = ops.floor_divide(z, 146097)
    of_era = z - era * 146097
    leaps = ops.floor_divide(of_era, 1460) - ops.floor_divide(of_era, 36524) + ops.floor_divide(of_era, 146096)
    y = ops.floor_divide(of_era - leaps, 365)
    of_year = of_era - (365 * y + ops.floor_divide(y, 4) - ops.floor_divide(y, 100))
    m = ops.floor_divide(5 * of_year + 2, 153)
    late = _number(ops.greater_equal(m, 10))
    return y + era * 400 + late, m + 3 - 12 * late, of_year - ops.floor_divide(153 * m + 2, 5) + 1


def _parts(days: Any, minute: Any) -> Mapping[DatePart, Any]:
    year, month, day = _civil(days)
    return {
        "year": year,
        "month": month,
        "day": day,
        "weekday": ops.mod(days + 3, 7) + 1,
        "yearday": days - _days(year, ops.ones_like(year), 1) + 1,
        "hour": ops.floor_divide(minute, 60),
        "minute": ops.mod(minute, 60),
        "days": days,
    }
