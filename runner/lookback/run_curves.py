"""The executed curves of several runs in one picture: learning rate, momentum where it moves, and loss."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from runner.lookback.curves_view import by_share, over
from runner.lookback.grid import letters_of
from runner.lookback.recorded_run import Past
from runner.lookback.reduce import Curve, extremes, means
from runner.plots import axes, canvas
from runner.plots.overlay_plot import Legend
from runner.plots.style import Theme, line_style
from runner.text import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TITLE = "Runs compared"
_POINTS, _LOSS_POINTS = 1000, 80


def comparison_picture(pasts: Sequence[Past], form: canvas.Form, *, dark: bool = False) -> bytes:
    """Draw the curves of runs over one another.

    Args:
        pasts: the runs, at least one.
        form: ``svg`` or ``png``.
        dark: light curves on a dark ground.
    """
    share = by_share(pasts)
    legend = Legend([f"{k} {printable(p.name)}" for k, p in zip(letters_of(len(pasts)), pasts, strict=True)])
    momenta = [over(past, past.curves.momentum, share=share) for past in pasts]
    moving = any(len(curve.y) and np.ptp(curve.y) > 0 for curve in momenta)

    def draw(figure: "Figure", theme: Theme) -> None:
        top = legend.draw(figure, theme, canvas.header(figure, theme, _TITLE, []))
        panels = canvas.panels(figure, top + 0.08, [1.4, 1.0, 1.4] if moving else [1.0, 1.0])
        if share:
            axes.share_axis(panels[-1])
        else:
            axes.step_axis(panels[-1], pasts[0].total)
        rates = [extremes(over(past, past.curves.learning_rate, share=share), _POINTS) for past in pasts]
        _panel(panels[0], theme, "learning rate", rates, axes.rate_axis)
        if moving:
            _panel(panels[1], theme, "momentum", [extremes(curve, _POINTS) for curve in momenta], _momentum_axis)
        losses = [means(over(past, past.curves.loss, share=share), _LOSS_POINTS) for past in pasts]
        _panel(panels[-1], theme, "loss", losses, axes.rate_axis, log=True)

    height = (6.2 if moving else 4.8) + legend.height
    words = f"Learning rate and loss of {len(pasts)} runs over {'the share of the run' if share else 'steps'}."
    return canvas.render(draw, form, height=height, title=_TITLE, description=words, dark=dark)


def _momentum_axis(panel: "Axes", values: "np.typing.NDArray[np.float32]", *, headroom: float, log: bool) -> None:
    axes.value_axis(panel, float(values.min()), float(values.max()), headroom=headroom)


def _panel(
    panel: "Axes", theme: Theme, name: str, curves: Sequence[Curve], axis: Callable[..., None], *, log: bool = False
) -> None:
    panel.set_ylabel(name)
    known = np.concatenate([curve.y for curve in curves])
    if len(known):
        axis(panel, known.astype(np.float32), headroom=0.0, log=log)
    for k, curve in enumerate(curves):
        panel.plot(curve.x, curve.y, gid=f"{name.replace(' ', '-')}-{k + 1}", **line_style(k, theme))
