"""The live display in a notebook: one output of the cell, replaced while the run goes on."""

import time
from collections.abc import Iterable
from html import escape
from typing import Any, Protocol

from rich.console import Console
from rich.style import Style
from rich.text import Text

from runner.events import Event, RunEnded, Steps
from runner.sinks.display import Display, Past, laid_out

WIDTH, HEIGHT = 96, 60
"""Columns and lines of the display; a notebook scrolls what is wider."""
_INTERVAL = 0.25
"""Least seconds between two drawings while steps come in."""
_COLORS = {"cyan": "#1583a0", "magenta": "#bb4bc2", "green": "#2e8b4e", "yellow": "#a8761c"}
"""As readable on white as on black: contrast of about 4.3 to both."""
_PAGE = "line-height:1.25;overflow-x:auto;background:none;color:inherit;margin:0"


class Output(Protocol):
    """An output of a cell that can be replaced: what ``IPython.display.display(display_id=True)`` gives."""

    def update(self, data: Any, **options: Any) -> None:
        """Show something else in its place."""


class NotebookSink:
    """Draws a run in the cell that trains it.

    It draws when an event comes: nothing else writes to the cell, and an interrupted kernel has no thread to end.

    Args:
        past: returns the earlier events of a resumed run, so that table and curves are complete.
    """

    def __init__(self, past: Past | None = None) -> None:
        self._display = Display(past)
        self._above: list[Text] = []
        self._output: Output | None = None
        self._drawn = 0.0

    def __call__(self, event: Event) -> None:
        """Display the event."""
        self._display.apply(event)
        said, style = self._display.words(event)
        self._above += laid_out(said, style, WIDTH)
        if isinstance(event, RunEnded):
            self._end(event)
        elif not isinstance(event, Steps) or time.monotonic() - self._drawn > _INTERVAL:
            self._draw(self._display.lines(WIDTH, HEIGHT))

    def close(self) -> None:
        """Leave what is shown; there is nothing to restore."""

    def _end(self, event: RunEnded) -> None:
        self._display.over = True
        table = self._display.lines(WIDTH, HEIGHT)
        self._draw([*table, Text(), *laid_out(self._display.summary(event), "", WIDTH)])
        self._above, self._output = [], None  # another run gets an output of its own

    def _draw(self, lines: list[Text]) -> None:
        self._drawn = time.monotonic()
        shown = [*self._above, *lines]
        bundle = {"text/html": html_lines(shown), "text/plain": "\n".join(line.plain for line in shown)}
        if self._output is not None:
            self._output.update(bundle, raw=True)
        else:
            from IPython.display import display

            self._output = display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call]


def html_lines(lines: Iterable[Text]) -> str:
    """Styled lines as HTML that takes its background and its text colour from the page around it."""
    console = Console(width=10_000, color_system="standard")
    return f'<pre style="{_PAGE}">' + "\n".join(_html(line, console) for line in lines) + "</pre>"


def _html(line: Text, console: Console) -> str:
    parts = []
    for segment in line.render(console):
        css = _css(segment.style) if segment.style is not None else ""
        text = escape(segment.text)
        parts.append(f'<span style="{css}">{text}</span>' if css else text)
    return "".join(parts)


def _css(style: Style) -> str:
    found = []
    if style.color is not None and style.color.name in _COLORS:
        found.append(f"color:{_COLORS[style.color.name]}")
    if style.bold:
        found.append("font-weight:bold")
    if style.dim:
        found.append("opacity:.7")
    return ";".join(found)
