"""The history of a run as curves: on the terminal, and as a picture."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from rich.text import Text

from runner.errors import RunError
from runner.lookback.curves_view import curve_lines
from runner.lookback.overlay import Frame, panel
from runner.lookback.recorded_run import Past
from runner.lookback.reduce import Curve, extremes, finite
from runner.sinks.formatting import clip
from runner.text import printable
from runner.views.lines import Screen

if TYPE_CHECKING:
    from runner.plots.canvas import Form

_POINTS = 400
METRICS = 8
"""Panels of metrics at most."""
PREFIXES = {"": "training", "val_": "validation"}


def metric_curves(past: Past) -> dict[str, dict[str, Curve]]:
    """Curves of training and validation over steps by metric; none where there are fewer than two epochs."""
    names = dict.fromkeys(name.removeprefix("val_") for epoch in past.epochs for name in epoch.metrics)
    found = {}
    for name in list(names)[:METRICS] if len(past.epochs) > 1 else ():
        curves = {label: _by_epoch(past, f"{prefix}{name}") for prefix, label in PREFIXES.items()}
        found[name] = {label: curve for label, curve in curves.items() if len(curve.x)}
    return {name: curves for name, curves in found.items() if curves}


def _by_epoch(past: Past, name: str) -> Curve:
    """A metric over the last steps of the epochs."""
    values = [epoch.metrics.get(name, np.nan) for epoch in past.epochs]
    return extremes(finite([epoch.step - 1 for epoch in past.epochs], values), _POINTS)


def history_lines(past: Past, screen: Screen, *, epochs: bool) -> Iterator[Text]:
    """Learning rate, momentum and loss of every step, then the metrics of the epochs.

    Args:
        past: the run.
        screen: to fit on.
        epochs: whether to draw the metrics alone.

    Raises:
        RunError: there is nothing to draw.
    """
    metrics = metric_curves(past)
    if not (metrics if epochs else past.curves.steps):
        what = "two epochs" if epochs else "a step"
        raise RunError(f"{past.name} has not made {what}: there is nothing to draw")
    if not epochs:
        yield from curve_lines([past], screen)
    frame = Frame(screen, float(max(past.total - 1, 1)), False, lettered=True)
    for k, (name, curves) in enumerate(metrics.items()):
        if k or not epochs:
            yield Text()
        lettered = frame._replace(lettered=len(curves) > 1)
        _, *lines = panel(name, list(curves.values()), lettered)
        yield _head(printable(name), list(curves), screen.width)
        yield from lines


def _head(name: str, labels: list[str], width: int) -> Text:
    keys = ", ".join(f"{letter} {label}" for letter, label in zip("AB", labels, strict=False))
    keys = f": {keys}" if len(labels) > 1 else f", {labels[0]}"
    long = f"{name} by epoch"
    shown = long if len(long) + len(keys) <= width else clip(name, max(width - len(keys), 8))
    return Text.assemble((shown, "bold"), clip(keys, max(width - len(shown), 1)))


def history_picture(past: Past, form: "Form", *, epochs: bool = False, dark: bool = False) -> bytes:
    """The same as a picture.

    Args:
        past: the run.
        form: ``svg`` or ``png``.
        epochs: whether to draw the metrics alone.
        dark: light curves on a dark ground.

    Raises:
        RunError: there is nothing to draw.
    """
    from runner.lookback.run_curves import Panel, panels_picture, step_panels

    metrics = metric_curves(past)
    steps = [] if epochs else step_panels([past], share=False)
    found = [
        *steps,
        *(Panel(f"{printable(name)} by epoch", list(c.values()), log=name == "loss") for name, c in metrics.items()),
    ]
    if not any(len(curve.x) for each in found for curve in each.curves):
        raise RunError(f"{past.name} has not made {'two epochs' if epochs else 'a step'}: there is nothing to draw")
    labels = list(PREFIXES.values()) if any(len(curves) > 1 for curves in metrics.values()) else []
    words = f"{', '.join(each.name for each in found)} over {past.total:,} steps."
    return panels_picture(printable(past.name), labels, found, past.total, form, words=words, dark=dark)
