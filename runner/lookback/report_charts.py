"""Which charts a report has."""

from collections.abc import Sequence

import numpy as np

from runner.lookback.chart import Across, Chart, Line, chart
from runner.lookback.curves_view import by_share, over
from runner.lookback.planned import Planned
from runner.lookback.recorded_run import Past
from runner.lookback.reduce import Curve, extremes, finite, means
from runner.text import printable

_POINTS = 300
_SMOOTH = 80
_METRICS = 8
"""Charts of metrics by epoch at most."""


def run_charts(past: Past, plan: Planned | None) -> list[Chart]:
    """Learning rate, momentum and loss over the plan, and every metric by epoch."""
    across = Across("step", 0.0, float(max(past.total - 1, 1)), phases=past.phase_rows())
    curves = past.curves
    charts = [
        chart(
            "learning rate",
            _over_plan(_rates(plan), _of(past, curves.learning_rate)),
            across,
        ),
        chart("momentum", _over_plan(_momenta(plan), _of(past, curves.momentum)), across),
        chart("loss", _loss(past), _executed(past, across), log=True),
        *(_by_epoch(past, name) for name in _bare_names(past)[:_METRICS]),
    ]
    return [drawn for drawn in charts if drawn is not None]


def _executed(past: Past, across: Across) -> Across:
    """The axis of the plan; that of what was executed where a run came to its end before half of the plan."""
    early = past.ended is not None and past.steps < past.total / 2
    last = max(past.curves.steps, default=0)  # of a run that diverged there is more than its state has made
    return across._replace(high=float(max(last, 1))) if early else across


def _of(past: Past, values: Sequence[float]) -> Curve:
    return finite(past.curves.steps, values)


def _plan(plan: Planned, values: "np.typing.NDArray[np.float64]") -> Curve:
    return finite(plan.steps, values)


def _rates(plan: Planned | None) -> Curve | None:
    return _plan(plan, plan.learning_rate) if plan is not None else None


def _momenta(plan: Planned | None) -> Curve | None:
    return _plan(plan, plan.momentum) if plan is not None and plan.momentum is not None else None


def _over_plan(wanted: Curve | None, executed: Curve) -> list[Line]:
    lines = [Line("executed", "line-1", extremes(executed, _POINTS))]
    return lines if wanted is None else [Line("planned", "planned", extremes(wanted, _POINTS)), *lines]


def _loss(past: Past) -> list[Line]:
    every = _of(past, past.curves.loss)
    if len(every.x) <= _SMOOTH:
        return [Line("each step", "line-2", every)]
    return [
        Line("each step", "faint", extremes(every, _POINTS)),
        Line("running mean", "line-2", means(every, _SMOOTH)),
    ]


def _bare_names(past: Past) -> list[str]:
    return list(dict.fromkeys(name.removeprefix("val_") for epoch in past.epochs for name in epoch.metrics))


def _by_epoch(past: Past, name: str) -> Chart | None:
    if len(past.epochs) < 2:
        return None
    numbers = [epoch.epoch + 1 for epoch in past.epochs]
    lines = []
    for prefix, label, look in (("", "training", "line-1"), ("val_", "validation", "line-2")):
        values = [epoch.metrics.get(f"{prefix}{name}", np.nan) for epoch in past.epochs]
        lines.append(Line(label, look, extremes(finite(numbers, values), _POINTS)))
    across = Across("epoch", float(numbers[0]), float(max(numbers[-1], numbers[0] + 1)))
    return chart(f"{printable(name)} by epoch", lines, across, log=name.endswith("loss"), settle=True)


def comparison_charts(pasts: Sequence[Past], letters: Sequence[str]) -> list[Chart]:
    """Learning rate, momentum where it moves, and loss of several runs over one another."""
    share = by_share(pasts)
    across = (
        Across("share of the run", 0.0, 1.0, share=True) if share else Across("step", 0.0, float(pasts[0].total - 1))
    )
    looks = [f"line-{k % 8 + 1}" for k in range(len(pasts))]

    def drawn(title: str, curves: list[Curve], *, log: bool = False) -> Chart | None:
        return chart(title, [Line(*of) for of in zip(letters, looks, curves, strict=True)], across, log=log)

    rates = [extremes(over(past, past.curves.learning_rate, share=share), _POINTS) for past in pasts]
    momenta = [extremes(over(past, past.curves.momentum, share=share), _POINTS) for past in pasts]
    losses = [means(over(past, past.curves.loss, share=share), _SMOOTH) for past in pasts]
    charts = [drawn("learning rate", rates), drawn("momentum", momenta), drawn("loss", losses, log=True)]
    return [found for found in charts if found is not None]
