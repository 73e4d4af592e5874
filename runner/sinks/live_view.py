"""The live display as lines of styled text that fit the current size of the terminal.

From top to bottom: the table (heading, finished epochs, current epoch, meaning of the mark), the current activity, a
progress bar, and the curves of learning rate and loss. On a short terminal the curves are dropped first, then older
epochs, then the table.
"""

import textwrap
import time
from collections.abc import Sequence

from rich.text import Text

from runner.events import EpochEnded, Stage
from runner.sinks import formatting as fmt
from runner.sinks import sparkline
from runner.sinks.epoch_table import BEST, short
from runner.sinks.layout import BEST_COLUMN, Layout, fit
from runner.sinks.live_state import Training
from runner.text import printable

_WIDEST = 100
"""Maximum width of bar and curves on a very wide terminal."""
_CURVE_ROWS = 2
_HEIGHT_WITH_CURVES = 14
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_SPINS_PER_SECOND = 8

_RATE, _LOSS, _QUIET, _NOW, _GOOD, _REMARK = "cyan", "magenta", "dim", "bold", "green", "yellow"


def waiting(stage: Stage, since: float, width: int) -> Text:
    """One animated line, so that a long download or compilation does not look stuck."""
    spent = time.monotonic() - since
    spinner = _SPINNER[int(spent * _SPINS_PER_SECOND) % len(_SPINNER)]
    clock = fmt.whole_seconds(spent)
    message = fmt.clip(printable(stage.message), width - len(clock) - 4)
    return Text.assemble((spinner, _RATE), f" {message}  ", (clock, _QUIET))


def training(state: Training, stage: Text | None, width: int, height: int) -> list[Text]:
    """The display during training.

    Args:
        state: the state of the run.
        stage: a line from :func:`waiting` that replaces the numbers during any stage other than training.
        width: columns of the terminal; no line is wider.
        height: lines of the terminal; the result is shorter.
    """
    wide = min(width, _WIDEST)
    below = [Text(), stage or _figures(state, wide), _bar(state, wide)]
    if height >= _HEIGHT_WITH_CURVES:
        below += _curves(state, wide)
    lines = [*_table(state, width, height - len(below) - 1, now=True), *below]
    return lines if len(lines) < height else below[1:3]


def finished(state: Training, width: int) -> list[Text]:
    """The display that remains at the end: all rows."""
    return _table(state, width, None, now=False)


def _table(state: Training, width: int, height: int | None, *, now: bool) -> list[Text]:
    """The table; only its newest rows if it may have at most ``height`` lines."""
    layout = fit(state.table.columns(stacked=True), width)
    heading = [Text(text, style=_QUIET) for text in layout.heading()]
    rule = Text("─" * min(width, layout.width), style=_QUIET)
    below = [_row_under_way(state, layout)] if now and state.last and state.under_way else []
    if state.marks_best and any(column.key == BEST_COLUMN for column in layout.columns):
        below.append(_meaning_of_mark(state, width))
    room = len(state.rows) if height is None else height - len(heading) - 2 - len(below)
    # each row has at least one line, so the rows that fit are among the last ``room``
    rows = [line for row in state.rows[-room:] for line in _row(state, layout, row, width)][-room:] if room > 0 else []
    return [Text(), *heading, rule, *rows, *below] if rows or below or (now and room >= 0) else []


def _row(state: Training, layout: Layout, row: EpochEnded | str, width: int) -> list[Text]:
    if isinstance(row, str):
        lines = textwrap.wrap(row, width, initial_indent="  ", subsequent_indent="    ")
        return [Text(line, style=_REMARK) for line in lines]
    text = Text(layout.line(short(state.table.cells(row))))
    text.highlight_words([BEST], style=_GOOD)
    return [text]


def _row_under_way(state: Training, layout: Layout) -> Text:
    """The unfinished epoch, in the columns of the finished ones."""
    cells = state.table.cells_under_way(state.last, state.phase_name) if state.last else {}
    return Text(layout.line(short(cells)), style=_NOW)


def _meaning_of_mark(state: Training, width: int) -> Text:
    what = printable(state.run.monitor) or "epoch"
    return Text.assemble((BEST, _GOOD), (fmt.clip(f" best {what} so far", width - 1), _QUIET))


def _figures(state: Training, width: int) -> Text:
    run, speed, remaining = state.run, state.pace.examples_per_second, state.remaining
    parts = [
        (f"epoch {state.table.epoch(state.epoch)}", _NOW),
        (f"step {fmt.count(state.done)}/{fmt.count(run.steps)}", ""),
    ]
    if remaining is not None:
        parts.append((f"ETA {fmt.whole_seconds(remaining)}", _GOOD))
    if state.phase:
        parts.insert(0, (fmt.clip(printable(state.phase.name), 20), _RATE))
    if speed is not None:
        parts.append((fmt.speed(speed), _QUIET))
    return _joined(parts, width)


def _joined(parts: Sequence[tuple[str, str]], width: int) -> Text:
    """As many parts as fit, side by side."""
    line = Text()
    for text, style in parts:
        gap = "  " if line else ""
        if line.cell_len + len(gap) + fmt.width(text) > width:
            break
        line.append(gap).append(text, style=style)
    return line


def _bar(state: Training, width: int) -> Text:
    share = min(1.0, state.done / max(1, state.run.steps))
    length = width - 6
    full = int(share * length)
    return Text.assemble(("━" * full, _GOOD), ("─" * (length - full), _QUIET), f" {share:>5.0%}")


def _curves(state: Training, width: int) -> list[Text]:
    """Learning rate on the left and loss on the right, both over the length of the whole run."""
    # leave two columns free on the right: the ^C that a terminal echoes must not wrap
    half = (width - 5) // 2
    captions = [_rate_caption(state, half), _loss_caption(state, half)]
    drawn = [
        sparkline.draw(state.rate.points(half), _CURVE_ROWS),
        sparkline.draw(state.loss.points(half), _CURVE_ROWS, logarithmic=True),
    ]
    lines = [_beside(captions[0], captions[1], half)]
    lines += [
        _beside(Text(left, style=_RATE), Text(right, style=_LOSS), half) for left, right in zip(*drawn, strict=True)
    ]
    return lines


def _beside(left: Text, right: Text, half: int) -> Text:
    return Text.assemble(left, " " * (half - left.cell_len + 3), right)


def _rate_caption(state: Training, width: int) -> Text:
    if state.last is None:
        return Text("rate", style=_RATE)
    # padded to the maximum width, so that the momentum does not jump around
    parts = [(f"rate {fmt.rate(state.last.learning_rate[-1]):<9}", _RATE)]
    if state.last.momentum:
        parts.append((f"momentum {fmt.momentum(state.last.momentum[-1])}", ""))
    return _joined(parts, width)


def _loss_caption(state: Training, width: int) -> Text:
    known = [point for point in state.loss.points(width) if point is not None]
    parts = [(f"loss {fmt.measure(state.last.loss[-1])}" if state.last else "loss", _LOSS)]
    if known:
        parts += [("log scale", _QUIET), (f"{fmt.measure(min(known))} to {fmt.measure(max(known))}", _QUIET)]
    return _joined(parts, width)
