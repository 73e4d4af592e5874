"""Arithmetic of the range test: growing learning rates, smoothed losses, and when to stop."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from runner.curves.checks import require_positive
from runner.curves.segments import Segment, segments
from runner.curves.types import Values

LEAST_STEPS = 20
"""Minimum number of steps of a test, since its first tenth and its last five points are ignored."""
_DIVERGED = 4.0
"""Multiple of the lowest loss at which a test stops."""

Stop = Literal["diverging", "not finite"]


@dataclass(frozen=True)
class Sweep:
    """Losses by learning rate, up to the point where the test stops; arrays of the same length."""

    learning_rate: Values
    loss: Values
    """Loss of each step's batch."""
    smoothed: Values
    weight: Values
    """Examples of each step's batch, as a fraction of a full batch."""
    steps: int
    """n, the number of planned steps."""
    stopped: Stop | None = None
    """Why the test ended before ``max_lr``."""


def growing_rates(min_lr: float, max_lr: float, steps: int) -> Values:
    """η(t) = η_min · (η_max/η_min)^(t/(n−1)): a constant factor from step to step, with exact ends.

    Args:
        min_lr: η_min.
        max_lr: η_max.
        steps: n, at least 20.

    Raises:
        ValueError: the rates do not grow, or there are too few steps.

    Source: A. Géron, Hands-On Machine Learning, chapter 11 (finding a learning rate); L. Smith 2015.
    """
    require_positive("min_lr", min_lr)
    require_positive("max_lr", max_lr)
    if max_lr <= min_lr:
        raise ValueError(f"max_lr must be above min_lr {min_lr!r}; received {max_lr!r}")
    if steps < LEAST_STEPS:
        raise ValueError(f"steps must be at least {LEAST_STEPS}; received {steps!r}")
    return segments([Segment(0, steps, min_lr, max_lr, "exponential")])(np.arange(steps, dtype=np.int64))


def memory(steps: int) -> float:
    """β = w/(w + 1), so that the smoothed loss looks back w = n/30 steps on average, but at least one.

    A fraction of the test rather than a number of steps: the smoothed curve then lags by the same factor of the
    learning rate, (η_max/η_min)^(1/30), however many steps there are.
    """
    width = max(1.0, steps / 30)
    return width / (width + 1)


def smooth(losses: ArrayLike, beta: float, weights: ArrayLike | None = None) -> Values:
    """Σ_k β^(t−k)·w_k·x_k / Σ_k β^(t−k)·w_k over the steps k ≤ t: the bias-corrected mean.

    The first value is the first loss itself. With equal weights w it is s_t = β·s_{t−1} + (1−β)·x_t over 1 − β^(t+1).

    Args:
        losses: x, one per step.
        beta: β, the memory.
        weights: w; an incomplete batch counts in proportion to its examples. None: 1 for all.
    """
    x = np.asarray(losses, dtype=np.float64)
    w = np.ones_like(x) if weights is None else np.asarray(weights, dtype=np.float64)
    smoothed, total, mass = [], 0.0, 0.0
    for loss, weight in zip(x.tolist(), w.tolist(), strict=True):
        total = beta * total + (1 - beta) * weight * loss
        mass = beta * mass + (1 - beta) * weight
        smoothed.append(total / mass)
    return np.array(smoothed, dtype=np.float64)


def sweep_of(rates: ArrayLike, losses: ArrayLike, weights: ArrayLike | None = None) -> Sweep:
    """Keep the steps up to and including the first with s_t > 4 · min s, or up to the first x_t that is not finite.

    The minimum is over the steps so far except the first tenth, in which no large value stops the test: the mean of a
    few batches is small or large by chance.

    Args:
        rates: learning rates of all n steps.
        losses: losses of the steps made, no more than n.
        weights: examples of each of the n batches, as a fraction of a full batch; None: 1 for all.
    """
    eta, x = np.asarray(rates, dtype=np.float64), np.asarray(losses, dtype=np.float64)
    w = np.ones_like(eta) if weights is None else np.asarray(weights, dtype=np.float64)
    wild = np.flatnonzero(~np.isfinite(x))
    count = int(wild[0]) if len(wild) else len(x)
    stopped: Stop | None = "not finite" if len(wild) else None
    smoothed = smooth(x[:count], memory(len(eta)), w[:count])
    late = smoothed[head(len(eta)) :]
    large = np.flatnonzero(late > _DIVERGED * np.minimum.accumulate(late))
    if len(large):
        count, stopped = head(len(eta)) + int(large[0]) + 1, "diverging"
    return Sweep(eta[:count], x[:count], smoothed[:count], w[:count], len(eta), stopped)


def median_sweep(rates: ArrayLike, sweeps: Sequence[Sweep], weights: ArrayLike | None = None) -> Sweep:
    """The median of each step's loss over several sweeps; a sweep that has stopped counts as infinite.

    Args:
        rates: learning rates of all n steps.
        sweeps: sweeps with the same rates and the same batch sizes.
        weights: the weights of each sweep.
    """
    losses = [_padded(sweep.loss, np.size(rates), np.inf) for sweep in sweeps]
    median = sweep_of(rates, np.median(losses, axis=0), weights)
    diverging = any(sweep.stopped == "diverging" for sweep in sweeps)
    return replace(median, stopped="diverging") if diverging and median.stopped is not None else median


def band(sweeps: Sequence[Sweep], count: int) -> tuple[Values, Values]:
    """Lowest and highest smoothed loss at each of ``count`` steps, over the sweeps that reach the step."""
    smoothed = np.array([_padded(sweep.smoothed, sweep.steps, np.nan)[:count] for sweep in sweeps])
    return np.fmin.reduce(smoothed), np.fmax.reduce(smoothed)


def _padded(values: Values, length: int, filler: float) -> Values:
    return np.append(values, np.full(length - len(values), filler))


def head(steps: int) -> int:
    """Number of steps at the start that no rule considers."""
    return steps // 10
