"""Values of a column, from the strings or numbers of a file; what cannot be one is named."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from runner.data.tables.number_form import PLAIN, NumberForm

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_DAY = r"^(\d{4})[-/](\d{2})[-/](\d{2})"
_EXACT = float(1 << 53)
"""Beyond it not every integer is a float64."""
_INSTANT = pa.timestamp("us")


@dataclass(frozen=True)
class Fault:
    """The first value of a batch that cannot be what the column holds.

    Attributes:
        row: of the batch, from 0.
        reason: such as ``'eight' is not a number``.
    """

    row: int
    reason: str


@dataclass(frozen=True)
class Values:
    """A batch of a column.

    Attributes:
        array: Arrow array, null where a value is missing or cannot be used.
        fault: the first that cannot be used.
        faults: how many cannot be used.
    """

    array: Any
    fault: Fault | None = None
    faults: int = 0


def with_missing(array: Any, missing: Any) -> Any:
    """The array, null where a string stands for a missing value or a number is NaN.

    Args:
        array: of the file; dictionaries are opened, truth values become words.
        missing: strings that stand for a missing value.
    """
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_null(array.type):
        return array.cast(pa.string())
    if pa.types.is_boolean(array.type) or is_text(array):
        array = array.cast(pa.string())
        absent = pc.is_in(pc.utf8_trim_whitespace(array), value_set=missing)
        return pc.if_else(absent, pa.scalar(None, pa.string()), array) if pc.any(absent).as_py() else array
    if pa.types.is_floating(array.type):
        return pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    return array


def is_text(array: Any) -> bool:
    """Whether the array holds strings."""
    return kind_of(array.type) == "text"


def kind_of(stored: Any) -> str:
    """What a file's own type is good for: ``text``, ``number``, ``date``, ``truth``, ``none`` or ``other``."""
    if pa.types.is_dictionary(stored):
        return kind_of(stored.value_type)
    if pa.types.is_string(stored) or pa.types.is_large_string(stored) or pa.types.is_string_view(stored):
        return "text"
    if pa.types.is_integer(stored) or pa.types.is_floating(stored) or pa.types.is_decimal(stored):
        return "number"
    if pa.types.is_date(stored) or pa.types.is_timestamp(stored):
        return "date"
    return "truth" if pa.types.is_boolean(stored) else "none" if pa.types.is_null(stored) else "other"


def numbers(array: Any, form: NumberForm = PLAIN) -> Values:
    """As float64. A value that is not finite, or an integer that float64 cannot hold, cannot be used.

    Args:
        array: numbers, or strings.
        form: how strings write numbers.
    """
    if not is_text(array):
        return _checked(array, _floats(array))
    trimmed = form.plain(pc.utf8_trim_whitespace(array))
    try:
        return _checked(trimmed, trimmed.cast(pa.float64()))
    except pa.ArrowInvalid:
        usable = pc.match_substring_regex(trimmed, _NUMBER)
        kept = pc.if_else(usable, trimmed, pa.scalar(None, pa.string()))
        rest = _checked(kept, kept.cast(pa.float64()))
        return _merged(_refused(array, pc.invert(usable), "is not a number"), rest)


def _floats(array: Any) -> Any:
    if kind_of(array.type) == "number":
        return array.cast(pa.float64(), safe=False)
    raise TypeError(f"{array.type} holds no numbers")


def _checked(source: Any, found: Any) -> Values:
    """Refuse what is too large, and integers that lose digits."""
    endless = _refused(source, pc.invert(pc.is_finite(found)), "is beyond the range of a number (1.8e308)")
    large = pc.greater_equal(pc.abs(found), _EXACT).fill_null(False)
    lost = [row for row in np.flatnonzero(large.to_numpy(zero_copy_only=False)) if _loses(source[row], found[row])]
    mask = np.zeros(len(found), bool)
    mask[lost] = True
    rounded = _refused(source, pa.array(mask), "is an integer with more digits than a number keeps")
    merged = _merged(endless, rounded)
    if not merged.faults:
        return Values(found)
    bad = pc.or_(pc.invert(pc.is_finite(found)).fill_null(False), pa.array(mask))
    return Values(pc.if_else(bad, pa.scalar(None, pa.float64()), found), merged.fault, merged.faults)


