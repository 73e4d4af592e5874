"""Renders a drawing function to the bytes of a picture; the same plan always gives the same bytes."""

import io
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from runner.plots.style import DARK, LIGHT, Theme, settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Form = Literal["svg", "png"]
Draw = Callable[["Figure", Theme], None]

WIDTH = 7.2
"""Width in inches; at 100 % it fits between the margins of a page."""
LEFT, RIGHT, BOTTOM = 0.8, 0.7, 0.5
"""Margins around the panels, in inches; the last values are written on the right."""
EPOCH_AXIS = 0.42
"""Height of the numbers and label of an upper axis, in inches."""
_GAP = 0.16
_HINTING = 0.94
"""Factor for text width: small letters on whole pixels are wider than their outlines."""
_EDGE = 0.15
"""Right margin of a long title, in inches."""
_PNG_DPI = 200


def render(draw: Draw, form: Form, *, height: float, title: str, description: str, dark: bool = False) -> bytes:
    """Draw a picture.

    Args:
        draw: fills the figure, with matplotlib's settings for the theme.
        form: ``svg`` or ``png``.
        height: height in inches.
        title: title of the document, shown by screen readers and file managers.
        description: alternative text, in an SVG.
        dark: whether to draw light curves on a dark background.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    theme = DARK if dark else LIGHT
    # Ignore the user's matplotlibrc, so that the bytes do not depend on it.
    plain: dict[Any, Any] = {key: mpl.rcParamsDefault[key] for key in mpl.rcParams if not key.startswith("backend")}
    with mpl.rc_context(plain | settings(theme)), warnings.catch_warnings():
        # The name of a phase may use a script that the font lacks; boxes in the picture make that obvious.
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        figure = Figure(figsize=(WIDTH, height))
        draw(figure, theme)
        return _bytes(figure, form, title, description)


def _bytes(figure: "Figure", form: Form, title: str, description: str) -> bytes:
    out = io.BytesIO()
    if form == "svg":
        metadata: dict[str, Any] = {"Title": title, "Description": description, "Date": None, "Creator": "recipe"}
        figure.savefig(out, format="svg", metadata=metadata)
    else:
        figure.savefig(out, format="png", dpi=_PNG_DPI, metadata={"Title": title, "Software": None})
    return out.getvalue()


def header(figure: "Figure", theme: Theme, title: str, lines: list[str]) -> float:
    """Write the title and the lines below it, smaller if they are long; return their height in inches."""
    y = 0.30
    _write(figure, title, y, 12.5, fontweight="bold")
    for line in lines:
        y += 0.19
        _write(figure, line, y, 8.5, color=theme.muted)
    return y + 0.1


def _write(figure: "Figure", text: str, y: float, size: float, **style: Any) -> None:
    width, height = figure.get_size_inches()
    fitting = fitting_size(text, size, LEFT, style.get("fontweight", "normal"))
    figure.text(LEFT / width, 1 - y / height, text, fontsize=fitting, ha="left", va="baseline", **style)


def fitting_size(text: str, size: float, x: float, weight: str = "normal") -> float:
    """The font size, reduced if a text that starts ``x`` inches from the left would not fit the page."""
    room = (WIDTH - x - _EDGE) / text_inches(text, size, weight)
    return size if room >= 1 else size * room * _HINTING


def text_inches(text: str, size: float, weight: str = "normal") -> float:
    """Width of a text in inches, in the font that comes with matplotlib."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    # A leading or trailing space has no outline and would not count.
    outline = TextPath((0, 0), f"|{text}|", prop=FontProperties(size=size, weight=weight))
    return float(outline.get_extents().width) / 72


def panels(figure: "Figure", top: float, heights: list[float]) -> "list[Axes]":
    """Create stacked panels with a shared x axis.

    Args:
        figure: the figure to draw on.
        top: inches above the first panel.
        heights: relative heights of the panels.
    """
    width, height = figure.get_size_inches()
    free = height - top - BOTTOM - _GAP * (len(heights) - 1)
    axes: list[Axes] = []
    y = height - top
    for share in heights:
        tall = free * share / sum(heights)
        y -= tall
        box = (LEFT / width, y / height, (width - LEFT - RIGHT) / width, tall / height)
        axes.append(figure.add_axes(box, sharex=axes[0] if axes else None))
        y -= _GAP
    for panel in axes:
        panel.tick_params(length=3, labelbottom=panel is axes[-1])
        panel.grid(axis="y")
    return axes
