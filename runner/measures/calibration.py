"""How far probabilities are from the shares of examples that they claim."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

BINS = 15
"""As in Guo et al. 2017."""
Float64 = NDArray[np.float64]


def _zeros() -> Float64:
    return np.zeros(BINS)


@dataclass
class Calibration:
    """Sums over bins of equal width, of the probability of the decided class and of whether it was right."""

    examples: int = 0
    confidence: Float64 = field(default_factory=_zeros)
    right: Float64 = field(default_factory=_zeros)
    count: Float64 = field(default_factory=_zeros)
    """Examples of each bin."""

    def add(self, confidence: Float64, right: NDArray[np.bool_]) -> None:
        """Count a batch.

        Args:
            confidence: probability of the decided class, shape ``(b,)``.
            right: whether it is the true one, shape ``(b,)``.
        """
        bins = np.clip(np.ceil(np.nan_to_num(confidence) * BINS).astype(np.int64) - 1, 0, BINS - 1)
        self.examples += len(right)
        self.confidence += np.bincount(bins, confidence, BINS)
        self.right += np.bincount(bins, right, BINS)
        self.count += np.bincount(bins, minlength=BINS)

    def error(self) -> float:
        """Expected calibration error: Σ_bins (n_bin / n) · |accuracy − mean confidence| (Guo et al. 2017).

        The bins are (0, 1/15], (1/15, 2/15] … (14/15, 1].
        """
        return float(np.abs(self.right - self.confidence).sum() / self.examples)
