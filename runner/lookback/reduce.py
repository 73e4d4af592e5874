"""Long curves made short enough to draw, without hiding what stands out."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

_GREATEST = float(np.finfo(np.float32).max)

Numbers = NDArray[np.float64]


class Curve(NamedTuple):
    """Points of a curve, from left to right."""

    x: Numbers
    y: Numbers


def finite(x: ArrayLike, y: ArrayLike) -> Curve:
    """The points whose value is a number, within what float32 can hold: no step returns more."""
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    known = np.isfinite(ys)
    return Curve(xs[known], np.clip(ys[known], -_GREATEST, _GREATEST))


def means(curve: Curve, points: int) -> Curve:
    """Means of equally many neighbours: what is left of a loss without its noise."""
    if len(curve.x) <= points:
        return curve
    edges = np.linspace(0, len(curve.x), points + 1).astype(np.int64)
    counts = np.diff(edges)
    return Curve(np.add.reduceat(curve.x, edges[:-1]) / counts, np.add.reduceat(curve.y, edges[:-1]) / counts)


def extremes(curve: Curve, points: int) -> Curve:
    """The least and the greatest of neighbours, in their order, and both ends: no corner and no spike is lost."""
    if len(curve.x) <= 2 * points:
        return curve
    kept = {0, len(curve.x) - 1}
    for part in np.array_split(np.arange(len(curve.x)), points):
        kept |= {int(part[np.argmin(curve.y[part])]), int(part[np.argmax(curve.y[part])])}
    chosen = sorted(kept)
    return Curve(curve.x[chosen], curve.y[chosen])
