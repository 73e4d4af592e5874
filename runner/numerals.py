"""Numbers as the program writes them, the same in plans, tables, reports, pictures and messages.

Exponents are Python's: ``1e-05``, ``5.86e-05``, ``1e+06``, below 0.0001 and from 100,000 on. JSON, CSV and the
recipes that the program writes have them too, so that a number that is shown can be searched for in a file.
"""

import math
from collections.abc import Mapping
from typing import Any

MISSING = "-"
"""Placeholder for a missing value."""


def rate(value: float) -> str:
    """A learning rate in at most 9 characters: ``0.1``, ``0.0031234``, ``1e-05``.

    Five significant digits (four below 0.001 and in exponent form), so that neighbouring points of a curve differ.
    """
    return short(value, 5 if 1e-3 <= abs(value) < 99999.5 else 4)


def short(value: float, digits: int = 3) -> str:
    """A value in so many significant digits: ``0.1``, ``0.949``, ``1230``, ``2.5e-05``.

    A number below 100,000 that has more digits before its point keeps them all.
    """
    return f"{value:.0f}" if 10**digits - 0.5 <= abs(value) < 99999.5 else f"{value:.{digits}g}"


def momentum(value: float | None) -> str:
    """A momentum with 5 decimals, so that 0.99999 is not shown as 1."""
    return MISSING if value is None else f"{value:.5f}"


def measure(value: float | None) -> str:
    """A loss or metric in at most 9 characters and a sign: ``0.0512``, ``2777.81``, ``7.702e-07``.

    Four decimals, fewer above 100 to stay within seven characters; very small and very large values in exponent form.
    """
    if value is None:
        return MISSING
    if value == 0 or 5e-5 <= abs(value) < 999999.5:
        # round once to find the number of digits, so that 99.99996 does not become one character longer
        whole = len(f"{abs(value):.4f}".partition(".")[0])
        return f"{value:.{min(4, max(0, 6 - whole))}f}"
    return short(value, 4)


def setting(value: float) -> str:
    """A number that a person or a search has chosen, in the form of a rate with all of its digits.

    ``0.1``, ``0.1234567``, ``1e+06``, ``1e-07``: two settings that differ never look the same.
    """
    if not math.isfinite(value):
        return str(value)
    if value == 0 or 1e-4 <= abs(value) < 99999.5:
        return repr(float(value)).removesuffix(".0")
    return next(text for digits in range(18) if float(text := f"{value:.{digits}e}") == value)


def way(first: float, last: float) -> str:
    """``0.01 → 0.1``, or the one value that stays."""
    shown = rate(first), rate(last)
    return shown[0] if shown[0] == shown[1] else " → ".join(shown)


def in_words(value: Any, *, between: str = " and ") -> str:
    """A value of a recipe for a sentence.

    Numbers by :func:`setting`, a list with ``between`` its items, a mapping as ``kind (name value, name value)``.
    """
    match value:
        case bool():
            return str(value).lower()
        case float():
            return setting(value)
        case list() | tuple():
            return between.join(map(in_words, value)) or "none"
        case Mapping():
            others = named_values({key: item for key, item in value.items() if key != "kind"})
            return " ".join(filter(None, (value.get("kind"), f"({others})" if others else "")))
        case _:
            return str(value)


def named_values(values: Mapping[str, Any], *, between: str = " and ") -> str:
    """Names with their values: ``accumulate 4, nesterov, clip (norm 1)``, and ``1: 2`` for a name of digits."""
    return ", ".join(_named(key.replace("_", " "), value, between) for key, value in values.items())


def _named(name: str, value: Any, between: str) -> str:
    if isinstance(value, bool):
        return name if value else f"no {name}"
    return f"{name}{':' if name.isdigit() else ''} {in_words(value, between=between)}"
