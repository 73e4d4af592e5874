"""The difference of two sides as text, Markdown and JSON."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from rich.text import Text

from runner.lookback.cells import row_text
from runner.lookback.differ import Row, Side, not_compared
from runner.lookback.grid import grid
from runner.lookback.ranking import best_of
from runner.sinks import formatting as fmt
from runner.text import printable
from runner.views.lines import Screen, paragraph

_SIDES = ("A", "B")
_SPECIAL = str.maketrans({character: f"\\{character}" for character in r"\`*_{}[]<>#|~"})
"""What Markdown would take for more than text."""


def text_lines(sides: Sequence[Side], found: Sequence[Row], screen: Screen) -> Iterator[Text]:
    """Both names, then a block a part."""
    for letter, side in zip(_SIDES, sides, strict=True):
        yield Text(fmt.clip(f"{letter}  {printable(side.name)}", screen.width), "bold")
    lacking = not_compared(sides)
    for text in lacking:
        yield from paragraph(screen, text, hang=2, style="yellow")
    if not found and not lacking:
        yield Text("no difference")
    for part, rows in groupby(found, key=lambda row: row.part):
        yield Text()
        named = [(printable(row.field), [row_text(part, value) for value in row.values]) for row in rows]
        yield from grid(screen, part, _SIDES, named)


def markdown(sides: Sequence[Side], found: Sequence[Row]) -> str:
    """A table that a review or an issue shows."""
    lines = [f"- {letter}: {_cell(side.name)}" for letter, side in zip(_SIDES, sides, strict=True)]
    lacking = [f"- {_cell(text)}" for text in not_compared(sides)]
    nothing = [] if lacking else ["", "No difference."]
    lines += [*lacking, *(["", "| part | field | A | B |", "|---|---|---|---|"] if found else nothing)]
    for row in found:
        lines.append(
            f"| {row.part} | {_cell(row.field)} | {' | '.join(_cell(row_text(row.part, v)) for v in row.values)} |"
        )
    return "".join(f"{line}\n" for line in lines)


def _cell(text: str) -> str:
    return printable(text).translate(_SPECIAL)


def mapping(sides: Sequence[Side], found: Sequence[Row]) -> dict[str, Any]:
    """The difference as an object for JSON."""
    return {
        "a": {"name": sides[0].name, "kind": sides[0].kind},
        "b": {"name": sides[1].name, "kind": sides[1].kind},
        **({"not_compared": lacking} if (lacking := not_compared(sides)) else {}),
        "differences": [
            {
                "part": row.part,
                "field": row.field,
                "a": row.values[0],
                "b": row.values[1],
                "best": None if (best := best_of(row, sides)) is None else _SIDES[best].lower(),
            }
            for row in found
        ],
    }
