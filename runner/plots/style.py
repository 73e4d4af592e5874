"""The style of plots, on light and dark backgrounds."""

from dataclasses import dataclass
from typing import Any

FONTS = ("DejaVu Sans", "Verdana", "Bitstream Vera Sans", "Arial", "Helvetica")
"""The first one comes with matplotlib; an SVG names them all, widest first, so that no label gets wider in another
font."""


@dataclass(frozen=True)
class Theme:
    """Colours of a plot."""

    paper: str
    ink: str
    muted: str
    grid: str
    shades: tuple[str, str]
    """Alternating backgrounds of phases."""
    edge: str
    """Lines between phases."""
    lines: tuple[str, ...]
    """Curves: the first for the learning rate, the second for momentum; in an overlay one per recipe."""


LIGHT = Theme(
    paper="#ffffff",
    ink="#1b1f24",
    muted="#57606a",
    grid="#dfe3e8",
    shades=("#f1f4f8", "#fbfcfd"),
    edge="#c3cad3",
    lines=("#0b62a8", "#c8500a", "#18794e", "#8e3a9d", "#8a6500", "#0f7f92", "#b3154f", "#4d5560"),
)
DARK = Theme(
    paper="#12161b",
    ink="#e8ebef",
    muted="#a3adb8",
    grid="#2a323b",
    shades=("#1b222a", "#151a20"),
    edge="#3d4854",
    lines=("#6cb6ff", "#ff9e64", "#6fd6a5", "#d2a8ff", "#e3c55b", "#5fd7e6", "#ff8ab5", "#c0c7cf"),
)
DASHES: tuple[Any, ...] = (
    "solid",
    (0, (6, 2)),
    (0, (1.5, 1.5)),
    (0, (6, 2, 1.5, 2)),
    (0, (3, 2.5)),
    (0, (9, 2)),
    (0, (5, 1.5, 1.5, 1.5, 1.5, 1.5)),
    (0, (1.5, 3.5)),
)
"""Line styles that distinguish curves without colour; only the first, below all others, has no gaps."""


def line_style(index: int, theme: Theme) -> dict[str, Any]:
    """Colour and dashes of the curve at an index in an overlay; distinct for the first 25."""
    colors, turn = len(theme.lines), index // len(theme.lines)
    dashes = index % len(DASHES) if not turn else 1 + (index + turn) % (len(DASHES) - 1)
    return {"color": theme.lines[index % colors], "linestyle": DASHES[dashes]}


def settings(theme: Theme) -> dict[str, Any]:
    """Settings for matplotlib's ``rc_context`` for plots in this theme.

    Text in an SVG remains text: it can be searched, read aloud and restyled, and is sharp at any size. Dollar signs in
    names of phases are literal.
    """
    return {
        "font.family": "sans-serif",
        "font.sans-serif": list(FONTS),
        "font.size": 9.0,
        "text.color": theme.ink,
        "text.parse_math": False,
        "axes.edgecolor": theme.edge,
        "axes.labelcolor": theme.ink,
        "axes.labelsize": 9.0,
        "axes.linewidth": 0.8,
        "axes.facecolor": theme.paper,
        "axes.axisbelow": True,
        "figure.facecolor": theme.paper,
        "savefig.facecolor": theme.paper,
        "grid.color": theme.grid,
        "grid.linewidth": 0.6,
        "lines.linewidth": 1.8,
        "lines.solid_capstyle": "round",
        "lines.solid_joinstyle": "round",
        "xtick.color": theme.edge,
        "ytick.color": theme.edge,
        "xtick.labelcolor": theme.muted,
        "ytick.labelcolor": theme.muted,
        "xtick.labelsize": 8.5,
        "ytick.labelsize": 8.5,
        "svg.fonttype": "none",
        "svg.hashsalt": "recipe",
    }
