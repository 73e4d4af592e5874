"""What a check of data has found, as text."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from rich.text import Text

from runner.text import printable
from runner.views.lines import Screen, paragraph


class Found(Protocol):
    """One finding."""

    @property
    def kind(self) -> str:
        """One word."""

    @property
    def message(self) -> str:
        """What is odd."""

    @property
    def examples(self) -> Sequence[str]:
        """Some of its places."""

    @property
    def count(self) -> int:
        """How many there are."""


_SPOKEN_FOR = ("constant", "missing", "giveaway", "group", "time")
"""Kinds whose message names the place."""


def oddity_lines(found: Sequence[Found], screen: Screen) -> Iterator[Text]:
    """A paragraph for each finding, and its places below."""
    for item in found:
        head = paragraph(screen, f"{item.kind}: {printable(item.message)}", hang=2)
        head[0].stylize("bold yellow", 0, len(item.kind) + 1)
        yield from head
        if item.kind in _SPOKEN_FOR:
            continue
        for example in item.examples:
            yield from paragraph(screen, printable(example), indent=4, hang=2)
        if item.count > len(item.examples) and item.examples:
            yield Text(f"    and {item.count - len(item.examples):,} more", "dim")
