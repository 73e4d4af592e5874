"""Formats numbers and words for display, identically in the live table, the plain lines and the summary."""

import math

from runner.text import columns_of
from runner.text import width as width

MISSING = "-"
"""Placeholder for a missing value."""


def rate(value: float) -> str:
    """A learning rate in at most 9 characters: ``0.1``, ``0.0031234``, ``1.0e-05``.

    Five significant digits (four in exponent form), so that neighbouring points of a curve differ.
    """
    if value == 0 or 1e-3 <= abs(value) < 99999.5:
        return f"{value:.5g}"
    return _scientific(value)


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
    return _scientific(value)


def _scientific(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    mantissa, exponent = f"{value:.3e}".split("e")
    mantissa = mantissa.rstrip("0")
    return f"{mantissa}{'0' if mantissa.endswith('.') else ''}e{exponent}"


def count(value: int) -> str:
    """An integer with thousands separators: ``266,610``."""
    return f"{value:,}"


def seconds(value: float) -> str:
    """A duration: ``0.42s``, ``12.3s``, ``2m05s``, ``1h02m``."""
    if value < 59.95:
        return f"{value:.2f}s" if value < 9.995 else f"{value:.1f}s"
    return whole_seconds(value)


def whole_seconds(value: float) -> str:
    """A duration for a running clock or countdown: ``12s``, ``2m05s``, ``1h02m``."""
    total = round(value)
    if total < 60:
        return f"{total}s"
    if total < 3600:
        return f"{total // 60}m{total % 60:02}s"
    return f"{total // 3600}h{total % 3600 // 60:02}m"


def speed(examples_per_second: float) -> str:
    """``56,200 examples/s``, rounded to three digits because the rest is noise."""
    digits = max(0, math.floor(math.log10(examples_per_second)) - 2) if examples_per_second >= 1 else 0
    return f"{round(examples_per_second, -digits):,.0f} examples/s"


def clip(text: str, columns: int) -> str:
    """The text cut to ``columns``, with ``~`` at the cut."""
    if width(text) <= columns:
        return text
    kept, used = "", 1
    for character in text:
        used += columns_of(character)
        if used > columns:
            break
        kept += character
    return f"{kept}~" if columns > 0 else ""


def pad(text: str, columns: int, *, left: bool = False) -> str:
    """The text padded with spaces to ``columns``: right-aligned, or left-aligned if ``left``."""
    space = " " * (columns - width(text))
    return text + space if left else space + text
