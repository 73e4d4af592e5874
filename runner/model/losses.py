"""Losses and metrics as plain functions of a batch."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Literal

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.examples import Array
from runner.errors import DataError
from runner.model.custom_loss import own_loss
from schemas.custom import CustomLoss
from schemas.losses import Loss, loss_arguments, loss_kind
from schemas.metrics import top_k

_Q = 0.5
"""Of the generalised cross entropy; Keras gives its class this default, and its function none."""
PerExample = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""(targets ``(b,)`` or ``(b, k)``, predictions ``(b, units)``) → one value for each, ``(b,)``; of several the mean."""


def _column(function: PerExample) -> PerExample:
    """Targets in the predictions' shape: several as they are, one as a column, which broadcasts to no (b, b)."""
    return lambda y, p: function(tf.cast(tf.reshape(y, [-1, p.shape[-1]]), p.dtype), p)


def _one_hot(function: PerExample) -> PerExample:
    """Targets with 1 for the right one of the classes, as Keras' categorical losses take them."""
    return lambda y, p: function(tf.one_hot(y, p.shape[-1], dtype=p.dtype), p)


def driven_smoothing(kind: Loss, smoothing: tf.Variable, *, logits: bool = False) -> PerExample:
    """A crossentropy whose label smoothing ε is a variable that the traced step reads.

    Targets are smoothed here, because Keras' functions take ε for a Python number.

    Args:
        kind: of the crossentropies; a rule of the recipe leaves no other.
        smoothing: ε.
        logits: whether the model's outputs are logits.
    """
    function, binary = _crossentropy(kind, logits), loss_kind(kind).startswith("binary_")

    def smoothed(y: tf.Tensor, p: tf.Tensor) -> tf.Tensor:
        share = tf.cast(smoothing, p.dtype)
        return function(y * (1 - share) + share / (2 if binary else p.shape[-1]), p)

    return _column(smoothed) if binary else _one_hot(smoothed)


def _crossentropy(kind: Loss, logits: bool, **smoothing: float) -> PerExample:
    """Keras' function for targets that are probabilities: of class 1, ``(b, 1)``, or of each class."""
    name = loss_kind(kind).removeprefix("sparse_")
    return partial(getattr(keras.losses, name), from_logits=logits, **smoothing, **loss_arguments(kind))


def _generalized_cross_entropy(kind: Loss, logits: bool) -> PerExample:
    """Keras' function, which takes the number of the class and probabilities alone."""
    function = partial(keras.losses.categorical_generalized_cross_entropy, **{"q": _Q} | loss_arguments(kind))
    return (lambda y, p: function(y, tf.nn.softmax(p))) if logits else function


def make_loss(
    kind: Loss, label_smoothing: float = 0.0, folder: Path | None = None, *, logits: bool = False
) -> PerExample:
    """Loss of each example; a batch's loss is the mean.

    Args:
        kind: by Keras' name, with Keras' arguments, or custom code.
        label_smoothing: ε; the crossentropies alone have it.
        folder: where custom code may be imported from; None: it may not.
        logits: whether the model gives logits, and the crossentropies are to make probabilities of them.

    Raises:
        BuildError: custom code that is not what it should be.
    """
    if isinstance(kind, CustomLoss):
        return own_loss(kind, folder)
    match loss_kind(kind):
        case "sparse_categorical_crossentropy" if label_smoothing == 0:
            return lambda y, p: keras.losses.sparse_categorical_crossentropy(y, p, from_logits=logits)
        case "sparse_categorical_crossentropy" | "categorical_focal_crossentropy":
            return _one_hot(_crossentropy(kind, logits, label_smoothing=label_smoothing))
        case "binary_crossentropy" | "binary_focal_crossentropy":
            return _column(_crossentropy(kind, logits, label_smoothing=label_smoothing))
        case "categorical_generalized_cross_entropy":
            return _generalized_cross_entropy(kind, logits)
        case "categorical_hinge":
            return _one_hot(keras.losses.categorical_hinge)
        case name:
            return _column(partial(getattr(keras.losses, name), **loss_arguments(kind)))


def class_weights(
    wanted: Literal["balanced"] | Mapping[str, float] | None, y: Callable[[], Array], classes: int | None
) -> NDArray[np.float32] | None:
    """Weight of each class in the training loss, shape ``(classes,)``; None: all the same.

    ``balanced``: n / (C · n_c) for a class with n_c of the n examples, so that each of C classes weighs the same
    as a whole; scikit-learn's formula. A class without examples has no weight to speak of: 0.

    Args:
        wanted: the recipe's ``training.class_weight``.
        y: gives the classes of the training examples, shape ``(n,)``; asked where they are counted.
        classes: C; None for a regression, which has no such weights.

    Raises:
        DataError: when no training example has a weight.
    """
    if wanted is None or classes is None:
        return None
    if wanted == "balanced":
        counts = np.bincount(y(), minlength=classes)
        return np.where(counts > 0, counts.sum() / (classes * np.maximum(counts, 1)), 0).astype(np.float32)
    weights = np.array([wanted.get(str(c), 1.0) for c in range(classes)], dtype=np.float32)
    if (weights == 0).any() and not weights[np.unique(y())].any():
        raise DataError("every class that a training example has is given class_weight 0, so the loss is always 0")
    return weights


def _accuracy(y: tf.Tensor, p: tf.Tensor, *, above: float | NDArray[np.float32]) -> tf.Tensor:
    """1 where the class is right: the largest output, or a single output on the right side of ``above``.

    Of labels, targets of shape ``(b, k)``, it is the share that is right, as Keras' binary accuracy.
    """
    if y.shape.rank == 2:
        return tf.reduce_mean(tf.cast(tf.equal(p > above, y > 0), tf.float32), axis=-1)
    guess = tf.cast(p[:, 0] > above, y.dtype) if p.shape[-1] == 1 else tf.argmax(p, axis=-1, output_type=y.dtype)
    return tf.cast(tf.equal(guess, y), tf.float32)


def make_metric(kind: str, *, above: float | NDArray[np.float32] = 0.5) -> PerExample:
    """A metric of each example; an epoch's metric is the mean over its examples.

    Args:
        kind: by the language's name.
        above: what a single output of class 1 is above, or that of a label; 0 for the logit of one half.
    """
    k = top_k(kind)
    if k is not None:
        return lambda y, p: tf.cast(tf.math.in_top_k(y, p, k), tf.float32)
    match kind:
        case "accuracy":
            return partial(_accuracy, above=above)
        case "mean_absolute_error" | "mean_squared_error":
            return _column(getattr(keras.losses, kind))
        case "mean_absolute_percentage_error":
            return _column(_absolute_fraction)
        case _:
            raise ValueError(f"{kind} is no mean over examples")


def _absolute_fraction(y: tf.Tensor, p: tf.Tensor) -> tf.Tensor:
    """|y − p| / max(|y|, ε), with ε = 2⁻⁵² as in scikit-learn; no percentage, as Keras' is."""
    return tf.reduce_mean(tf.abs(y - p) / tf.maximum(tf.abs(y), np.finfo(np.float64).eps), axis=-1)
