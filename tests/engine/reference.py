"""Plain NumPy, in float64: the network, its gradients, and the optimizers as their papers write them."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Update = Callable[[list[Array], list[Array], float, float], None]
"""(weights, gradients, learning rate, momentum): changes the weights in place."""


def loss_and_gradients(
    weights: list[Array],
    x: Array,
    y: NDArray[np.int32],
    *,
    class_weight: Array | None = None,
    label_smoothing: float = 0.0,
) -> tuple[float, list[Array]]:
    """Mean of w[y] times the cross-entropy of softmax(tanh(x·W₁ + b₁)·W₂ + b₂), and its gradients."""
    w1, b1, w2, b2 = weights
    hidden = np.tanh(x @ w1 + b1)
    logits = hidden @ w2 + b2
    logits = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    target = np.full_like(p, label_smoothing / p.shape[1])
    target[np.arange(len(y)), y] += 1 - label_smoothing
    weight = np.ones(len(y)) if class_weight is None else class_weight[y]
    loss = -(weight * (target * np.log(p)).sum(1)).mean()
    d_logits = weight[:, None] * (p - target) / len(y)
    d_hidden = (d_logits @ w2.T) * (1 - hidden**2)
    return float(loss), [x.T @ d_hidden, d_hidden.sum(0), hidden.T @ d_logits, d_logits.sum(0)]


def sgd(nesterov: bool) -> Update:
    """v ← m·v − η·g; w ← w + v, or w ← w + m·v − η·g."""
    slots: dict[int, Array] = {}

    def update(weights: list[Array], gradients: list[Array], rate: float, momentum: float) -> None:
        for i, g in enumerate(gradients):
            v = slots[i] = momentum * slots.get(i, np.zeros_like(g)) - rate * g
            weights[i] = weights[i] + (momentum * v - rate * g if nesterov else v)

    return update


def rmsprop(rho: float = 0.9, epsilon: float = 1e-7, centered: bool = False) -> Update:
    """s ← ρ·s + (1−ρ)·g²; v ← m·v + η·g/√(s [− ḡ²] + ε); w ← w − v."""
    squares: dict[int, Array] = {}
    means: dict[int, Array] = {}
    slots: dict[int, Array] = {}

    def update(weights: list[Array], gradients: list[Array], rate: float, momentum: float) -> None:
        for i, g in enumerate(gradients):
            zero = np.zeros_like(g)
            squares[i] = rho * squares.get(i, zero) + (1 - rho) * g**2
            means[i] = rho * means.get(i, zero) + (1 - rho) * g
            variance = squares[i] - means[i] ** 2 if centered else squares[i]
            slots[i] = momentum * slots.get(i, zero) + rate * g / np.sqrt(variance + epsilon)
            weights[i] = weights[i] - slots[i]

    return update


def decayed(update: Update, weight_decay: float) -> Update:
    """w ← w − η·λ·w before the update, with the learning rate η of that step."""

    def decay_first(weights: list[Array], gradients: list[Array], rate: float, momentum: float) -> None:
        weights[:] = [w - rate * weight_decay * w for w in weights]
        update(weights, gradients, rate, momentum)

    return decay_first


def nadam(beta_2: float = 0.999, epsilon: float = 1e-7) -> Update:
    """m̂ = u'·m/(1−Π·u') + (1−u)·g/(1−Π); w ← w − η·m̂/(√(v/(1−β₂ᵗ)) + ε).

    u = β₁·(1 − 0.96ᵗ/2), u' the same for t + 1, Π the product of all u so far (Dozat 2016, with its momentum schedule).
    """
    first: dict[int, Array] = {}
    second: dict[int, Array] = {}
    t, product = 0, 1.0

    def update(weights: list[Array], gradients: list[Array], rate: float, momentum: float) -> None:
        nonlocal t, product
        t += 1
        now, after = (momentum * (1 - 0.5 * 0.96**step) for step in (t, t + 1))
        product *= now
        for i, g in enumerate(gradients):
            zero = np.zeros_like(g)
            first[i] = momentum * first.get(i, zero) + (1 - momentum) * g
            second[i] = beta_2 * second.get(i, zero) + (1 - beta_2) * g**2
            mean = after * first[i] / (1 - product * after) + (1 - now) * g / (1 - product)
            weights[i] = weights[i] - rate * mean / (np.sqrt(second[i] / (1 - beta_2**t)) + epsilon)

    return update


def adam(beta_2: float = 0.999, epsilon: float = 1e-7) -> Update:
    """m ← β₁·m + (1−β₁)·g; v ← β₂·v + (1−β₂)·g²; w ← w − η·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε)."""
    first: dict[int, Array] = {}
    second: dict[int, Array] = {}
    t = 0

    def update(weights: list[Array], gradients: list[Array], rate: float, momentum: float) -> None:
        nonlocal t
        t += 1
        alpha = rate * np.sqrt(1 - beta_2**t) / (1 - momentum**t)
        for i, g in enumerate(gradients):
            zero = np.zeros_like(g)
            first[i] = momentum * first.get(i, zero) + (1 - momentum) * g
            second[i] = beta_2 * second.get(i, zero) + (1 - beta_2) * g**2
            weights[i] = weights[i] - alpha * first[i] / (np.sqrt(second[i]) + epsilon)

    return update
