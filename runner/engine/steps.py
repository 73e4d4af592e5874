"""The compiled function: K optimizer steps in one call, with the values that really acted read back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.build.arrays import Examples
from runner.build.losses import PerExample
from runner.build.optimizer import BuiltOptimizer

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Learner:
    """What is trained, and by what it is judged."""

    model: Any
    optimizer: BuiltOptimizer
    loss: PerExample
    metrics: tuple[PerExample, ...]


@dataclass(frozen=True)
class StepValues:
    """What K steps did; every array has K rows."""

    loss: Float32
    """Loss of each step's batch, with regularizers."""
    metrics: Float32
    """Sum of each metric over each step's batch, shape ``(K, metrics)``."""
    learning_rate: Float32
    """Read back from the optimizer's variable after each update."""
    momentum: Float32 | None
    """Likewise; None where the optimizer has none."""


def resident(examples: Examples) -> tuple[tf.Tensor, tf.Tensor]:
    """Inputs and targets on the device, in the small type that they are stored in."""
    return tf.constant(examples.x), tf.constant(examples.y)


def batch_loss(learner: Learner, y: tf.Tensor, predictions: tf.Tensor) -> tf.Tensor:
    """Mean loss of a batch plus the model's penalties."""
    loss = tf.reduce_mean(learner.loss(y, predictions))
    return tf.add_n([loss, *learner.model.losses]) if learner.model.losses else loss


def _one_step(learner: Learner, x: tf.Tensor, y: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """One update; returns the batch's loss and its metric sums."""
    variables = learner.model.trainable_variables
    weights = [variable.value for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(weights)
        predictions = learner.model(tf.cast(x, tf.float32), training=True)
        loss = batch_loss(learner, y, predictions)
    learner.optimizer.optimizer.apply(tape.gradient(loss, weights), variables)
    return loss, metric_sums(learner, y, predictions)


def metric_sums(learner: Learner, y: tf.Tensor, predictions: tf.Tensor) -> tf.Tensor:
    """Sum of each metric over a batch, shape ``(metrics,)``."""
    if not learner.metrics:
        return tf.zeros([0])
    return tf.stack([tf.reduce_sum(metric(y, predictions)) for metric in learner.metrics])


CompiledSteps = Callable[[NDArray[np.int32], Float32, Float32], StepValues]
"""``(order, learning_rate[K], momentum[K]) → StepValues``; order holds the examples of the K batches."""


def compile_steps(learner: Learner, train: Examples, batch_size: int) -> CompiledSteps:
    """Compile K steps into one call, for any K: the loop is part of the graph.

    A step assigns ``learning_rate[k]`` and ``momentum[k]`` to the optimizer's variables, makes the update,
    and reads the variables back: what is shown and recorded are those values, never the intention. All
    batches have ``batch_size`` examples but the last of a call, which takes what ``order`` has left.

    Args:
        learner: model, optimizer, loss and metrics; the optimizer is built.
        train: all training examples; they stay on the device.
        batch_size: examples a step.
    """
    inputs, targets = resident(train)
    optimizer, momentum = learner.optimizer.optimizer, learner.optimizer.momentum

    @tf.function(  # type: ignore[untyped-decorator]
        input_signature=[
            tf.TensorSpec([None], tf.int32),
            tf.TensorSpec([None], tf.float32),
            tf.TensorSpec([None], tf.float32),
        ]
    )
    def run(order: tf.Tensor, rates: tf.Tensor, momenta: tf.Tensor) -> tuple[tf.Tensor, ...]:
        count = tf.shape(rates)[0]
        losses, sums, used_rates, used_momenta = (tf.TensorArray(tf.float32, count) for _ in range(4))
        for k in tf.range(count):
            optimizer.learning_rate.assign(rates[k])
            if momentum is not None:
                momentum.assign(momenta[k])
            batch = order[k * batch_size : (k + 1) * batch_size]
            loss, sum_ = _one_step(learner, tf.gather(inputs, batch), tf.gather(targets, batch))
            losses = losses.write(k, tf.cast(loss, tf.float32))
            sums = sums.write(k, sum_)
            used_rates = used_rates.write(k, tf.convert_to_tensor(optimizer.learning_rate))
            used_momenta = used_momenta.write(k, momenta[k] if momentum is None else momentum.read_value())
        return losses.stack(), sums.stack(), used_rates.stack(), used_momenta.stack()

    def call(order: NDArray[np.int32], rates: Float32, momenta: Float32) -> StepValues:
        loss, sums, used_rates, used_momenta = (tensor.numpy() for tensor in run(order, rates, momenta))
        return StepValues(loss, sums, used_rates, used_momenta if momentum is not None else None)

    return call
