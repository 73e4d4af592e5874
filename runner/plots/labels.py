"""Places labels without overlaps: names of phases above their spans, and values next to their points."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runner.numerals import short
from runner.plots.canvas import text_inches
from runner.plots.polyline import Points, dense

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Box(NamedTuple):
    """A rectangle in pixels."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: "Box") -> bool:
        """Whether two boxes overlap."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def holds_any(self, points: Points) -> bool:
        """Whether any of the points is inside."""
        x, y = points[:, 0], points[:, 1]
        return bool(((x > self.left) & (x < self.right) & (y > self.bottom) & (y < self.top)).any())

    def within(self, other: "Box") -> bool:
        """Whether the box is inside another one."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )


def _dots(panel: "Axes") -> float:
    """Pixels per point (1/72 inch)."""
    figure = panel.get_figure(root=True)
    assert figure is not None
    return figure.dpi / 72


def text_width(panel: "Axes", text: str, size: float) -> float:
    """Width of a text in pixels."""
    return text_inches(text, size) * 72 * _dots(panel)


def height_in_inches(panel: "Axes") -> float:
    """Height of the panel in inches."""
    area = frame(panel)
    return (area.top - area.bottom) / (_dots(panel) * 72)


def frame(panel: "Axes") -> Box:
    """The panel's rectangle in pixels."""
    return Box(*panel.get_window_extent().extents)


class Span(NamedTuple):
    """An interval of the x axis, in pixels, and its name."""

    left: float
    right: float
    name: str


class Place(NamedTuple):
    """The place of a name."""

    name: str
    centre: float
    """Horizontal position in pixels."""
    row: int
    """0: within its span; 1: above it, because the name is wider."""


_MOST_WIDE = 3


def in_rows(panel: "Axes", spans: Sequence[Span], size: float) -> list[Place] | None:
    """Find a place for each name: within its span, or in a row above if it is wider.

    Returns:
        A place for each span; None if more than three names are too wide, or two of them would overlap.
    """
    area, gap = frame(panel), size / 2
    places, reached = [], area.left
    for span in spans:
        half = text_width(panel, span.name, size) / 2 + gap
        centre = min(max((span.left + span.right) / 2, area.left + half), area.right - half)
        wide = 2 * half > span.right - span.left
        if wide and centre - half < reached:
            return None
        reached = centre + half if wide else reached
        places.append(Place(span.name, centre, int(wide)))
    fits = sum(place.row for place in places) <= _MOST_WIDE and 2 * half <= area.right - area.left
    return places if fits else None


_DIRECTIONS = ((0, 1), (1, 1), (-1, 1), (1, 0), (-1, 0), (0, -1), (1, -1), (-1, -1))
"""Directions to try around a point, in order."""
_DISTANCES = (4.0, 9.0, 15.0)
"""Distance from the point, in points."""


VALUE_SIZE = 8.0


class ValueLabels:
    """Values written next to points of curves, where they cover no curve and no other label."""

    def __init__(self, panel: "Axes", curves: Sequence[Points], headroom: float) -> None:
        """Start with an empty panel.

        Args:
            panel: the panel to write on; its limits must be set.
            curves: curves that must not be covered.
            headroom: fraction of the panel's height that is taken at the top.
        """
        self._panel = panel
        self._curves = np.concatenate([dense(curve) for curve in curves])
        area = frame(panel)
        self._area = area._replace(top=area.top - headroom * (area.top - area.bottom))
        self._taken: list[Box] = []

    def write(self, x: float, y: float, text: str, color: str) -> bool:
        """Write a text next to a point in data coordinates; return False if there is no room."""
        at = self._panel.transData.transform((x, y))
        point = _dots(self._panel)
        half = (text_width(self._panel, text, VALUE_SIZE) / 2 + point, VALUE_SIZE * 0.62 * point)
        for distance in _DISTANCES:
            for direction in _DIRECTIONS:
                cx, cy = (a + d * (h + distance * point) for a, d, h in zip(at, direction, half, strict=True))
                box = Box(cx - half[0], cy - half[1], cx + half[0], cy + half[1])
                if self._free(box):
                    self._taken.append(box)
                    self._put(cx, cy, text, color)
                    return True
        return False

    def _put(self, cx: float, cy: float, text: str, color: str) -> None:
        x, y = self._panel.transData.inverted().transform((cx, cy))
        self._panel.text(x, y, text, ha="center", va="center", fontsize=VALUE_SIZE, color=color, zorder=5)

    def _free(self, box: Box) -> bool:
        clear = not any(box.meets(other) for other in self._taken)
        return clear and box.within(self._area) and not box.holds_any(self._curves)


def at_margin(panel: "Axes", values: Sequence[float], color: str) -> None:
    """Write the last values of curves to the right of the panel, at their height; skip one too close to the first."""
    bottom, top = panel.get_ylim()
    place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    # Zero is below a logarithmic axis: its label goes to the bottom.
    levels = [min(max(value, bottom), top) for value in values]
    heights = panel.transData.transform([(0, level) for level in levels])[:, 1]
    for value, level, height in zip(values, levels, heights, strict=True):
        if height == heights[0] or abs(height - heights[0]) > 1.5 * VALUE_SIZE * _dots(panel):
            style: dict[str, Any] = {"va": "center", "fontsize": VALUE_SIZE, "color": color, "annotation_clip": False}
            panel.annotate(short(value), (1, level), (5, 0), **place, **style)


def to_pixels(panel: "Axes", x: NDArray[Any], y: NDArray[Any]) -> Points:
    """The points of a curve in pixels."""
    pixels: Points = panel.transData.transform(np.column_stack([x, y]).astype(np.float64))
    return pixels[np.isfinite(pixels).all(axis=1)]
