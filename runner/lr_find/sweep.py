"""The range test's arithmetic: learning rates that grow, losses smoothed, where to stop."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from runner.curves.checks import require_positive
from runner.curves.segments import Segment, segments
from runner.curves.types import Values

LEAST_STEPS = 20
"""Fewest steps of a test: its first tenth and its last five points say nothing."""
_DIVERGED = 4.0
"""Times the least loss at which a test stops."""

Stop = Literal["diverging", "not finite"]


@dataclass(frozen=True)
class Sweep:
    """A loss for each learning rate, as far as they count; arrays of the same length."""

    learning_rate: Values
    loss: Values
    """Of each step's batch."""
    smoothed: Values
    weight: Values
    """Examples of each step's batch over those of a whole one."""
    steps: int
    """n, the steps that were planned."""
    stopped: Stop | None = None
    """Why it ended before ``max_lr``."""


def growing_rates(min_lr: float, max_lr: float, steps: int) -> Values:
    """η(t) = η_min · (η_max/η_min)^(t/(n−1)): a constant factor from step to step, the ends exact.

    Args:
        min_lr: η_min.
        max_lr: η_max.
        steps: n, at least 20.

    Raises:
        ValueError: when the rates do not grow or the steps are too few.

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
    """β = w/(w + 1), so that the smoothed loss looks back w = n/30 steps on average, and no less than one.

    A share of the test and not of its steps: the smoothed curve then lags by the same factor of the learning
    rate, (η_max/η_min)^(1/30), however many steps there are.
    """
    width = max(1.0, steps / 30)
    return width / (width + 1)


def smooth(losses: ArrayLike, beta: float, weights: ArrayLike | None = None) -> Values:
    """Σ_k β^(t−k)·w_k·x_k / Σ_k β^(t−k)·w_k over the steps k ≤ t: the bias-corrected mean.

    The first value is the first loss itself. With equal weights w it is s_t = β·s_{t−1} + (1−β)·x_t over 1 − β^(t+1).

    Args:
        losses: x, one a step.
        beta: β, the memory.
        weights: w; a batch that is a part of one counts by its examples. None: 1 for all.
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
    """Count the steps up to the first at which s_t > 4 · min s, that one included, or x_t is not finite.

    The minimum runs over the steps so far but the first tenth, in which nothing stops for being large: a mean
    of a few batches is small or large by chance.

    Args:
        rates: learning rates of all n steps.
        losses: losses of the steps made, no more than n.
        weights: examples of each of the n batches over those of a whole one; None: 1 for all.
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
    """The median over several sweeps of each step's loss; one that has stopped counts as infinite.

    Args:
        rates: learning rates of all n steps.
        sweeps: with the same rates and the same sizes of batches.
        weights: as of each sweep.
    """
    losses = [_padded(sweep.loss, np.size(rates), np.inf) for sweep in sweeps]
    median = sweep_of(rates, np.median(losses, axis=0), weights)
    diverging = any(sweep.stopped == "diverging" for sweep in sweeps)
    return replace(median, stopped="diverging") if diverging and median.stopped is not None else median


def band(sweeps: Sequence[Sweep], count: int) -> tuple[Values, Values]:
    """Least and largest smoothed loss at each of ``count`` steps, over the sweeps that have come so far."""
    smoothed = np.array([_padded(sweep.smoothed, sweep.steps, np.nan)[:count] for sweep in sweeps])
    return np.fmin.reduce(smoothed), np.fmax.reduce(smoothed)


def _padded(values: Values, length: int, filler: float) -> Values:
    return np.append(values, np.full(length - len(values), filler))


def head(steps: int) -> int:
    """Steps at the start that no rule looks at."""
    return steps // 10
