"""Batches normalized by the fused kernel: Keras' layer but for rounding."""

import platform
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from runner.engine.distributed.replicas import Replicas
from runner.engine.step.learner import make_learner
from runner.model.normalization import BatchNormalization, fuse, has_fast_kernel
from tests.engine.problem import Problem
from tests.engine.replay import largest_difference, losses_of

BLOCK: dict[str, Any] = {
    "kind": "sequential",
    "layers": [
        {"kind": "conv2d", "filters": 4, "kernel_size": 3, "use_bias": False},
        {"kind": "batch_normalization"},
        {"kind": "activation", "activation": "relu"},
        {"kind": "global_average_pooling2d"},
    ],
}


def made(cls: type[Any], inputs: np.ndarray[Any, Any], **options: Any) -> list[Any]:
    """Outputs, gradients and averages of a layer in one training step."""
    layer = cls(momentum=0.7, **options)
    layer.build(inputs.shape)
    if cls is BatchNormalization:
        layer.fuse()
    x, weight = tf.constant(inputs), tf.constant(np.sin(np.arange(inputs.size, dtype="float32")).reshape(inputs.shape))
    weights = [variable.value for variable in layer.trainable_variables]

    @tf.function(autograph=False)
    def step() -> Any:
        with tf.GradientTape() as tape:
            tape.watch([x, *weights])
            outputs = layer(x, training=True)
            loss = tf.reduce_sum(tf.cast(outputs, tf.float32) * weight)
        return outputs, tape.gradient(loss, [x, *weights])

    outputs, gradients = step()
    return [tf.cast(outputs, tf.float32).numpy(), *(each.numpy() for each in gradients), *layer.non_trainable_variables]


@pytest.mark.parametrize("shape", [(6, 5, 4, 3), (7, 5, 3), (1, 1, 1, 2), (5, 3)], ids=str)
@pytest.mark.parametrize(
    "options", [{}, {"scale": False, "center": False}, {"epsilon": 0.1, "gamma_initializer": "random_normal"}], ids=str
)
def test_the_fused_kernel_computes_what_keras_layer_computes(shape: tuple[int, ...], options: dict[str, Any]) -> None:
    inputs = (np.random.default_rng(4).normal(size=shape) * 3 + 2).astype("float32")
    keras.utils.set_random_seed(2)
    wanted = made(keras.layers.BatchNormalization, inputs, **options)
    keras.utils.set_random_seed(2)
    for ours, theirs in zip(made(BatchNormalization, inputs, **options), wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=2e-5)


def test_low_precision_is_normalized_in_float32() -> None:
    inputs = np.random.default_rng(4).normal(size=(6, 5, 4, 3)).astype("float32")
    wanted = made(keras.layers.BatchNormalization, inputs, dtype="mixed_bfloat16")
    for ours, theirs in zip(made(BatchNormalization, inputs, dtype="mixed_bfloat16"), wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-2, atol=1e-2)


def operations(layer: Any, shape: tuple[int, ...], **call: Any) -> set[str]:
    graph = tf.function(lambda x: layer(x, **call)).get_concrete_function(tf.TensorSpec(shape)).graph
    return {operation.type for operation in graph.get_operations()}


@pytest.mark.parametrize(
    ("shape", "options", "call"),
    [
        ((2, 4, 4, 3), {}, {"training": False}),
        ((2, 4, 4, 3), {"trainable": False}, {"training": True}),
        ((2, 4, 4, 3), {"axis": 1}, {"training": True}),
        ((2, 4, 3), {}, {"training": True, "mask": tf.ones([2, 4], tf.bool)}),
        ((2, 4, 4, 3), {"synchronized": True}, {"training": True}),
        ((2, 3), {}, {"training": True}),
    ],
    ids=["evaluation", "frozen", "channels first", "mask", "several devices", "dense"],
)
def test_what_the_kernel_does_not_do_is_left_to_keras(
    shape: tuple[int, ...], options: dict[str, Any], call: dict[str, Any]
) -> None:
    layer, used = BatchNormalization(**options), "FusedBatchNormV3"
    layer.fuse()
    assert used not in operations(layer, shape, **call)
    fusible = BatchNormalization()
    assert used not in operations(fusible, (2, 4, 4, 3), training=True)
    fusible.fuse()
    assert used in operations(fusible, (2, 4, 4, 3), training=True)


def test_a_run_trains_to_the_same_weights_and_every_time_to_the_same_bits() -> None:
    def trained(fused: bool) -> Problem:
        problem = Problem.make(
            np.random.default_rng(5), n=40, sides=(6, 6, 1), model=BLOCK, schedule={"kind": "1cycle", "max_lr": 0.1}
        )
        problem.learner = make_learner(problem.plan, problem.dataset, Replicas(fused=fused))
        problem.train()
        return problem

    composed, fused, again = trained(False), trained(True), trained(True)
    weights = [problem.learner.model.get_weights() for problem in (composed, fused, again)]
    assert largest_difference(weights[0], weights[1]) < 1e-4
    assert all(np.array_equal(*pair) for pair in zip(weights[1], weights[2], strict=True))
    assert losses_of(fused) == losses_of(again)


def test_a_saved_model_has_keras_own_layer(tmp_path: Any) -> None:
    model = keras.Sequential([keras.Input((4, 4, 2)), BatchNormalization()])
    fuse(model)
    model.save(tmp_path / "model.keras")
    opened = keras.models.load_model(tmp_path / "model.keras")
    assert type(opened.layers[0]) is keras.layers.BatchNormalization


@pytest.mark.parametrize(
    ("machine", "onednn", "fast"), [("x86_64", True, True), ("x86_64", False, False), ("aarch64", True, False)]
)
def test_the_kernel_counts_as_fast_where_it_was_measured_to_be(
    monkeypatch: pytest.MonkeyPatch, machine: str, onednn: bool, fast: bool
) -> None:
    from tensorflow.python.util import _pywrap_util_port

    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(_pywrap_util_port, "IsMklEnabled", lambda: onednn)
    assert has_fast_kernel() is fast
