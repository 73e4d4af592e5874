"""Plots several schedules on the same axes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from runner.numerals import short
from runner.plots import axes, canvas
from runner.plots.captions import description
from runner.plots.sampled_steps import Samples, Track, Values, sample
from runner.plots.style import Theme, line_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Across = Literal["steps", "epochs", "share"]

_TITLE = "Schedules compared"
_LEGEND_ROW, _LEGEND_SIZE = 0.19, 8.5
_HANDLE = 0.36
"""Length of the line sample before a name, in inches."""


def overlay_picture(
    tracks: Sequence[Track],
    form: canvas.Form,
    *,
    across: Across | None = None,
    log: bool = False,
    dark: bool = False,
) -> bytes:
    """Draw the schedules of several runs on the same axes.

    Args:
        tracks: the tracks to draw, at least one.
        form: ``svg`` or ``png``.
        across: unit of the x axis; by default steps if all runs have the same number, otherwise the fraction of the
            run.
        log: whether the axis of the learning rate is logarithmic.
        dark: whether to draw light curves on a dark background.
    """
    drawn = [(track, sample(track)) for track in tracks]
    chosen = across or ("steps" if len({track.steps for track in tracks}) == 1 else "share")
    moving = any(samples.moving_momenta is not None for _, samples in drawn)
    legend = Legend([_entry(track, samples, moving=moving) for track, samples in drawn])

    def draw(figure: "Figure", theme: Theme) -> None:
        top = legend.draw(figure, theme, canvas.header(figure, theme, _TITLE, []))
        upper = chosen == "steps" and len({track.per_epoch for track in tracks}) == 1
        panels = canvas.panels(figure, top + (canvas.EPOCH_AXIS if upper else 0.08), [2.0, 1.0] if moving else [1.0])
        _across(panels[-1], tracks, chosen)
        if upper:
            axes.epoch_axis(panels[0], max(track.epochs for track in tracks), tracks[0].per_epoch)
        _rates(panels[0], theme, drawn, chosen, log=log)
        if moving:
            _momenta(panels[1], theme, drawn, chosen)

    height = (4.5 if moving else 3.5) + legend.height
    return canvas.render(draw, form, height=height, title=_TITLE, description=description(tracks), dark=dark)


def _across(panel: "Axes", tracks: Sequence[Track], across: Across) -> None:
    match across:
        case "steps":
            axes.step_axis(panel, max(track.steps for track in tracks))
        case "epochs":
            axes.lower_epoch_axis(panel, max(track.epochs for track in tracks))
        case "share":
            axes.share_axis(panel)


def _x(track: Track, samples: Samples, across: Across) -> NDArray[np.float64]:
    """Positions of the samples on the x axis; as a fraction, the last step is the end of the run."""
    scale = {"steps": 1.0, "epochs": 1 / track.per_epoch, "share": 1 / max(track.steps - 1, 1)}[across]
    return samples.steps.astype(np.float64) * scale


def _rates(panel: "Axes", theme: Theme, drawn: Sequence[tuple[Track, Samples]], across: Across, *, log: bool) -> None:
    axes.rate_axis(panel, np.concatenate([samples.rates for _, samples in drawn]), headroom=0.0, log=log)
    panel.set_ylabel("learning rate")
    for k, (track, samples) in enumerate(drawn):
        panel.plot(_x(track, samples, across), samples.rates, gid=f"learning-rate-{k + 1}", **line_style(k, theme))


def _momenta(panel: "Axes", theme: Theme, drawn: Sequence[tuple[Track, Samples]], across: Across) -> None:
    known: list[Values] = [samples.momenta for _, samples in drawn if samples.momenta is not None]
    together = np.concatenate(known)
    axes.value_axis(panel, float(together.min()), float(together.max()), headroom=0.0)
    panel.set_ylabel("momentum")
    for k, (track, samples) in enumerate(drawn):
        if samples.momenta is not None:
            panel.plot(_x(track, samples, across), samples.momenta, gid=f"momentum-{k + 1}", **line_style(k, theme))


def _entry(track: Track, samples: Samples, *, moving: bool) -> str:
    text = f"{track.name}: {track.kind}, {track.epochs:.6g} epoch{'' if track.epochs == 1 else 's'}"
    if moving or samples.momenta is None:
        return text
    return f"{text}, momentum {short(float(samples.momenta[0]))}"


class Legend:
    """Names of the curves above the panels, in two columns if they fit."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._column = (canvas.WIDTH - canvas.LEFT - canvas.RIGHT) / 2
        room = self._column - _HANDLE - 0.2
        self._columns = 2 if all(canvas.text_inches(text, _LEGEND_SIZE) < room for text in texts) else 1

    @property
    def height(self) -> float:
        """Height in inches."""
        return _LEGEND_ROW * -(-len(self._texts) // self._columns)

    def draw(self, figure: "Figure", theme: Theme, top: float) -> float:
        """Draw the legend; return the height used at the top, in inches."""
        for k, text in enumerate(self._texts):
            x = canvas.LEFT + self._column * (k % self._columns)
            self._entry(figure, text, x, top + 0.06 + _LEGEND_ROW * (k // self._columns), line_style(k, theme))
        return top + self.height

    def _entry(self, figure: "Figure", text: str, x: float, y: float, style: dict[str, Any]) -> None:
        from matplotlib.lines import Line2D

        width, height = figure.get_size_inches()
        handle = Line2D([x / width, (x + _HANDLE - 0.08) / width], [1 - y / height] * 2, linewidth=1.8, **style)
        handle.set_transform(figure.transFigure)
        figure.add_artist(handle)
        size = canvas.fitting_size(text, _LEGEND_SIZE, x + _HANDLE)
        figure.text((x + _HANDLE) / width, 1 - y / height, text, ha="left", va="center_baseline", fontsize=size)
