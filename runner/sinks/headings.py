"""Breaks headings into lines, so that a name does not make its column wider than the numbers in it."""

from collections.abc import Iterator

from runner.sinks import formatting as fmt

_FIGURE = 7
"""Width of the numbers; making a heading narrower than that saves nothing."""
_LONGEST = 14


def stacked(name: str) -> tuple[str, ...]:
    """``val_top_5_accuracy`` in at most three lines: as narrow as possible, then with as few lines as possible."""
    return min(_breaks(name.split("_")), key=lambda lines: (max(_FIGURE, *map(fmt.width, lines)), len(lines)))


def _breaks(words: list[str]) -> Iterator[tuple[str, ...]]:
    """All ways to write the words in one to three lines, those with a short first line first."""
    count = len(words)
    cuts = [(count,), *((i, count) for i in range(1, count))]
    cuts += [(i, k, count) for i in range(1, count) for k in range(i + 1, count)]
    for stops in cuts:
        starts = (0, *stops[:-1])
        yield tuple(fmt.clip(" ".join(words[start:stop]), _LONGEST) for start, stop in zip(starts, stops, strict=True))
