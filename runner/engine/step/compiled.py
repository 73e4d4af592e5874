"""The compiled function: K optimizer steps in one call, with the values that really acted read back."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.examples import Split
from runner.data.feed import Fed, arguments, opening
from runner.engine.step.learner import Learner
from runner.engine.step.update import make_update

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
    weight_decay: Float32 | None = None
    """Read back likewise; None where no schedule drives it."""
    label_smoothing: Float32 | None = None
    """Read back likewise; None where one number holds throughout."""


class CompiledSteps(Protocol):
    """``(examples of the K batches, learning_rate[K], momentum[K], weight_decay[K], smoothing[K]) → StepValues``."""

    def __call__(
        self,
        fed: Fed,
        rates: Float32,
        momenta: Float32,
        decays: Float32 | None = None,
        smoothing: Float32 | None = None,
        /,
    ) -> StepValues:
        """Train; ``decays`` and ``smoothing`` are None exactly where the plan drives none."""


def compile_steps(learner: Learner, train: Split, batch_size: int) -> CompiledSteps:
    """Compile K steps into one call, for any K: the loop is part of the graph.

    A step assigns ``learning_rate[k]``, ``momentum[k]`` and, where the plan drives them, ``weight_decay[k]`` and
    ``smoothing[k]`` to their variables, makes the update, and reads the variables back: what is shown and recorded are
    those values, never the intention. All batches have ``batch_size`` examples but the last of a call, which takes what
    is left.

    Args:
        learner: model, optimizer, loss and metrics; the optimizer is built.
        train: the training examples; those in memory stay on the device.
        batch_size: examples a step.
    """
    examples, opened = opening(learner.replicas, train)
    optimizer, momentum = learner.optimizer.optimizer, learner.optimizer.momentum
    update = make_update(learner, batch_size)
    # What the plan does not drive has no argument in a call, and costs nothing.
    driven = [variable for variable in (learner.optimizer.weight_decay, learner.smoothing) if variable is not None]
    curves = [tf.TensorSpec([None], tf.float32)] * (2 + len(driven))

    @tf.function(input_signature=[*curves, *examples])  # type: ignore[untyped-decorator]
    def run(rates: tf.Tensor, momenta: tf.Tensor, *fed: tf.Tensor) -> tuple[tf.Tensor, ...]:
        more = fed[: len(driven)]
        inputs, targets, order = opened(*fed[len(driven) :])
        count = tf.shape(rates)[0]
        used_more = [tf.TensorArray(tf.float32, count) for _ in driven]
        losses, sums, used_rates, used_momenta = (tf.TensorArray(tf.float32, count) for _ in range(4))
        skipped = tf.TensorArray(tf.bool, count)
        for k in tf.range(count):
            optimizer.learning_rate.assign(rates[k])
            if momentum is not None:
                momentum.assign(momenta[k])
            for variable, curve in zip(driven, more, strict=True):
                variable.assign(curve[k])
            batch = order[k * batch_size : (k + 1) * batch_size]
            loss, sum_, skip = update(inputs, targets, batch)
            losses = losses.write(k, tf.cast(loss, tf.float32))
            sums = sums.write(k, sum_)
            used_rates = used_rates.write(k, tf.convert_to_tensor(optimizer.learning_rate))
            used_momenta = used_momenta.write(k, momenta[k] if momentum is None else momentum.read_value())
            skipped = skipped.write(k, skip)
            used_more = [used.write(k, variable.read_value()) for used, variable in zip(used_more, driven, strict=True)]
        arrays = (losses, sums, used_rates, used_momenta, skipped, *used_more)
        return tuple(array.stack() for array in arrays)

    def call(
        fed: Fed,
        rates: Float32,
        momenta: Float32,
        decays: Float32 | None = None,
        smoothing: Float32 | None = None,
        /,
    ) -> StepValues:
        given = [curve for curve in (decays, smoothing) if curve is not None]
        outputs = run(rates, momenta, *given, *arguments(fed))
        loss, sums, used_rates, used_momenta, skipped, *used = (tensor.numpy() for tensor in outputs)
        return StepValues(
            loss,
            sums,
            used_rates,
            used_momenta if momentum is not None else None,
            skipped,
            None if decays is None else used[0],
            None if smoothing is None else used[-1],
        )

    return call
