"""Losses and metrics of a model that predicts the next token at each step; and the saved one, which takes texts.

Every sequence has the same number of tokens and none is padding, so that a mean over sequences of means over their
tokens is the mean over all tokens.
"""

from typing import Any

import keras
import tensorflow as tf

from runner.model.losses import PerExample, make_metric


def mean_over_steps(of_each: PerExample) -> PerExample:
    """(1/T)·Σₜ of the values ``(b, T)`` that a loss gives of targets ``(b, T)`` and logits ``(b, T, classes)``."""
    return lambda y, p: tf.reduce_mean(of_each(y, p), axis=-1)


def make_token_metric(kind: str) -> PerExample:
    """A metric of each sequence: the mean over its tokens.

    Args:
        kind: by the language's name. Of ``perplexity`` it is −(1/T)·Σₜ ln p(token t), from which
            :func:`runner.measures.perplexity.finished` makes the figure.
    """
    if kind == "perplexity":
        return mean_over_steps(
            lambda y, p: keras.losses.sparse_categorical_crossentropy(y, tf.cast(p, tf.float32), from_logits=True)
        )
    of_one = make_metric(kind)

    def of_tokens(y: tf.Tensor, p: tf.Tensor) -> tf.Tensor:
        return tf.reshape(of_one(tf.reshape(y, [-1]), tf.reshape(p, [-1, p.shape[-1]])), tf.shape(y))

    return mean_over_steps(of_tokens)


def of_texts(model: Any, vectorization: Any) -> Any:
    """Keras' model from texts to the probabilities of the token that comes after each, ``(b, classes)``.

    The last T tokens of a text are what it sees, T the steps of the trained model. Of a shorter text they are followed
    by padding, which no output before it depends on. All of it is layers and operations of Keras. Of a text without
    tokens the output is that of padding alone.

    Args:
        model: the trained one, from numbers of tokens ``(b, T)`` to logits ``(b, T, classes)``.
        vectorization: makes rows of numbers of texts, which end in zeros.
    """
    steps = model.input_shape[1]
    texts = keras.Input((), dtype="string", name="text")
    numbers = vectorization(texts)
    count = keras.ops.sum(keras.ops.cast(keras.ops.not_equal(numbers, 0), "int32"), axis=1, keepdims=True)
    padded = keras.ops.pad(numbers, ((0, 0), (0, steps)))
    places = keras.ops.maximum(count - steps, 0) + keras.ops.arange(steps, dtype="int32")
    logits = model(keras.ops.take_along_axis(padded, places, axis=1))
    last = keras.ops.expand_dims(keras.ops.clip(count, 1, steps) - 1, -1)
    found = keras.ops.squeeze(keras.ops.take_along_axis(logits, last, axis=1), axis=1)
    return keras.Model(texts, keras.layers.Activation("softmax", dtype="float32")(found), name=f"{model.name}_of_texts")
