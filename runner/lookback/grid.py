"""Values of several runs side by side; one below the other where the screen is too narrow for that."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from runner.lookback.overlay import LETTERS
from runner.sinks import formatting as fmt
from runner.views.lines import Screen, paragraph
from runner.views.tables import Column, table

_FIELD = 40
"""Columns of a field's name at most, where values are side by side."""
_NARROWEST = 7
"""Columns of a value at least."""


def grid(screen: Screen, heading: str, letters: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> list[Text]:
    """A row a field, a column a run.

    Args:
        screen: to fit on.
        heading: of the fields.
        letters: of the runs.
        rows: fields with a value a run.
    """
    names = min(max((fmt.width(name) for name, _ in rows), default=0), _FIELD)
    room = (screen.width - names) // max(len(letters), 1) - 2
    fitting = [row for row in rows if fmt.width(row[0]) <= _FIELD and max(map(fmt.width, row[1])) <= room]
    lines = []
    if fitting and room >= _NARROWEST:
        cells = [[name, *values] for name, values in fitting]
        lines = table(screen, [Column(heading), *map(Column, letters)], cells)
    rest = [row for row in rows if not lines or row not in fitting]
    if rest and not lines:
        lines.append(Text(heading, "bold"))
    return lines + [line for name, values in rest for line in _stacked(screen, name, letters, values)]


def _stacked(screen: Screen, name: str, letters: Sequence[str], values: Sequence[str]) -> Iterator[Text]:
    """A value a line: nothing is cut, since two long values may differ in their ends."""
    yield from paragraph(screen, name, hang=2)
    for letter, value in zip(letters, values, strict=True):
        yield from paragraph(screen, f"{letter}  {value}", indent=2, hang=3)


def letters_of(count: int) -> list[str]:
    """Letters for so many runs; beyond the alphabet it begins again with a number."""
    return [LETTERS[k % 26] + (str(k // 26) if k >= 26 else "") for k in range(count)]
