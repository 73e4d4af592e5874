"""Drawings of an evaluation, as numbers and texts for a template: confusion matrix, reliability, residuals."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runner.lookback.chart import Across, Chart, Line, chart
from runner.lookback.reduce import Curve, finite
from runner.measures.calibration import Calibration

Array = NDArray[Any]
_CLASSES = 20
"""Of a matrix at most."""
_NAME = 14
"""Characters of a class's name in a matrix."""
_LEVEL, _PHONE_CLASSES = 3, 10
"""Characters of names that need not be turned, and classes that the screen of a phone has room for."""
_HALF, _DEEP = 0.62, 0.85
"""Shares from which text in the paper's colour has more contrast than ink: on dark paper, and on the diagonal of light
paper."""
_BARS = 41


class Cell(NamedTuple):
    """A cell of a matrix, in pixels."""

    x: float
    y: float
    right: bool
    """Whether it is on the diagonal."""
    shade: str
    """Opacity: the share of the true class."""
    text: str
    ground: str
    """How much colour the text stands on, as classes of the style sheet."""
    full: str


class Matrix(NamedTuple):
    """A confusion matrix, ready to be written."""

    description: str
    side: int
    left: int
    top: int
    size: tuple[int, int]
    names: list[tuple[float, str]]
    """Middle of each row or column within the matrix, and the class."""
    cells: list[Cell]
    level: bool
    """Whether names are short enough to stand level above their columns, and the whole to be read on a phone."""


def matrix_of(counts: Mapping[tuple[int, int], int], names: Sequence[str]) -> Matrix | None:
    """A row for each true class, a column for each decision; None for more than 20 classes, or a single one.

    Args:
        counts: examples by (true class, decision).
        names: of the classes.
    """
    many = len(names)
    if not 1 < many <= _CLASSES:
        return None
    side = max(min(560 // many, 64), 28)
    short = [_short(name) for name in names]
    left = 24 + round(6.6 * max(map(len, short)))
    level = many <= _PHONE_CLASSES and max(map(len, short)) <= _LEVEL
    of_class = [sum(counts.get((true, decided), 0) for decided in range(many)) for true in range(many)]
    cells = []
    for (true, decided), n in sorted(counts.items()):
        share = n / of_class[true]
        full = f"{n:,} of {of_class[true]:,} {names[true]} decided for {names[decided]}"
        place, right = (left + decided * side, left + true * side), true == decided
        cells.append(Cell(*place, right, f"{0.08 + 0.84 * share:.2f}", f"{n}", _ground(share, right), full))
    hits = sum(n for (true, decided), n in counts.items() if true == decided)
    whole = left + many * side + 4
    words = f"confusion matrix of {many} classes: {hits:,} of {sum(of_class):,} on the diagonal"
    places = [((k + 0.5) * side, name) for k, name in enumerate(short)]
    return Matrix(words, side, left, left, (whole, whole), places, cells, level)


def _ground(share: float, right: bool) -> str:
    return " half deep" if right and share >= _DEEP else " half" if share >= _HALF else ""


def _short(name: str) -> str:
    """The name without its middle: what tells classes apart is at the end as often as at the beginning."""
    return name if len(name) <= _NAME else f"{name[: _NAME - 1 - _NAME // 2]}…{name[-(_NAME // 2) :]}"


def reliability_chart(bins: Calibration) -> Chart | None:
    """Share of right decisions over mean confidence, for each of 15 bins that has examples, with the diagonal."""
    some = bins.count > 0
    confidence, right = bins.confidence[some] / bins.count[some], bins.right[some] / bins.count[some]
    diagonal = Curve(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    lines = [Line("calibrated", "planned", diagonal), Line("this run", "line-1", finite(confidence, right))]
    return chart("accuracy by confidence", lines, Across("mean confidence", 0.0, 1.0, share=True))


def residual_charts(name: str, arrays: Mapping[str, Array], k: int) -> list[Chart | None]:
    """How residuals are spread, and their quantiles over the predicted number, for the k-th predicted number."""
    predicted = arrays["predicted"][:, k].astype(np.float64)
    residuals = predicted - arrays["target"][:, k]
    known = np.isfinite(residuals)
    predicted, residuals = predicted[known], residuals[known]
    if len(residuals) < 2 or residuals.min() == residuals.max():
        return []
    return [_spread(name, residuals), _over(name, predicted, residuals)]


def _spread(name: str, residuals: Array) -> Chart | None:
    """A histogram as a line of steps."""
    counts, edges = np.histogram(residuals, bins=min(_BARS, max(len(residuals) // 4, 5)))
    x, y = np.repeat(edges, 2)[1:-1], np.repeat(counts, 2)
    across = Across("predicted − true", float(edges[0]), float(edges[-1]))
    return chart(f"{name}: distribution of residuals", [Line("examples", "line-1", finite(x, y))], across)


def _over(name: str, predicted: Array, residuals: Array) -> Chart | None:
    """Median and the middle 90 % of the residuals of examples with neighbouring predictions."""
    order = np.argsort(predicted, kind="stable")
    parts = [part for part in np.array_split(order, min(20, max(len(order) // 10, 2))) if len(part)]
    middle = [float(predicted[part].mean()) for part in parts]
    low, median, high = (np.array([np.quantile(residuals[part], q) for part in parts]) for q in (0.05, 0.5, 0.95))
    across = Across("predicted", middle[0], middle[-1] if middle[-1] > middle[0] else middle[0] + 1.0)
    lines = [
        Line("5%", "line-2", finite(middle, low)), Line("95%", "line-2", finite(middle, high)),
        Line("median", "line-1", finite(middle, median)),
    ]  # fmt: skip
    return chart(f"{name}: residuals by prediction", lines, across)
