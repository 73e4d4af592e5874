"""Lines through points, as dense points."""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""x and y, one point per row."""


def dense(points: Points, spacing: float = 2.0) -> Points:
    """Points along the straight lines between points, at most ``spacing`` apart; a jump becomes a vertical line."""
    if len(points) < 2:
        return points
    lengths = np.hypot(*np.diff(points, axis=0).T)
    counts = np.maximum(np.ceil(lengths / spacing), 1).astype(np.int64)
    row = np.repeat(np.arange(len(counts)), counts)
    part = (np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[row]
    between = points[row] + part[:, None] * (points[row + 1] - points[row])
    return np.concatenate([between, points[-1:]])
