"""A model as an SVG: a box for each layer from top to bottom, frames around blocks, lines for what layers take.

A line to the box right below is straight; any other runs to the right of the boxes, where no two that overlap share a
lane. The same plan always gives the same bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from runner.plots.style import DARK, FONTS, LIGHT, Theme
from runner.text import printable

_WIDTH = 340
"""Width of the innermost boxes, in pixels."""
_HEIGHT, _GAP, _STEP = 40, 20, 12
"""Height of a box, room between two, and what a frame leaves on either side."""
_HEAD, _LANE, _MARGIN, _TOP = 24, 14, 24, 84
_LETTERS = 54
"""Letters that fit into a box."""


@dataclass(frozen=True)
class Box:
    """A layer, or the model's input."""

    title: str
    detail: str
    """Shape, parameters and the like."""
    frames: tuple[str, ...] = ()
    """Names of the blocks around it, the outermost first."""
    inputs: tuple[int, ...] = ()
    """Numbers of the boxes that it takes."""


@dataclass(frozen=True)
class _Frame:
    name: str
    depth: int
    top: int
    bottom: int


def graph_picture(boxes: Sequence[Box], title: str, lines: Sequence[str], *, dark: bool = False) -> bytes:
    """Draw a graph.

    Args:
        boxes: in order; each takes only boxes before it.
        title: heading of the picture.
        lines: below the heading, and its alternative text.
        dark: whether to draw on a dark background.
    """
    theme = DARK if dark else LIGHT
    tops, frames, height = _rows(boxes)
    deepest = max((len(box.frames) for box in boxes), default=0)
    lanes = _lanes(boxes)
    right = _MARGIN + _WIDTH + 2 * _STEP * deepest
    width = right + _LANE * (max(lanes.values(), default=-1) + 1) + _MARGIN
    parts = [
        *_opened(width, height, title, lines, theme),
        *(_framed(frame, right, theme) for frame in frames),
        *(line for k in range(len(boxes)) for line in _wires(boxes, k, tops, lanes, right, theme)),
        *(line for box, top in zip(boxes, tops, strict=True) for line in _boxed(box, top, right, theme)),
        "</svg>",
    ]
    return ("\n".join(parts) + "\n").encode()


def _rows(boxes: Sequence[Box]) -> tuple[list[int], list[_Frame], int]:
    """Top of each box, the frames, and the height of the picture."""
    y, tops, frames = _TOP, list[int](), list[_Frame]()
    open_: list[tuple[str, int]] = []
    for box in boxes:
        while tuple(name for name, _ in open_) != box.frames[: len(open_)]:
            y = _close(open_, frames, y)
        for name in box.frames[len(open_) :]:
            open_.append((name, y - _GAP // 2))
            y += _HEAD
        tops.append(y)
        y += _HEIGHT + _GAP
    while open_:
        y = _close(open_, frames, y)
    return tops, sorted(frames, key=lambda frame: frame.depth), y + _MARGIN - _GAP


def _close(open_: list[tuple[str, int]], frames: list[_Frame], y: int) -> int:
    name, top = open_.pop()
    frames.append(_Frame(name, len(open_), top, y - _GAP // 2))
    return y + _STEP


def _lanes(boxes: Sequence[Box]) -> dict[tuple[int, int], int]:
    """The lane of each line that does not lead to the box right below; lines of one box share theirs."""
    ends: dict[int, int] = {}
    for k, box in enumerate(boxes):
        for source in box.inputs:
            if source != k - 1:
                ends[source] = k
    free: list[int] = []
    lane_of: dict[int, int] = {}
    for source in sorted(ends):
        lane = next((k for k, end in enumerate(free) if end <= source), len(free))
        free[lane : lane + 1] = [ends[source]]
        lane_of[source] = lane
    wires = {(source, k) for k, box in enumerate(boxes) for source in box.inputs if source != k - 1}
    return {wire: lane_of[wire[0]] for wire in wires}


def _opened(width: int, height: int, title: str, lines: Sequence[str], theme: Theme) -> Iterator[str]:
    fonts = ", ".join(f"'{font}'" for font in FONTS)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" font-family="{fonts}, sans-serif" font-size="12" fill="{theme.ink}">'
    )
    yield f"<title>{_text(title)}</title>"
    yield f"<desc>{_text('; '.join(lines))}</desc>"
    yield f'<rect width="{width}" height="{height}" fill="{theme.paper}"/>'
    yield f'<text x="{_MARGIN}" y="30" font-size="15" font-weight="bold">{_cut(title, 44)}</text>'
    for k, line in enumerate(lines):
        yield f'<text x="{_MARGIN}" y="{48 + 15 * k}" font-size="11" fill="{theme.muted}">{_cut(line, 64)}</text>'


def _framed(frame: _Frame, right: int, theme: Theme) -> str:
    left = _MARGIN + _STEP * frame.depth
    width = right - _STEP * frame.depth - left
    fill = theme.shades[frame.depth % 2]
    return (
        f'<rect x="{left}" y="{frame.top}" width="{width}" height="{frame.bottom - frame.top}" rx="8" fill="{fill}" '
        f'stroke="{theme.edge}"/>\n<text x="{left + _STEP}" y="{frame.top + 16}" font-size="11" '
        f'fill="{theme.muted}">{_cut(frame.name, _LETTERS)}</text>'
    )


def _boxed(box: Box, top: int, right: int, theme: Theme) -> Iterator[str]:
    left, width = _sides(box, right)
    yield (
        f'<rect x="{left}" y="{top}" width="{width}" height="{_HEIGHT}" rx="5" fill="{theme.paper}" '
        f'stroke="{theme.lines[0]}"/>'
    )
    yield f'<text x="{left + 10}" y="{top + 17}" font-weight="bold">{_cut(box.title, _LETTERS - 14)}</text>'
    detail = _cut(box.detail, _LETTERS)
    yield f'<text x="{left + 10}" y="{top + 32}" font-size="10.5" fill="{theme.muted}">{detail}</text>'


def _sides(box: Box, right: int) -> tuple[int, int]:
    inset = _STEP * len(box.frames)
    return _MARGIN + inset, right - _MARGIN - 2 * inset


def _wires(
    boxes: Sequence[Box], k: int, tops: Sequence[int], lanes: dict[tuple[int, int], int], right: int, theme: Theme
) -> Iterator[str]:
    """The lines to a box, each with an arrowhead."""
    middle = (_MARGIN + right) // 2
    for source in boxes[k].inputs:
        if source == k - 1:
            x, y = middle, tops[k]
            path, head = f"M{x} {tops[source] + _HEIGHT}V{y}", f"M{x - 4} {y - 7}L{x} {y}L{x + 4} {y - 7}Z"
        else:
            start, end = (sum(_sides(boxes[number], right)) for number in (source, k))
            lane, y = right + _LANE * (lanes[source, k] + 1), tops[k] + _HEIGHT // 2
            path = f"M{start} {tops[source] + _HEIGHT // 2}H{lane}V{y}H{end}"
            head = f"M{end + 7} {y - 4}L{end} {y}L{end + 7} {y + 4}Z"
        yield f'<path d="{path}" fill="none" stroke="{theme.muted}"/><path d="{head}" fill="{theme.muted}"/>'


def _cut(text: str, letters: int) -> str:
    shown = printable(text)
    return escape(shown if len(shown) <= letters else f"{shown[: letters - 1]}…")


def _text(text: str) -> str:
    return escape(printable(text))
