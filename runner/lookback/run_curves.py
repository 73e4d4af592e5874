"""The executed curves of several runs in one picture: learning rate, momentum where it moves, and loss."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

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


class Panel(NamedTuple):
    """Curves of one quantity over one another."""

    name: str
    curves: list[Curve]
    log: bool = False
    height: float = 1.0


def comparison_picture(pasts: Sequence[Past], form: canvas.Form, *, dark: bool = False) -> bytes:
    """Draw the curves of runs over one another.

    Args:
        pasts: the runs, at least one.
        form: ``svg`` or ``png``.
        dark: light curves on a dark ground.
    """
    share = by_share(pasts)
    labels = [f"{k} {printable(p.name)}" for k, p in zip(letters_of(len(pasts)), pasts, strict=True)]
    words = f"Learning rate and loss of {len(pasts)} runs over {'the share of the run' if share else 'steps'}."
    steps = None if share else pasts[0].total
    return panels_picture(_TITLE, labels, step_panels(pasts, share=share), steps, form, words=words, dark=dark)


def step_panels(pasts: Sequence[Past], *, share: bool) -> list[Panel]:
    """Learning rate, momentum where it moves, and loss of runs, over steps or the share of the run."""
    rates = [extremes(over(past, past.curves.learning_rate, share=share), _POINTS) for past in pasts]
    momenta = [extremes(over(past, past.curves.momentum, share=share), _POINTS) for past in pasts]
    losses = [means(over(past, past.curves.loss, share=share), _LOSS_POINTS) for past in pasts]
    moving = any(len(curve.y) and np.ptp(curve.y) > 0 for curve in momenta)
    tall = 1.4 if moving else 1.0
    found = [Panel("learning rate", rates, height=tall), Panel("loss", losses, log=True, height=tall)]
    return [found[0], Panel("momentum", momenta), found[1]] if moving else found


def panels_picture(
    title: str,
    labels: Sequence[str],
    panels: Sequence[Panel],
    steps: int | None,
    form: canvas.Form,
    *,
    words: str,
    dark: bool,
) -> bytes:
    """Panels under one another, over the same axis.

    Args:
        title: of the picture.
        labels: names of the curves, in their order; empty where they need none.
        panels: from the top to the bottom.
        steps: of the axis; None: it is the share of the run.
        form: ``svg`` or ``png``.
        words: for those who do not see it.
        dark: light curves on a dark ground.
    """
    legend = Legend(labels) if labels else None

    def draw(figure: "Figure", theme: Theme) -> None:
        top = canvas.header(figure, theme, title, [])
        top = top if legend is None else legend.draw(figure, theme, top)
        drawn = canvas.panels(figure, top + 0.08, [each.height for each in panels])
        if steps is None:
            axes.share_axis(drawn[-1])
        else:
            axes.step_axis(drawn[-1], steps)
        for axis, each in zip(drawn, panels, strict=True):
            _panel(axis, theme, printable(each.name), each.curves, _axis_of(each), log=each.log)

    height = 1.2 + 1.35 * sum(each.height for each in panels) + (0.0 if legend is None else legend.height)
    return canvas.render(draw, form, height=height, title=title, description=words, dark=dark)


def _axis_of(panel: Panel) -> Callable[..., None]:
    return axes.rate_axis if panel.log or panel.name == "learning rate" else _value_axis


def _value_axis(panel: "Axes", values: "np.typing.NDArray[np.float32]", *, headroom: float, log: bool) -> None:
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
