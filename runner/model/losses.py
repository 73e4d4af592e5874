"""Losses and metrics as plain functions of a batch."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Literal, assert_never

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.examples import Array
from runner.errors import DataError
from runner.model.custom_loss import own_loss
from schemas.training import CustomLoss, Loss, Metric

PerExample = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
"""(targets ``(b,)``, predictions ``(b, units)``) → one value an example, ``(b,)``."""


def _column(function: PerExample) -> PerExample:
    """Targets as a column, so that they meet predictions of shape ``(b, 1)`` without broadcasting to (b, b)."""
    return lambda y, p: function(tf.cast(tf.reshape(y, [-1, 1]), p.dtype), p)


def driven_smoothing(kind: Loss | CustomLoss, smoothing: tf.Variable, *, logits: bool = False) -> PerExample:
    """A crossentropy whose label smoothing ε is a variable that the traced step reads.

    Targets are smoothed here, because Keras' functions take ε for a Python number.

    Args:
        kind: of the two crossentropies; a rule of the recipe leaves no other.
        smoothing: ε.
        logits: whether the model's outputs are logits.
    """

    def spread(y: tf.Tensor, p: tf.Tensor, classes: int) -> tf.Tensor:
        share = tf.cast(smoothing, p.dtype)
        return y * (1 - share) + share / classes

    def sparse(y: tf.Tensor, p: tf.Tensor) -> tf.Tensor:
        classes = p.shape[-1]
        targets = spread(tf.one_hot(y, classes, dtype=p.dtype), p, classes)
        return keras.losses.categorical_crossentropy(targets, p, from_logits=logits)

    def binary(y: tf.Tensor, p: tf.Tensor) -> tf.Tensor:
        return keras.losses.binary_crossentropy(spread(y, p, 2), p, from_logits=logits)

    return _column(binary) if kind == "binary_crossentropy" else sparse


def _smoothed_crossentropy(label_smoothing: float, logits: bool) -> PerExample:
    """−Σ_c q_c·ln p_c, with q_c = 1 − ε + ε/C for the right one of the C classes and ε/C for the others."""
    return lambda y, p: keras.losses.categorical_crossentropy(
        tf.one_hot(y, p.shape[-1], dtype=p.dtype), p, from_logits=logits, label_smoothing=label_smoothing
    )


def make_loss(
    kind: Loss | CustomLoss, label_smoothing: float = 0.0, folder: Path | None = None, *, logits: bool = False
) -> PerExample:
    """Loss of each example; a batch's loss is the mean.

    Args:
        kind: by Keras' name, or custom code.
        label_smoothing: ε; the crossentropies alone have it.
        folder: where custom code may be imported from; None: it may not.
        logits: whether the model gives logits, and the crossentropies are to make probabilities of them.

    Raises:
        BuildError: custom code that is not what it should be.
    """
    match kind:
        case CustomLoss():
            return own_loss(kind, folder)
        case "sparse_categorical_crossentropy" if label_smoothing > 0:
            return _smoothed_crossentropy(label_smoothing, logits)
        case "sparse_categorical_crossentropy":
            return lambda y, p: keras.losses.sparse_categorical_crossentropy(y, p, from_logits=logits)
        case "binary_crossentropy":
            smooth = partial(keras.losses.binary_crossentropy, from_logits=logits, label_smoothing=label_smoothing)
            return _column(smooth)
        case "mean_squared_error":
            return _column(keras.losses.mean_squared_error)
        case "mean_absolute_error":
            return _column(keras.losses.mean_absolute_error)
        case "huber":
            return _column(keras.losses.huber)
        case _:
            assert_never(kind)


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
        raise DataError("every class that a training example has is given class_weight 0, so that the loss is always 0")
    return weights


def _accuracy(y: tf.Tensor, p: tf.Tensor, *, half: float) -> tf.Tensor:
    """1 where the class is right: the largest output, or a single output on the right side of ``half``."""
    guess = tf.cast(p[:, 0] > half, y.dtype) if p.shape[-1] == 1 else tf.argmax(p, axis=-1, output_type=y.dtype)
    return tf.cast(tf.equal(guess, y), tf.float32)


def make_metric(kind: Metric, *, logits: bool = False) -> PerExample:
    """A metric of each example; an epoch's metric is the mean over its examples.

    Args:
        kind: by the language's name.
        logits: whether the model gives logits; the logit of one half is 0.
    """
    match kind:
        case "accuracy":
            return partial(_accuracy, half=0.0 if logits else 0.5)
        case "top_5_accuracy":
            return lambda y, p: tf.cast(tf.math.in_top_k(y, p, 5), tf.float32)
        case "mean_absolute_error":
            return _column(keras.losses.mean_absolute_error)
        case "mean_squared_error":
            return _column(keras.losses.mean_squared_error)
        case _:
            assert_never(kind)
