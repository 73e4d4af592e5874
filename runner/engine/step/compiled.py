"""The compiled function: K optimizer steps in one call, with the values that really acted read back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.examples import Split
from runner.data.feed import Fed, arguments, opening
from runner.engine.step.learner import Learner
from runner.engine.step.tracing import compiled, rows_of
from runner.engine.step.update import Update, make_update
from runner.errors import ScheduleMismatch

Float32 = NDArray[np.float32]
Hyperparameters = Mapping[str, Float32]
"""By name, one value for each of K steps."""


@dataclass(frozen=True)
class StepValues:
    """What K steps did; every array has K rows."""

    loss: Float32
    """Loss of each step's batch, with regularizers."""
    metrics: Float32
    """Sum of each metric over each step's batch, shape ``(K, metrics)``."""
    skipped: NDArray[np.bool_]
    """Whether the step left the weights alone because a gradient in float16 was not finite."""
    hyperparameters: Hyperparameters
    """Read back from each one's variable after each update."""


CompiledSteps = Callable[[Fed, Hyperparameters], StepValues]
"""(examples of K batches, the planned values of K steps) → what the steps did."""


def compile_steps(learner: Learner, train: Split, batch_size: int) -> CompiledSteps:
    """Compile K steps into one call, for any K: the loop is part of the graph.

    A step assigns each hyperparameter's value to its variable, makes the update, and reads the variables back: what is
    shown and recorded are those values, never the intention. All batches have ``batch_size`` examples but the last of a
    call, which takes what is left.

    Args:
        learner: model, optimizer, loss and metrics; the optimizer is built.
        train: the training examples; those in memory stay on the device.
        batch_size: examples a step.

    Returns:
        A function that raises ScheduleMismatch unless it is given a value for each of the learner's hyperparameters,
        and for no other.
    """
    names = tuple(learner.hyperparameters)
    run = _traced(learner, train, batch_size)

    def call(fed: Fed, planned: Hyperparameters) -> StepValues:
        require_same_names(planned, names)
        outputs = run(np.stack([planned[name] for name in names]), *arguments(fed))
        loss, sums, skipped, used = (tensor.numpy() for tensor in outputs)
        return StepValues(loss, sums, skipped, dict(zip(names, used, strict=True)))

    return call


def _traced(learner: Learner, train: Split, batch_size: int) -> Callable[..., tuple[tf.Tensor, ...]]:
    """(values ``(H, K)``, the feed's tensors) → loss, metric sums, skipped, values read back ``(H, K)``."""
    examples, opened = opening(learner.replicas, train)
    step = _one_step(learner, make_update(learner, batch_size))
    width = [] if learner.augmentation is None else [learner.augmentation.width]
    drawn = [tf.TensorSpec([None, numbers], tf.float32) for numbers in width]
    signature = [tf.TensorSpec([len(learner.hyperparameters), None], tf.float32), *examples, *drawn]

    def run(planned: tf.Tensor, *fed: tf.Tensor) -> tuple[tf.Tensor, ...]:
        inputs, targets, order = opened(*fed[: len(examples)])

        def row(k: tf.Tensor) -> tuple[tf.Tensor, ...]:
            batch, *numbers = (each[k * batch_size : (k + 1) * batch_size] for each in (order, *fed[len(examples) :]))
            return step(planned[:, k], inputs, targets, batch, *numbers)

        made = rows_of(row, tf.shape(planned)[1], (tf.float32, tf.float32, tf.bool, tf.float32))
        loss, sums, skipped, used = (rows.stack() for rows in made)
        return loss, sums, skipped, tf.transpose(used)

    return compiled(run, own_code=learner.own_code, input_signature=signature)


def _one_step(learner: Learner, update: Update) -> Callable[..., tuple[tf.Tensor, ...]]:
    """(values ``(H,)``, what an update takes) → loss, sums, skipped, values read back."""
    variables = list(learner.hyperparameters.values())

    def step(planned: tf.Tensor, *taken: Any) -> tuple[tf.Tensor, ...]:
        for variable, value in zip(variables, tf.unstack(planned), strict=True):
            variable.assign(value)
        loss, sums, skipped = update(*taken)
        return tf.cast(loss, tf.float32), sums, skipped, tf.stack([variable.read_value() for variable in variables])

    return step


def require_same_names(planned: Mapping[str, Any], used: Mapping[str, Any] | tuple[str, ...]) -> None:
    """Raise unless plan and learner drive the same hyperparameters.

    Raises:
        ScheduleMismatch: names the first that only one of them has.
    """
    for name in [*planned, *used]:
        if name not in planned or name not in used:
            what = name.replace("_", " ")
            raise ScheduleMismatch(f"the plan and the optimizer disagree on whether there is a {what}")
