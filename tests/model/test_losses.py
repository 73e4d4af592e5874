"""Losses with smoothed labels, and weights of classes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from runner.model.losses import class_weights, make_loss


@pytest.mark.parametrize("softmaxed", [True, False], ids=["logits known", "probabilities alone"])
def test_a_smoothed_crossentropy_is_that_of_keras_on_one_hot_targets(softmaxed: bool) -> None:
    y = np.array([0, 2, 1, 2], np.int32)
    p = keras.ops.softmax(np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32))
    p = p if softmaxed else tf.constant(np.asarray(p))
    wanted = keras.losses.CategoricalCrossentropy(label_smoothing=0.3, reduction=None)(np.eye(3)[y], p)
    np.testing.assert_allclose(make_loss("sparse_categorical_crossentropy", 0.3)(tf.constant(y), p), wanted, rtol=1e-6)


def test_a_smoothed_binary_crossentropy_goes_halfway_to_one_half() -> None:
    y, p = np.array([0, 1], np.int32), np.array([[0.3], [0.3]], np.float32)
    loss = make_loss("binary_crossentropy", 0.2)(tf.constant(y), tf.constant(p))
    target = np.array([0.1, 0.9])
    np.testing.assert_allclose(loss, -(target * np.log(0.3) + (1 - target) * np.log(0.7)), rtol=1e-5)


def test_no_smoothing_is_the_sparse_loss_to_the_bit() -> None:
    y, p = tf.constant([0, 1]), tf.constant([[0.2, 0.8], [0.4, 0.6]])
    wanted = keras.losses.sparse_categorical_crossentropy(y, p)
    assert np.array_equal(make_loss("sparse_categorical_crossentropy")(y, p), wanted)


def test_classes_that_are_left_out_weigh_one() -> None:
    weights = class_weights({"1": 3.0, "3": 0.0}, lambda: np.array([0]), 4)
    assert weights is not None
    assert weights.tolist() == [1.0, 3.0, 1.0, 0.0]


def test_balanced_weights_are_examples_over_classes_times_count() -> None:
    y = np.array([0] * 6 + [1] * 2 + [3] * 4, np.int32)
    weights = class_weights("balanced", lambda: y, 4)
    assert weights is not None
    np.testing.assert_allclose(weights, [12 / (4 * 6), 12 / (4 * 2), 0.0, 12 / (4 * 4)])


def test_there_are_no_weights_without_classes_or_wish() -> None:
    assert class_weights("balanced", lambda: np.array([1.5]), None) is None
    assert class_weights(None, lambda: np.array([1]), 2) is None
