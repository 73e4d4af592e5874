"""Examples in a terminal: counts, spreads, small pictures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from runner.numerals import measure
from runner.sinks import formatting as fmt
from runner.text import printable
from runner.views.lines import Screen
from runner.views.tables import Column, table

_BARS, _PLAIN_BARS = " ▁▂▃▄▅▆▇█", " ..::||##"
_SHADES, _PLAIN_SHADES = " ░▒▓█", " .:*#"
_MOST_CLASSES, _MOST_COLUMNS = 40, 60
_TALLEST, _GAP = 12, 2
"""Lines of a small picture, and blanks between two."""


class Spreading(Protocol):
    """How the values of a column are spread."""

    @property
    def name(self) -> str:
        """Of the column."""

    @property
    def missing(self) -> int:
        """Values that are missing."""

    @property
    def low(self) -> float | None:
        """Smallest number."""

    @property
    def mean(self) -> float | None:
        """Mean of the numbers."""

    @property
    def high(self) -> float | None:
        """Largest number."""

    @property
    def deviation(self) -> float | None:
        """Deviation of the numbers."""

    @property
    def histogram(self) -> Sequence[int]:
        """Counts in intervals of equal width."""

    @property
    def words(self) -> Sequence[tuple[str, int]]:
        """The most frequent words."""


def class_lines(classes: Sequence[tuple[str, Mapping[str, int]]], screen: Screen) -> list[Text]:
    """A row for each class: its examples in every part."""
    if not classes:
        return []
    parts = list(classes[0][1])
    columns = [Column("class", least=16), *(Column(part, left=False) for part in parts)]
    rows = [(printable(name), *(f"{counts[part]:,}" for part in parts)) for name, counts in classes[:_MOST_CLASSES]]
    lines = table(screen, columns, rows)
    return [*lines, *_more(len(classes) - _MOST_CLASSES, "classes")]


def spread_lines(spreads: Sequence[Spreading], screen: Screen) -> list[Text]:
    """A row for each column: least, mean and largest number with a histogram, or the most frequent words."""
    columns = (
        Column("values", least=16), Column("min", left=False), Column("mean", left=False), Column("max", left=False),
        Column("deviation", left=False, leaves=2), Column("missing", left=False, leaves=1),
        Column("histogram", leaves=3, least=24),
    )  # fmt: skip
    lines = table(screen, columns, [_row(spread, screen) for spread in spreads[:_MOST_COLUMNS]])
    return [*lines, *_more(len(spreads) - _MOST_COLUMNS, "columns")]


def _row(spread: Spreading, screen: Screen) -> tuple[str, ...]:
    missing = f"{spread.missing:,}" if spread.missing else ""
    if spread.words:
        said = ", ".join(f"{fmt.clip(printable(word), 20)} {count:,}" for word, count in spread.words)
        return printable(spread.name), "", "", "", "", missing, said
    numbers = [measure(x) if x is not None else "" for x in (spread.low, spread.mean, spread.high, spread.deviation)]
    return printable(spread.name), *numbers, missing, _bars(spread.histogram, screen)


def _bars(counts: Sequence[int], screen: Screen) -> str:
    """One character for each interval; any value at all is seen."""
    glyphs = _BARS if screen.unicode else _PLAIN_BARS
    most = max(counts, default=0)
    return "".join(glyphs[-(-count * (len(glyphs) - 1) // most) if most else 0] for count in counts)


def picture_lines(images: NDArray[Any], labels: Sequence[str], screen: Screen) -> Iterator[Text]:
    """As many small pictures side by side as fit, in shades of grey, each with its label."""
    shades = _SHADES if screen.unicode else _PLAIN_SHADES
    small = [_small(image) for image in images[:8]]
    low, high = min(map(np.min, small)), max(map(np.max, small))
    width = max(small[0].shape[1], 8) + _GAP
    shown = small[: max((screen.width + _GAP) // width, 1)]
    named = labels[: len(shown)]
    heads = (fmt.clip(screen.text(label), width - _GAP) for label in named)
    yield Text("".join(fmt.pad(head, width, left=True) for head in heads).rstrip(), "bold")
    scaled = [((image - low) / max(high - low, 1e-9) * (len(shades) - 1)).round().astype(int) for image in shown]
    for row in range(scaled[0].shape[0]):
        yield Text("".join("".join(shades[k] for k in image[row]).ljust(width) for image in scaled).rstrip())


def _small(image: NDArray[Any]) -> NDArray[Any]:
    """Grey, and so small that a pixel is a character, which is twice as high as it is wide."""
    grey = image.astype(np.float64)
    grey = grey.mean(axis=-1) if grey.ndim == 3 else grey
    height, width = grey.shape
    rows = min(_TALLEST, max(height // 2, 1))
    columns = min(max(round(width * 2 * rows / height), 1), width, 3 * _TALLEST)
    return np.stack([
        [band.mean() for band in np.array_split(part.mean(axis=0), columns)] for part in np.array_split(grey, rows)
    ])  # fmt: skip


def text_lines(texts: Sequence[str], labels: Sequence[str], screen: Screen) -> Iterator[Text]:
    """A line for each text: its label and how it begins."""
    for text, label in zip(texts, labels, strict=False):
        line = f"{label}: {printable(' '.join(text.split()))}"
        yield Text(fmt.clip(screen.text(line), screen.width))


def _more(count: int, what: str) -> list[Text]:
    return [Text(f"and {count:,} more {what}", "dim")] if count > 0 else []
