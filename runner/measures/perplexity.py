"""Perplexity, from means over tokens."""

import math


def finished(name: str, mean: float) -> float:
    """The figure of a metric, from its mean over all tokens or examples.

    Perplexity is exp(−(1/N)·Σ ln p(token)), N tokens: the mean is in the exponent, so that it is exact over a whole
    split and not a mean of the batches' perplexities. Any other metric is its mean. Beyond the largest float64 it is ∞.
    """
    if name != "perplexity":
        return mean
    try:
        return math.exp(mean)
    except OverflowError:
        return math.inf
