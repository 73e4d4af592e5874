"""Formats numbers and words for display, identically in the live table, the plain lines and the summary."""

import math
import re
from collections.abc import Mapping

from runner.numerals import MISSING as MISSING
from runner.numerals import measure as measure
from runner.numerals import momentum as momentum
from runner.numerals import rate as rate
from runner.numerals import setting as setting
from runner.text import columns_of, printable
from runner.text import width as width


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


def best_epoch(number: int, figures: Mapping[str, float]) -> str:
    """An epoch, counted from 1, and what made it the best: ``epoch 15, val_loss 0.1012``."""
    return ", ".join([f"epoch {count(number)}", *(f"{printable(name)} {measure(figures[name])}" for name in figures)])


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


_PARTS = re.compile(r"[^ _./,-]*[_./,-]+ *|[^ _./,-]+ *| +")
"""What a text is broken into: words, and parts of words with the mark behind them."""


def longest_part(text: str) -> int:
    """Columns of the longest part that :func:`fold` need not break."""
    return max((width(part.rstrip()) for part in _PARTS.findall(text)), default=0)


def fold(text: str, columns: int, *, hang: int = 0) -> list[str]:
    """The text in lines of at most ``columns``, the further ones behind ``hang`` spaces.

    It is broken at blanks, in a longer word behind ``_``, ``.``, ``/``, ``-`` or ``,``, and elsewhere only where a
    part is longer than a line.
    """
    lines = [""]
    for part in _PARTS.findall(text):
        room = columns - (hang if len(lines) > 1 else 0)
        if width(lines[-1] + part.rstrip()) > room and lines[-1].strip():
            lines[-1] = lines[-1].rstrip()
            lines, room = [*lines, ""], columns - hang
        for character in part:
            if width(lines[-1] + character) > room and character != " ":
                lines, room = [*lines, ""], columns - hang
            lines[-1] += character
    return [lines[0].rstrip(), *(" " * hang + line.strip() for line in lines[1:])]


def pad(text: str, columns: int, *, left: bool = False) -> str:
    """The text padded with spaces to ``columns``: right-aligned, or left-aligned if ``left``."""
    space = " " * (columns - width(text))
    return text + space if left else space + text
