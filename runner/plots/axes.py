"""Ticks and limits of axes: round numbers, few enough to read, written as in a recipe."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from runner.numerals import short
from runner.plots import number_format
from runner.plots.sampled_steps import Values

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DECADES = 6
"""Maximum range of a logarithmic axis, which a curve that ends at zero would otherwise extend forever."""
_SLACK = 1e-4
_FLAT = 1.2
"""Values closer together than this factor are shown within a whole decade."""


def step_axis(panel: "Axes", steps: int) -> None:
    """Label the lower axis with steps."""
    panel.set_xlim(0, max(steps, 1))
    tick = number_format.nice_step(steps, 6, whole=True)
    places = [k * tick for k in range(math.floor(steps / tick) + 1)]
    panel.set_xticks(places, [number_format.count(place) for place in places])
    panel.set_xlabel("step", labelpad=3)


def epoch_axis(panel: "Axes", epochs: float, per_epoch: int) -> None:
    """Label the upper axis with completed epochs; the lower axis has steps."""
    upper = panel.secondary_xaxis("top")
    places, texts = _epochs(epochs)
    upper.set_xticks(places * per_epoch, texts)
    upper.set_xlabel("epoch", labelpad=4)
    upper.tick_params(length=3, color=panel.spines["top"].get_edgecolor())


def lower_epoch_axis(panel: "Axes", epochs: float) -> None:
    """Label the lower axis with completed epochs."""
    panel.set_xlim(0, epochs)
    panel.set_xticks(*_epochs(epochs))
    panel.set_xlabel("epoch", labelpad=3)


def _epochs(epochs: float) -> tuple[NDArray[np.float64], list[str]]:
    tick = number_format.nice_step(epochs, 10, whole=epochs >= 3)
    places = tick * np.arange(math.floor(epochs / tick + _SLACK) + 1, dtype=np.float64)
    return places, [f"{place:.6g}" for place in places]


def share_axis(panel: "Axes") -> None:
    """Label the lower axis with the fraction of the run."""
    panel.set_xlim(0, 1)
    places = np.linspace(0, 1, 6)
    panel.set_xticks(places, [f"{place:.0%}" for place in places])
    panel.set_xlabel("share of the run", labelpad=3)


def rate_axis(panel: "Axes", values: Values, *, headroom: float, log: bool) -> None:
    """Set the axis for learning rates; a logarithmic one needs a value above zero."""
    if log and values.max() > 0:
        _log_axis(panel, values, headroom)
    else:
        value_axis(panel, float(values.min()), float(values.max()), headroom=headroom, zero=True)


def value_axis(panel: "Axes", low: float, high: float, *, headroom: float, zero: bool = False) -> None:
    """Set a linear axis for values between ``low`` and ``high``.

    Args:
        panel: the panel.
        low: lowest value shown.
        high: highest value shown.
        headroom: fraction of the panel's height to leave free at the top.
        zero: whether to start at zero if the values come close to it.
    """
    span = high - low or abs(high) or 1.0
    bottom = 0.0 if zero and low < high / 2 else low - 0.14 * span
    top = bottom + (high + 0.12 * span - bottom) / (1 - headroom)
    tick = number_format.nice_step(high - bottom, 5, whole=False)
    # Values are float32: 0.95 may be slightly less than the float64 0.95, and should still get its tick.
    first, last = math.ceil(bottom / tick - _SLACK), math.floor(high / tick + _SLACK)
    places = [k * tick for k in range(first, last + 1)]
    panel.set_ylim(bottom - (0.03 * (top - bottom) if bottom == 0 else 0), top)
    panel.set_yticks(places, number_format.alike(places))
    _same_place(panel)


def _log_axis(panel: "Axes", values: Values, headroom: float) -> None:
    high = float(values.max())
    low = max(float(values[values > 0].min()), high / 10**_DECADES)
    if high / low < _FLAT:
        low, high = low / 2, high * 2
    decades = math.log10(high / low)
    bottom, top = low / 10 ** (0.08 * decades), high * 10 ** (0.12 * decades)
    panel.set_yscale("log", nonpositive="clip")
    panel.set_ylim(bottom, bottom * (top / bottom) ** (1 / (1 - headroom)))
    places = _log_places(bottom, high * (1 + 1e-6), (1,) if decades >= 2 else (1, 2, 5))
    panel.set_yticks(places, [short(place) for place in places])
    panel.minorticks_off()
    _same_place(panel)


def _same_place(panel: "Axes") -> None:
    """Keep the axis label at a fixed distance from the edge, however wide the numbers are."""
    panel.yaxis.set_label_coords(-0.1, 0.5)


def _log_places(bottom: float, top: float, factors: tuple[int, ...]) -> list[float]:
    powers = range(math.floor(math.log10(bottom)), math.ceil(math.log10(top)) + 1)
    return [place for k in powers for factor in factors if bottom <= (place := factor * 10.0**k) <= top]
