"""Plots one schedule: learning rate above momentum, shaded and named phases, steps below and epochs above."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from runner.numerals import short
from runner.plots import axes, canvas
from runner.plots.captions import description, facts, plateau_note
from runner.plots.labels import ValueLabels, at_margin, to_pixels
from runner.plots.phases import Names, shade
from runner.plots.points import Row, telling_points
from runner.plots.sampled_steps import Samples, Track, Values, sample
from runner.plots.style import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def schedule_picture(track: Track, form: canvas.Form, *, log: bool = False, dark: bool = False) -> bytes:
    """Draw the schedule of one run.

    Args:
        track: the track to draw.
        form: ``svg`` or ``png``.
        log: whether the axis of the learning rate is logarithmic.
        dark: whether to draw light curves on a dark background.
    """
    samples = sample(track)

    def draw(figure: "Figure", theme: Theme) -> None:
        _Drawing(figure, theme, track, samples).draw(log=log)

    height = 4.8 if samples.moving_momenta is not None else 3.8
    return canvas.render(draw, form, height=height, title=track.name, description=description([track]), dark=dark)


class _Drawing:
    def __init__(self, figure: "Figure", theme: Theme, track: Track, samples: Samples) -> None:
        self.figure, self.theme, self.track, self.samples = figure, theme, track, samples

    def draw(self, *, log: bool) -> None:
        lines = [facts(self.track, self.samples), *plateau_note(self.track, self.samples)]
        top = canvas.header(self.figure, self.theme, self.track.name, lines)
        momenta = self.samples.moving_momenta
        panels = canvas.panels(self.figure, top + canvas.EPOCH_AXIS, [1.0] if momenta is None else [2.2, 1.0])
        axes.step_axis(panels[-1], self.track.steps)
        axes.epoch_axis(panels[0], self.track.epochs, self.track.per_epoch)
        for panel in panels:
            shade(panel, self.theme, self.track.schedule.phases)
        self._rates(panels[0], log=log)
        if momenta is not None:
            self._momenta(panels[1], momenta)

    def _rates(self, panel: "Axes", *, log: bool) -> None:
        names, color = Names(panel, self.track.schedule.phases), self.theme.lines[0]
        curves = [curve for curve in (self.samples.rates, self.samples.lowest) if curve is not None]
        axes.rate_axis(panel, np.concatenate(curves), headroom=names.headroom, log=log)
        panel.set_ylabel("learning rate", color=color)
        panel.plot(self.samples.steps, self.samples.rates, color=color, gid="learning-rate", zorder=4)
        if self.samples.lowest is not None:
            self._band(panel, self.samples.lowest)
        names.write(self.theme)
        rows = [Row(row.start, row.stop, *row.learning_rate) for row in self.track.schedule.phases]
        self._values(panel, rows, curves, names.headroom, color)

    def _band(self, panel: "Axes", lowest: Values) -> None:
        steps, color = self.samples.steps, self.theme.lines[0]
        panel.fill_between(steps, lowest, self.samples.rates, color=color, alpha=0.12, linewidth=0, zorder=2)
        panel.plot(steps, lowest, color=color, linewidth=1.2, linestyle=(0, (4, 2)), gid="soonest-cuts", zorder=3)

    def _momenta(self, panel: "Axes", momenta: Values) -> None:
        color = self.theme.lines[1]
        axes.value_axis(panel, float(momenta.min()), float(momenta.max()), headroom=0.14)
        panel.set_ylabel("momentum", color=color)
        panel.plot(self.samples.steps, momenta, color=color, gid="momentum", zorder=4)
        table = self.track.schedule.tables["momentum"]
        rows = [Row(row.start, row.stop, row.first, row.last) for row in table]
        self._values(panel, rows, [momenta], 0.0, color)

    def _values(
        self, panel: "Axes", rows: Sequence[Row], curves: Sequence[Values], headroom: float, color: str
    ) -> None:
        """Write values next to the first of ``curves``, without covering any of them."""
        *inner, last = telling_points(rows, self.samples.steps, curves[0])
        labels = ValueLabels(panel, [to_pixels(panel, self.samples.steps, curve) for curve in curves], headroom)
        for point in inner:
            labels.write(*point, short(point.value), color)
        at_margin(panel, [last.value, *(float(curve[-1]) for curve in curves[1:])], color)
