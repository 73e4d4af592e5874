"""Linear models in closed form or by steps that never rise, on NumPy arrays: what any model should be better than."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_MOST_STEPS = 200
_ENOUGH = 1e-5
"""By which share of itself the loss falls in the last step."""


@dataclass(frozen=True)
class Linear:
    """Scores z = ((x − m)/d) · w + b.

    Attributes:
        mean: m, ``(features,)``.
        scale: 1/d, 0 for a feature that does not vary, ``(features,)``.
        weights: w, ``(features, outputs)``.
        bias: b, ``(outputs,)``.
    """

    mean: Array
    scale: Array
    weights: Array
    bias: Array

    def scores(self, x: Array) -> Array:
        """Of examples ``(n, features)``, shape ``(n, outputs)``."""
        return _scaled(x, self.mean, self.scale) @ self.weights + self.bias


def _scaled(x: Array, mean: Array, scale: Array) -> Array:
    scaled: Array = (x.astype(np.float64) - mean) * scale
    return scaled


def _moments(x: Array) -> tuple[Array, Array]:
    mean, deviation = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)
    varies = deviation > 1e-12 * np.maximum(np.abs(mean), 1)
    return mean, np.where(varies, 1 / np.where(varies, deviation, 1), 0.0)


def least_squares(x: Array, y: Array) -> Linear:
    """Least squares on standardized features, with a ridge of 1/n for features that depend on others.

    w = (XᵀX/n + I/n)⁻¹ · Xᵀ(y − ȳ)/n, b = ȳ.

    Args:
        x: features, ``(n, features)``.
        y: numbers, ``(n,)`` or ``(n, targets)``.
    """
    mean, scale = _moments(x)
    values, targets = _scaled(x, mean, scale), y.reshape(len(y), -1).astype(np.float64)
    bias = targets.mean(axis=0)
    weights = np.linalg.solve(_curvature(values), values.T @ (targets - bias) / len(values))
    return Linear(mean, scale, weights, bias)


def _curvature(values: Array) -> Array:
    n, features = values.shape
    found: Array = (values.T @ values + np.eye(features)) / n
    return found


def logistic(x: Array, y: Array, classes: int | None) -> Linear:
    """Logistic regression on standardized features, with the penalty ‖w‖²/2n, as scikit-learn's with C = 1.

    Newton steps with a bound of the curvature in place of the curvature itself, which is inverted once (Böhning 1992):
    XᵀX/2n for a softmax over classes, XᵀX/4n for a sigmoid of each label. No step makes the loss larger; they are
    accelerated as Nesterov's, and end when the loss hardly falls.

    Args:
        x: features, ``(n, features)``.
        y: classes ``(n,)``, or labels ``(n, k)``, each 0 or 1.
        classes: how many classes there are; None for labels.
    """
    mean, scale = _moments(x)
    values = np.concatenate([_scaled(x, mean, scale), np.ones((len(x), 1))], axis=1)
    wanted = (y[:, None] == np.arange(classes)) if classes is not None else y.astype(np.bool_)
    penalty = np.append(np.ones(values.shape[1] - 1), 0.0)[:, None] / len(values)
    inverse = np.linalg.inv(_curvature(values) * (0.5 if classes is not None else 0.25) + np.diagflat(penalty))
    found = _descended(values, wanted.astype(np.float64), penalty, inverse, softmax=classes is not None)
    return Linear(mean, scale, found[:-1], found[-1])


def _descended(values: Array, wanted: Array, penalty: Array, inverse: Array, *, softmax: bool) -> Array:
    weights = ahead = np.zeros((values.shape[1], wanted.shape[1]))
    before, momentum = np.inf, 1.0
    for _ in range(_MOST_STEPS):
        loss, gradient = _loss(values, wanted, ahead, penalty, softmax=softmax)
        if loss > before:
            ahead, momentum, before = weights, 1.0, np.inf  # the acceleration went too far: begin it again
            continue
        if before - loss < _ENOUGH * loss:
            return ahead
        moved, before = ahead - inverse @ gradient, loss
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead, weights, momentum = moved + (momentum - 1) / following * (moved - weights), moved, following
    return weights


def _loss(values: Array, wanted: Array, weights: Array, penalty: Array, *, softmax: bool) -> tuple[float, Array]:
    """Mean crossentropy with its penalty, and the gradient."""
    scores = values @ weights
    if softmax:
        scores -= scores.max(axis=1, keepdims=True)
        logarithms = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        mean, chances = -(wanted * logarithms).sum() / len(values), np.exp(logarithms)
    else:
        mean = (np.logaddexp(0, scores) - wanted * scores).sum() / len(values)
        chances = 1 / (1 + np.exp(-np.clip(scores, -500, 500)))
    gradient = values.T @ (chances - wanted) / len(values) + penalty * weights
    return float(mean + (penalty * weights**2).sum() / 2), gradient
