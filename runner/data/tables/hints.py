"""What values that were read as words most likely are: numbers with other marks, units or placeholders; dates."""

import re
from collections.abc import Sequence

import pyarrow as pa

from runner.data.tables.column_values import dates, numbers
from runner.data.tables.number_form import NumberForm

_MARKS = ((".", ","), (",", None), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'"))
_NUMBERS = tuple(NumberForm(decimal, thousands) for decimal, thousands in _MARKS)
"""In this order: with a comma before three digits each, ``1,234``, it divides thousands."""
_DAYS = ("%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%Y%m%d", "%Y.%m.%d")
_DATES = tuple(day + time for day in _DAYS for time in ("", " %H:%M", " %H:%M:%S"))
LEAST = 5
"""Values from which a form is no accident."""
_CURRENCY = r"[$€£¥₹]|USD|EUR|GBP|CHF|JPY|INR"
_MEASURED = re.compile(
    rf"(?P<before>{_CURRENCY})?\s*[+-]?\d[\d.,']*(?:[eE][+-]?\d+)?\s*"
    rf"(?P<after>{_CURRENCY}|%|°|[A-Za-zµμΩ°²³][\w/^²³·*%°-]{{0,9}})?"
)
"""A number with a unit or a currency."""
_UNITS, _PLACEHOLDERS = 2, 3
"""Different ones in a column at most; a column with more is rather one of names and codes."""


def hint(words: Sequence[str]) -> str:
    """What to do so that the words are read as numbers or dates; empty where they are most likely words.

    Args:
        words: values of a column that are not all numbers or dates in the forms that files have by default.
    """
    if len(words) < LEAST:
        return ""
    if not all(any(letter.isdigit() for letter in word) for word in words):
        return _placeholders(words)
    array = pa.array(words, pa.string())
    form = next((form for form in _NUMBERS if not numbers(array, form).faults), None)
    if form is not None:
        return _said(form)
    day = next((day for day in _DATES if not dates(array, day).faults), None)
    return _units(words) if day is None else f"these are dates with `format: '{day}'`"


def form_said(hint: str) -> NumberForm | None:
    """The form of numbers that a hint names; None where it names none."""
    return next((form for form in _NUMBERS if hint == _said(form)), None)


def _said(form: NumberForm) -> str:
    return f"these are numbers with {_marks(form)}"


def _marks(form: NumberForm) -> str:
    said = [f'`thousands: "{form.thousands}"`'] if form.thousands is not None else []
    return " and ".join([f"`decimal: '{form.decimal}'`"] * (form.decimal != ".") + said)


def _units(words: Sequence[str]) -> str:
    """What is said of numbers with one or two units or currencies; empty for other words."""
    found = [_MEASURED.fullmatch(word) for word in words]
    units = dict.fromkeys(part for match in found if match for part in match.group("before", "after") if part)
    if not all(found) or not 1 <= len(units) <= _UNITS or len(set(words)) < LEAST:
        return ""
    which = " or ".join(map(repr, units))
    one = "" if len(units) == 1 else ", and of one unit"
    return f"these are numbers with {which}, such as {words[0]!r}; write plain numbers{one} into the file"


def _placeholders(words: Sequence[str]) -> str:
    """What is said where most values are numbers, and the others are few different words; empty otherwise."""
    array = pa.array(words, pa.string())
    others = sorted(
        {word for word, number in zip(words, numbers(array).array.to_pylist(), strict=True) if number is None}
    )
    count = sum(word in others for word in words)
    if not 1 <= len(others) <= _PLACEHOLDERS or 2 * count > len(words):
        return ""
    marks = ", ".join(map(_quoted, others))
    return (
        f"most of its values are numbers, and the others are {' or '.join(map(repr, others))}; if they mark missing "
        f"values, write `missing_values: ['', NA, {marks}]`"
    )


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
