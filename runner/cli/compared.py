"""The comparison of two runs on the terminal, field by field."""

import sys
from collections.abc import Sequence

from runner.cli import options
from runner.cli.common import use_color
from runner.text import printable
from runner.views.lines import Screen, paragraph, stdout_screen
from runner.views.tables import Column, table
from runner.workflows.selftest import Comparison

_SHOWN = 3
"""Number of differences printed per field."""


def differs(found: Sequence[Comparison]) -> bool:
    """Whether anything is not equal to the bit."""
    return any(one.differing for one in found)


def as_mapping(found: Sequence[Comparison]) -> dict[str, object]:
    """The comparison for ``--json``."""
    fields = [{"field": one.field, "compared": one.compared, "differing": one.differing} for one in found]
    return {"status": "different" if differs(found) else "equal", "fields": fields}


def print_comparison(found: Sequence[Comparison], color: options.Color) -> Screen:
    """Print a row per field and the first differences; returns the screen for what follows."""
    screen = stdout_screen(color=use_color(color, sys.stdout))
    rows = [
        (one.field, f"{one.compared:,}", f"{len(one.differing):,} differ" if one.differing else "equal to the bit")
        for one in found
    ]
    screen.print(table(screen, (Column("field"), Column("compared", left=False), Column("result")), rows))
    for one in found:
        for text in one.differing[:_SHOWN]:
            screen.print(paragraph(screen, printable(f"{one.field}: {text}"), hang=2, style="red"))
    return screen
