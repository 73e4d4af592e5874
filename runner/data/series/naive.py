"""Forecasts of a series that need no model, and their figures."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Array, Split
from runner.data.series.prepared import PreparedSeries
from runner.data.series.streamed import StreamedWindows
from runner.data.series.windowed import WindowedExamples
from runner.measures.constant_figures import FIGURES, mean

Forecast = Callable[[Array], Array]
"""From the targets' values in the rows that are seen, ``(b, length, targets)``, to those in the rows that follow,
``(b, horizon, targets)``; NaN where one is missing."""


def naive_figures(
    series: PreparedSeries, metrics: Sequence[str], train: Split, held: Split
) -> dict[str, dict[str, float]]:
    """Figures of naive forecasts of a part's windows, by forecast and metric.

    ``last`` says for every later row the last value that is seen; ``seasonal`` the value of one season before, where
    the windows see a whole season; ``mean`` the mean of each target in the training windows. Where a value is missing,
    ``seasonal`` says the last value, and ``last`` the mean.

    Args:
        series: of the recipe.
        metrics: of the run, of which those of errors have figures.
        train: windows whose mean is taken.
        held: windows that are predicted.
    """
    wanted = [metric for metric in metrics if metric in FIGURES and metric != "accuracy"]
    usual, horizon = mean(train.each_target), series.windows.horizon
    forecasts: dict[str, Forecast] = {"last": lambda seen: _last(seen, horizon)}
    if series.season is not None:
        season = series.season
        forecasts["seasonal"] = lambda seen: _seasonal(seen, horizon, season)
    found = {name: _figures(held, forecast, usual, wanted) for name, forecast in forecasts.items()}
    found["mean"] = {metric: FIGURES[metric](held.each_target, usual) for metric in wanted}
    return {name: figures for name, figures in found.items() if figures}


def _figures(held: Split, forecast: Forecast, usual: Array, wanted: list[str]) -> dict[str, float]:
    """A metric of the errors is that of targets minus forecasts, held to 0."""

    def errors() -> Iterator[Array]:
        for part in _windows(held):
            said = forecast(_seen(part)).reshape(part.y.shape)
            yield part.y - np.where(np.isnan(said), usual, said)

    zero = np.zeros((), np.float64)
    return {metric: FIGURES[metric](errors, zero) for metric in wanted}


def _windows(split: Split) -> Iterator[WindowedExamples]:
    assert isinstance(split, WindowedExamples | StreamedWindows)
    return split.windows()


def _seen(part: WindowedExamples) -> NDArray[np.float64]:
    """Values of the targets in the rows that each window sees, ``(b, length, targets)``."""
    length, before = len(part.inputs.offsets), int(np.ravel(part.targets.offsets)[0])
    seen = part.targets._replace(offsets=np.arange(before, dtype=np.int64)).taken(slice(None))
    return seen.reshape(len(part), length, -1).astype(np.float64)


def _last(seen: Array, horizon: int) -> Array:
    """The last value that there is of each target, for every row."""
    back = np.argmax(~np.isnan(seen[:, ::-1]), axis=1)  # rows before the last one; 0 where there is none at all
    last = np.take_along_axis(seen[:, ::-1], back[:, None], axis=1)
    return np.repeat(last, horizon, axis=1)


def _seasonal(seen: Array, horizon: int, season: int) -> Array:
    """The value of the same place in the season before, ``y(t − season)``; of rows beyond it that season once more."""
    length = seen.shape[1]
    said = seen[:, length - season + np.arange(horizon) % season]
    return np.where(np.isnan(said), _last(seen, horizon), said)
