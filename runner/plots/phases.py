"""Draws the phases of a run behind its curves: shading, boundaries and names."""

from typing import TYPE_CHECKING, Any

from runner.plan.schedule import PlannedPhase
from runner.plots import labels
from runner.plots.style import Theme
from runner.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

_SIZE = 8.5
_MOST_NAMES = 24
"""With more phases there are neither names nor lines between them."""
_MOST_SHADES = 200
"""With more phases the shading would be a grey area."""
_ROW_HEIGHT = 0.16
"""Height of a row of names, in inches."""
_PADDING = 0.05


def shade(panel: "Axes", theme: Theme, phases: "Sequence[PlannedPhase]") -> None:
    """Shade the phases alternately and mark their starts."""
    if len(phases) > _MOST_SHADES:
        return
    for k, phase in enumerate(phases):
        panel.axvspan(phase.start, phase.stop, color=theme.shades[k % 2], linewidth=0, zorder=0)
        if k and len(phases) <= _MOST_NAMES:
            panel.axvline(phase.start, color=theme.edge, linewidth=0.7, zorder=1)


class Names:
    """The names of the phases along the top of a panel; if there are too many, only their number."""

    def __init__(self, panel: "Axes", phases: "Sequence[PlannedPhase]") -> None:
        """Find a place for every name; the limits of the x axis must be set."""
        self._panel = panel
        each = self._each(phases) if len(phases) <= _MOST_NAMES else None
        self._named = each is not None
        self._places = each or self._whole(_range(phases)) or self._whole(_number(phases)) or []

    def _each(self, phases: "Sequence[PlannedPhase]") -> "list[labels.Place] | None":
        ends = self._panel.transData.transform([(step, 0) for row in phases for step in (row.start, row.stop)])
        x = ends[:, 0].tolist()
        spans = [labels.Span(x[2 * k], x[2 * k + 1], printable(row.name)) for k, row in enumerate(phases)]
        return labels.in_rows(self._panel, spans, _SIZE)

    def _whole(self, text: str) -> "list[labels.Place] | None":
        area = labels.frame(self._panel)
        return labels.in_rows(self._panel, [labels.Span(area.left, area.right, text)], _SIZE)

    @property
    def headroom(self) -> float:
        """Fraction of the panel's height that the names take."""
        return (self._rows * _ROW_HEIGHT + _PADDING) / labels.height_in_inches(self._panel)

    @property
    def _rows(self) -> int:
        return 1 + max((place.row for place in self._places), default=0)

    def write(self, theme: Theme) -> None:
        """Write the names."""
        for k, place in enumerate(self._places):
            x = self._panel.transData.inverted().transform((place.centre, 0))[0]
            y = 1 - (_PADDING + (self._rows - place.row - 0.5) * _ROW_HEIGHT) / labels.height_in_inches(self._panel)
            above = self._panel.get_xaxis_transform()
            style: dict[str, Any] = {"fontsize": _SIZE, "color": theme.muted, "zorder": 5}
            if place.row or not self._named:  # no line between phases may cross the word
                style["bbox"] = {"facecolor": theme.shades[k % 2], "linewidth": 0, "pad": 1.5}
            self._panel.text(x, y, place.name, transform=above, ha="center", va="center", **style)


def _range(phases: "Sequence[PlannedPhase]") -> str:
    return f"{_number(phases)}: {printable(phases[0].name)} … {printable(phases[-1].name)}"


def _number(phases: "Sequence[PlannedPhase]") -> str:
    return f"{len(phases):,} phases"
