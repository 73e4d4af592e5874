"""What values are most likely meant to be that were read as words: numbers with other marks, dates of another form."""

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


def hint(words: Sequence[str]) -> str:
    """The keys of a recipe that read the words otherwise; empty where none does.

    Args:
        words: values of a column that are neither numbers nor dates as files have them.
    """
    if len(words) < LEAST or not all(any(letter.isdigit() for letter in word) for word in words):
        return ""
    array = pa.array(words, pa.string())
    form = next((form for form in _NUMBERS if not numbers(array, form).faults), None)
    if form is not None:
        return _said(form)
    day = next((day for day in _DATES if not dates(array, day).faults), None)
    return "" if day is None else f"these are dates with `format: '{day}'`"


def form_said(hint: str) -> NumberForm | None:
    """The form of numbers that a hint names; None where it names none."""
    return next((form for form in _NUMBERS if hint == _said(form)), None)


def _said(form: NumberForm) -> str:
    return f"these are numbers with {_marks(form)}"


def _marks(form: NumberForm) -> str:
    said = [f'`thousands: "{form.thousands}"`'] if form.thousands is not None else []
    return " and ".join([f"`decimal: '{form.decimal}'`"] * (form.decimal != ".") + said)