def _loses(source: Any, found: Any) -> bool:
    """Whether an integer is another one as float64."""
    value, number = source.as_py(), found.as_py()
    try:
        return np.isfinite(number) and int(value) != int(number)
    except ValueError:  # not written as an integer
        return False


def _refused(source: Any, mask: Any, reason: str) -> Values:
    rows = np.flatnonzero(mask.fill_null(False).to_numpy(zero_copy_only=False))
    if not len(rows):
        return Values(None)
    row = int(rows[0])
    return Values(None, Fault(row, f"{_shown(source[row].as_py())} {reason}"), len(rows))


def _merged(one: Values, other: Values) -> Values:
    faults = [values.fault for values in (one, other) if values.fault is not None]
    first = min(faults, key=lambda fault: fault.row, default=None)
    return Values(other.array, first, one.faults + other.faults)


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


def dates(array: Any, form: str | None = None) -> Values:
    """As moments in microseconds, without a time zone.

    Args:
        array: strings in ISO 8601 or in ``form``, or Arrow's dates and moments.
        form: as ``strptime`` has it.
    """
    if not is_text(array):
        return Values(array.cast(_INSTANT, safe=False))
    trimmed = pc.utf8_trim_whitespace(array)
    found = _of_form(trimmed, form) if form else _iso(trimmed)
    wrong = pc.and_(pc.is_valid(trimmed), pc.is_null(found))
    refused = _refused(array, wrong, f"is not a date {f'of the form {form}' if form else 'such as 2026-11-27'}")
    return Values(found, refused.fault, refused.faults)


def _of_form(trimmed: Any, form: str) -> Any:
    """By ``strptime``, which takes 31 April for 1 May: days that a month does not have are found once more."""
    found = pc.strptime(trimmed, form, "us", error_is_null=True)
    carried = pc.and_(pc.less_equal(pc.day(found), 3), pc.match_substring_regex(trimmed, "29|3[01]"))
    rows = np.flatnonzero(carried.fill_null(False).to_numpy(zero_copy_only=False))
    plain = _expanded(form)
    wrong = np.zeros(len(found), bool)
    wrong[[row for row in rows if not _is_date(trimmed[int(row)].as_py(), plain)]] = True
    return pc.if_else(pa.array(wrong), pa.scalar(None, _INSTANT), found) if wrong.any() else found


def _expanded(form: str) -> str:
    """With the directives that C has and Python has not."""
    longer = {"%F": "%Y-%m-%d", "%D": "%m/%d/%y", "%T": "%H:%M:%S", "%R": "%H:%M", "%e": "%d", "%h": "%b"}
    return re.sub("%.", lambda found: longer.get(found[0], found[0]), form)


def _is_date(text: str, form: str) -> bool:
    """Whether the month has the day; a format that Python does not know says nothing."""
    try:
        datetime.strptime(text, form)
    except ValueError as error:
        return "day is out of range" not in str(error)
    return True


def date_words(moments: Any, form: str | None = None) -> Any:
    """Moments as texts that :func:`dates` reads: ISO 8601, or in ``form``; null stays null."""
    found = pa.array(moments, _INSTANT) if not isinstance(moments, pa.Array | pa.ChunkedArray) else moments
    return found.cast(pa.string()) if form is None else pc.strftime(found.cast(pa.timestamp("s"), safe=False), form)


def _iso(trimmed: Any) -> Any:
    """ISO 8601 with ``-`` or ``/`` in the date; a time zone is taken into account."""
    likely = pc.match_substring_regex(trimmed, _DAY)
    plain = pc.replace_substring_regex(trimmed, _DAY, r"\1-\2-\3")
    plain = pc.if_else(likely, plain, pa.scalar(None, pa.string()))
    for kind in (_INSTANT, pa.timestamp("us", "UTC")):
        try:
            return plain.cast(kind).cast(_INSTANT)
        except pa.ArrowInvalid:
            continue
    return pa.array([_moment(text) for text in plain.to_pylist()], _INSTANT)


def _moment(text: str | None) -> Any:
    """One value; None where it is no moment."""
    for kind in (_INSTANT, pa.timestamp("us", "UTC")):
        try:
            return pa.scalar(text, pa.string()).cast(kind).cast(_INSTANT).as_py()
        except pa.ArrowInvalid:
            continue
    return None
