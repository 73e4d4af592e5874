"""Learning rate and loss of runs, drawn for the terminal."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from runner.lookback.overlay import Frame, panel
from runner.lookback.recorded_run import Past
from runner.lookback.reduce import Curve, extremes, finite, means
from runner.views.lines import Screen

_LOSS_POINTS = 60
_POINTS = 400


def by_share(pasts: Sequence[Past]) -> bool:
    """Whether curves are drawn over the share of the run: runs of different lengths have no common steps."""
    return len({past.total for past in pasts}) > 1


def curve_lines(pasts: Sequence[Past], screen: Screen, *, rows: int = 8) -> Iterator[Text]:
    """Learning rate, momentum where it moves, and loss, each run's over the others'.

    Args:
        pasts: the runs.
        screen: to fit on.
        rows: lines of a panel.
    """
    share = by_share(pasts)
    total = 1.0 if share else float(max(pasts[0].total - 1, 1))
    frame = Frame(screen, total, share, rows, len(pasts) > 1)
    curves = [past.curves for past in pasts]
    rates = [over(past, c.learning_rate, share=share) for past, c in zip(pasts, curves, strict=True)]
    momenta = [over(past, c.momentum, share=share) for past, c in zip(pasts, curves, strict=True)]
    losses = [over(past, c.loss, share=share) for past, c in zip(pasts, curves, strict=True)]
    blocks = [
        panel("learning rate", [extremes(rate, _POINTS) for rate in rates], frame),
        panel(
            "momentum", [extremes(momentum, _POINTS) for momentum in momenta], frame._replace(rows=max(rows // 2, 3))
        ),
        panel("loss", [means(loss, _LOSS_POINTS) for loss in losses], frame),
    ]
    for k, block in enumerate(block for block in blocks if block):
        if k:
            yield Text()
        yield from block


def over(past: Past, values: Sequence[float], *, share: bool) -> Curve:
    """A curve of a run over its steps, or over the share of the run."""
    curve = finite(past.curves.steps, values)
    return Curve(curve.x / max(past.total - 1, 1), curve.y) if share else curve
