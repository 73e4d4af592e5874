"""The compiled function: K optimizer steps in one call, with the values that really acted read back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.build.arrays import Examples
from runner.engine.learner import Learner
from runner.engine.update import make_update

Float32 = NDArray[np.float32]


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
    skipped: NDArray[np.bool_]
    """Whether the step left the weights alone because a gradient in float16 was not finite."""


def resident(learner: Learner, examples: Examples) -> tuple[Any, Any]:
    """Inputs and targets on every replica's device, in the small type that they are stored in."""
    return learner.replicas.resident(examples.x), learner.replicas.resident(examples.y)


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
    inputs, targets = resident(learner, train)
    optimizer, momentum = learner.optimizer.optimizer, learner.optimizer.momentum
    update = make_update(learner, batch_size)

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
        skipped = tf.TensorArray(tf.bool, count)
        for k in tf.range(count):
            optimizer.learning_rate.assign(rates[k])
            if momentum is not None:
                momentum.assign(momenta[k])
            batch = order[k * batch_size : (k + 1) * batch_size]
            loss, sum_, skip = update(inputs, targets, batch)
            losses = losses.write(k, tf.cast(loss, tf.float32))
            sums = sums.write(k, sum_)
            used_rates = used_rates.write(k, tf.convert_to_tensor(optimizer.learning_rate))
            used_momenta = used_momenta.write(k, momenta[k] if momentum is None else momentum.read_value())
            skipped = skipped.write(k, skip)
        return losses.stack(), sums.stack(), used_rates.stack(), used_momenta.stack(), skipped.stack()

    def call(order: NDArray[np.int32], rates: Float32, momenta: Float32) -> StepValues:
        loss, sums, used_rates, used_momenta, skipped = (tensor.numpy() for tensor in run(order, rates, momenta))
        return StepValues(loss, sums, used_rates, used_momenta if momentum is not None else None, skipped)

    return call
