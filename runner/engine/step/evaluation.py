"""Evaluation of a split, compiled as well."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.examples import AssembledExamples, Examples, Split
from runner.data.feed import arguments, in_memory, opening, taken_at
from runner.data.streaming.block_order import StreamedSplit
from runner.engine.step.batch_metrics import batch_loss, metric_sums
from runner.engine.step.learner import Learner
from runner.engine.step.tracing import compiled, rows_of
from runner.engine.step.weighted_targets import Targets
from runner.measures.perplexity import finished

Evaluate = Callable[[], dict[str, float]]
Array = NDArray[Any]
Hear = Callable[[Array, Array], None]
"""Told the targets and the model's outputs of some examples, in the split's order."""
BATCH = 1000
"""Examples a batch, or steps of them that have an output each; results do not depend on it but for rounding."""
_BATCHES = 16
"""Batches a call where outputs come back to the host, which bounds their memory."""


class _Part(NamedTuple):
    """What some batches gave."""

    losses: Array
    """Mean loss of each batch."""
    sums: Array
    """Sum of each metric over each batch, shape ``(batches, metrics)``."""
    targets: Array
    outputs: Array | None
    """The model's, of all examples of the batches; None where nobody needs them."""


Run = Callable[[], Iterator[_Part]]


def compile_evaluation(learner: Learner, split: Split, names: Sequence[str], hear: Hear | None = None) -> Evaluate:
    """A function that evaluates the model as it is now, with dropout off.

    Args:
        learner: model, loss and metrics.
        split: the examples; those in memory stay on the device.
        names: names of the metrics, without ``loss``.
        hear: is told the targets and outputs of all examples on the way; None: they stay on the device unless a metric
            needs them.

    Returns:
        ``loss`` (with regularizers) and each metric: means over the examples, and what is measured of them together.
    """
    outputs = hear is not None or learner.measuring is not None
    run = (_streaming if isinstance(split, StreamedSplit) else _resident)(learner, split, outputs=outputs)
    whole = () if learner.measuring is None else learner.measuring.names
    running = [name for name in names if name not in whole]
    total = len(split)
    size = _batch_of(learner)
    starts = np.arange(0, total, size)
    sizes = np.minimum(starts + size, total) - starts

    def call() -> dict[str, float]:
        losses, sums, measured = _collected(learner, run(), hear)
        values = {"loss": float(losses @ sizes / total)}
        values |= {
            name: finished(name, float(column.sum() / total)) for name, column in zip(running, sums.T, strict=True)
        }
        return {name: (values | measured)[name] for name in ("loss", *names)}

    return call


def _batch_of(learner: Learner) -> int:
    """Examples a batch: fewer where each has an output for each of its steps, which are as large as the vocabulary."""
    steps: int = math.prod(learner.model.output_shape[1:-1])
    return max(BATCH // steps, 1)


def _collected(learner: Learner, parts: Iterator[_Part], hear: Hear | None) -> tuple[Array, Array, dict[str, float]]:
    """Loss and metric sums of every batch in float64, and the metrics of the whole."""
    losses, sums = [], []
    measures = None if learner.measuring is None else learner.measuring.start()
    for part in parts:
        losses.append(part.losses.astype(np.float64))
        sums.append(part.sums.astype(np.float64))
        for told in (hear, None if measures is None else measures.add):
            if told is not None and part.outputs is not None:
                told(part.targets, part.outputs)
    return np.concatenate(losses), np.concatenate(sums), {} if measures is None else measures.values()


def _of_a_batch(
    learner: Learner, *, outputs: bool
) -> Callable[[Any, Any, tf.Tensor], tuple[tf.Tensor, tf.Tensor, tf.Tensor]]:
    """Loss, metric sums and outputs of the examples of some inputs and targets, on all replicas.

    The outputs are those of the whole batch in its order; there are none where nobody wants them.
    """
    replicas = learner.replicas

    def evaluate(x: tf.Tensor, y: Targets, batch: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        share = replicas.share(batch)
        y = taken_at(y, share)
        predictions = learner.model(tf.cast(taken_at(x, share), tf.float32), training=False)
        loss = tf.cast(batch_loss(learner, y, predictions), tf.float32)
        weight = replicas.weight(share, batch)
        if weight is not None:
            loss = tf.math.multiply_no_nan(loss, weight)
        loss, sums, _ = replicas.combine(loss, metric_sums(learner, y, predictions), [])
        if not outputs:
            return loss, sums, tf.zeros([0, 0])
        return loss, sums, replicas.whole(tf.cast(predictions, tf.float32), batch)

    return lambda x, y, batch: replicas.first(replicas.run(evaluate, x, y, batch))


def _resident(learner: Learner, split: Split, *, outputs: bool) -> Run:
    """All batches in one call; or some in each, where their outputs come back."""
    assert isinstance(split, Examples | AssembledExamples)
    inputs, targets = in_memory(learner.replicas, split)
    of_a_batch, total, size = _of_a_batch(learner, outputs=outputs), len(split), _batch_of(learner)
    count = math.ceil(total / size)

    def evaluated(first: tf.Tensor, stop: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        def row(k: tf.Tensor) -> tuple[tf.Tensor, ...]:
            start = (first + k) * size
            found = of_a_batch(inputs, targets, tf.range(start, tf.minimum(start + size, total)))
            return found if outputs else found[:2]

        losses, sums, *made = rows_of(row, stop - first, (tf.float32,) * (3 if outputs else 2))
        return losses.stack(), sums.stack(), made[0].concat() if outputs else tf.zeros([0, 0])

    run = compiled(evaluated, own_code=learner.own_code, input_signature=[tf.TensorSpec([], tf.int32)] * 2)

    def parts() -> Iterator[_Part]:
        step = _BATCHES if outputs else count
        for first in range(0, count, step):
            stop = min(first + step, count)
            losses, sums, made = (tensor.numpy() for tensor in run(first, stop))
            yield _Part(losses, sums, split.at(slice(first * size, stop * size)).y, made if outputs else None)

    return parts


def _streaming(learner: Learner, split: Split, *, outputs: bool) -> Run:
    """A batch a call; the next one is read meanwhile."""
    assert isinstance(split, StreamedSplit)
    examples, opened = opening(learner.replicas, split)
    of_a_batch = _of_a_batch(learner, outputs=outputs)

    def evaluated(*fed: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        return of_a_batch(*opened(*fed))

    one = compiled(evaluated, own_code=learner.own_code, input_signature=examples)

    def parts() -> Iterator[_Part]:
        for part in split.blocks(_batch_of(learner)):
            loss, sums, made = (tensor.numpy() for tensor in one(*arguments(part)))
            yield _Part(loss[None], sums[None], part.y, made if outputs else None)

    return parts
