"""Where the numbers of a date stand in its text, by the form that ``strptime`` takes."""

import re
from dataclasses import dataclass

_WIDTHS = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_PIECE = re.compile(r"%(.)|(\d+|\s+|[^%\d\s]+)", re.DOTALL)


@dataclass(frozen=True)
class DateField:
    """A number of a date.

    Attributes:
        unit: as in the format: Y, y, m, d, H, M or S.
        group: which group of digits has it, from 1.
        start: first digit of the group, from 0.
        width: digits at most.
    """

    unit: str
    group: int
    start: int
    width: int


ISO_FIELDS = tuple(DateField(unit, number, 0, _WIDTHS[unit]) for number, unit in enumerate("YmdHM", 1))
"""Of ISO 8601; a time zone comes after them."""


def date_fields(form: str) -> tuple[DateField, ...]:
    """The numbers of a date by a format, in their order; numbers that nothing separates are in one group of digits.

    >>> [(field.unit, field.group, field.start) for field in date_fields("%d.%m.%Y")]
    [('d', 1, 0), ('m', 2, 0), ('Y', 3, 0)]
    >>> [(field.unit, field.group, field.start) for field in date_fields("%Y%m%d")]
    [('Y', 1, 0), ('m', 1, 4), ('d', 1, 6)]

    Raises:
        ValueError: the format has other than numbers, a number twice, or no whole date.
    """
    fields: list[DateField] = []
    group, start, within = 0, 0, False
    for unit, literal in _PIECE.findall(form):
        if literal:
            if literal[0].isdigit():
                raise ValueError(f"the digits {literal!r} would be taken for a part of the date")
            within = False
            continue
        if unit not in _WIDTHS:
            raise ValueError(f"%{unit} is none of %Y, %y, %m, %d, %H, %M and %S")
        group, start = (group, start) if within else (group + 1, 0)
        fields.append(DateField(unit, group, start, _WIDTHS[unit]))
        start, within = start + _WIDTHS[unit], True
    _check_whole([field.unit for field in fields])
    return tuple(fields)


def _check_whole(units: list[str]) -> None:
    twice = next((unit for place, unit in enumerate(units) if unit in units[:place]), None)
    if twice is not None or {"Y", "y"} <= set(units):
        raise ValueError(f"it has %{twice or 'y'} and another number for the same")
    lacking = [name for name, known in (("year", "Yy"), ("month", "m"), ("day", "d")) if not set(known) & set(units)]
    if lacking:
        raise ValueError(f"it has no {lacking[0]}")
