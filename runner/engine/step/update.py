"""One optimizer update from one batch: gradients, all at once or in micro-batches, and what is done with them."""

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import tensorflow as tf

from runner.data.feed import taken_at
from runner.engine.distributed.replicas import is_normalising_batches
from runner.engine.step.augmenting import augmented
from runner.engine.step.batch_metrics import metric_sums, training_loss
from runner.engine.step.clipping import clipped
from runner.engine.step.learner import Learner
from runner.engine.step.lockstep import outputs_of_parts
from runner.engine.step.loss_scale import all_finite
from runner.engine.step.tracing import compiled
from runner.engine.step.weighted_targets import Targets, between


class Part(NamedTuple):
    """What a batch, or a micro-batch, gives."""

    loss: tf.Tensor
    """Mean over its examples, with penalties."""
    sums: tf.Tensor
    """Sum of each metric over its examples, shape ``(metrics,)``."""
    gradients: list[tf.Tensor]
    """Of the loss, times the loss scale where there is one; one for each trainable variable."""


Compute = Callable[..., Part]
Update = Callable[..., tuple[tf.Tensor, tf.Tensor, tf.Tensor]]
"""(all inputs, all targets, indices of an update's batch, where images are changed also the numbers of each example) →
its loss, its metric sums, whether it was skipped."""


PartOf = Callable[..., Part]
"""(all inputs, all targets, indices of an update's batch, where images are changed also the numbers of each example) →
what the whole batch gives; to be called within :meth:`Replicas.run`."""


def make_update(learner: Learner, batch_size: int) -> Update:
    """What one step does with its batch; to be called while a step is traced.

    Args:
        learner: what is trained, and how.
        batch_size: examples of an update; the last one of an epoch may have fewer.
    """
    replicas, part_of = learner.replicas, make_part(learner, batch_size)
    apply = _compiled(partial(apply_gradients, learner), learner)

    def update(*taken: Any) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        part = replicas.run(part_of, *taken)
        loss, sums = replicas.first((part.loss, part.sums))
        return loss, sums, apply(part.gradients)

    return update


def make_part(learner: Learner, batch_size: int) -> PartOf:
    """Loss, metric sums and gradients of an update's batch; the arguments are those of :func:`make_update`."""
    replicas = learner.replicas
    compute = _compute_of(learner)

    def part_of(inputs: tf.Tensor, targets: Targets, batch: tf.Tensor, *drawn: tf.Tensor) -> Part:
        share = replicas.share(batch)
        if learner.augmentation is None:
            x, y = taken_at(inputs, share), taken_at(targets, share)
        else:
            x, y = augmented(learner.augmentation, replicas, inputs, targets, batch, *drawn)
        if learner.accumulate == 1:
            part = compute(x, y, replicas.weight(share, batch))
        else:
            part = accumulated(learner, compute, x, y, micro_batch_of(learner, batch_size), tf.size(batch))
        return Part(*replicas.combine(*part))

    return part_of


def micro_batch_of(learner: Learner, batch_size: int) -> int:
    """Examples of a replica's micro-batch; the last one of an update may have fewer."""
    return math.ceil(batch_size / learner.accumulate / learner.replicas.count)


def outputs_in_training(learner: Learner, x: tf.Tensor, batch_size: int) -> tf.Tensor:
    """What the model makes of a batch within an update on one device, ``(b, units)``: with the update's dropout masks.

    Micro-batches and towers are computed in the update's order, because masks are drawn part after part.

    Args:
        learner: what is trained.
        x: inputs of the batch, shape ``(b, …)``, b known.
        batch_size: examples of an update.
    """
    outputs: list[tf.Tensor] = []
    size = len(x) if learner.accumulate == 1 else micro_batch_of(learner, batch_size)
    for first in range(0, len(x), size):
        whole = tf.cast(x[first : first + size], tf.float32)
        towers = learner.replicas.towers
        parts = [whole[start:stop] for start, stop in pairwise(len(whole) * t // towers for t in range(towers + 1))]
        if _in_lockstep(learner):
            outputs += outputs_of_parts(learner.model, parts)
        else:
            outputs += [learner.model(part, training=True) for part in parts]
    return tf.concat(outputs, axis=0)


def _compute_of(learner: Learner) -> Compute:
    """How a batch is computed: whole, in parts apart, or in parts that are normalised together."""
    towers = learner.replicas.towers
    if _in_lockstep(learner):
        return partial(gradients_in_lockstep, learner, towers)
    return side_by_side(_compiled(partial(gradients_of, learner), learner), towers)


def _in_lockstep(learner: Learner) -> bool:
    return learner.replicas.towers > 1 and any(map(is_normalising_batches, learner.model.layers))


def _compiled(function: Callable[..., Any], learner: Learner) -> Callable[..., Any]:
    """The function itself, or compiled by XLA: on its own, because the loop around it has no fixed shapes.

    XLA compiles anew for every batch size, which is to say once more for the uneven tail of an epoch.
    """
    return compiled(function, own_code=learner.own_code, jit_compile=True) if learner.xla else function


def gradients_of(learner: Learner, x: tf.Tensor, y: Targets, weight: tf.Tensor | None = None) -> Part:
    """Forward and backward pass over one batch that fits into memory as a whole.

    Args:
        learner: what is trained.
        x: inputs.
        y: targets, with their weights where they have some.
        weight: of these examples among those of all replicas; their loss and its gradients are multiplied by it. That
            is done before the backward pass, which passes through other replicas where batches are normalised.
    """
    weights = [variable.value for variable in learner.model.trainable_variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(weights)
        predictions = learner.model(tf.cast(x, tf.float32), training=True)
        loss = _weighed(training_loss(learner, y, predictions), weight)
        scaled = _scaled(learner, loss)
    gradients = [_dense(gradient) for gradient in tape.gradient(scaled, weights)]
    return Part(loss, metric_sums(learner, y, predictions), gradients)


def gradients_in_lockstep(
    learner: Learner, towers: int, x: tf.Tensor, y: Targets, weight: tf.Tensor | None = None
) -> Part:
    """The same in parts that go through the layers side by side: Σⱼ (nⱼ/n)·lossⱼ, normalised by the whole batch.

    Args:
        learner: what is trained.
        towers: number of parts.
        x: inputs.
        y: targets.
        weight: as :func:`gradients_of` has it.
    """
    weights = [variable.value for variable in learner.model.trainable_variables]
    examples = tf.shape(x)[0]
    bounds = list(pairwise(examples * tower // towers for tower in range(towers + 1)))
    targets = [between(y, start, stop) for start, stop in bounds]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(weights)
        outputs = outputs_of_parts(learner.model, [tf.cast(x[start:stop], tf.float32) for start, stop in bounds])
        losses = []
        for (start, stop), target, output in zip(bounds, targets, outputs, strict=True):
            share = tf.cast((stop - start) / examples, tf.float32)
            losses.append(_weighed(training_loss(learner, target, output), share if weight is None else share * weight))
        loss = tf.add_n(losses)
        scaled = _scaled(learner, loss)
    gradients = [_dense(gradient) for gradient in tape.gradient(scaled, weights)]
    sums = tf.add_n([metric_sums(learner, target, output) for target, output in zip(targets, outputs, strict=True)])
    return Part(loss, sums, gradients)


def _weighed(loss: tf.Tensor, weight: tf.Tensor | None) -> tf.Tensor:
    """The loss by its weight; the mean over no examples, which is not a number, counts nothing."""
    return loss if weight is None else tf.math.multiply_no_nan(loss, weight)


def _scaled(learner: Learner, loss: tf.Tensor) -> tf.Tensor:
    return loss if learner.loss_scale is None else loss * learner.loss_scale.scale


def _dense(gradient: Any) -> Any:
    """A gradient with a row for every row of its variable; None for a variable that the loss does not depend on.

    An embedding's gradient names only the rows that a batch uses, some of them twice. Their sums, clipping and the
    updates in one operation want all of them.
    """
    return None if gradient is None else tf.convert_to_tensor(gradient)


def side_by_side(compute: Compute, towers: int) -> Compute:
    """Computes a batch in parts that do not wait for one another: Σⱼ (nⱼ/n)·partⱼ, each part on a core of its own.

    Dropout masks are drawn part after part, so that they do not depend on which one is faster.

    Args:
        compute: loss, sums and gradients of a part; its third argument is the part's weight.
        towers: number of parts; some are empty where a batch has fewer examples.
    """
    if towers == 1:
        return compute

    def divided(x: tf.Tensor, y: Targets, weight: tf.Tensor | None = None) -> Part:
        examples, parts = tf.shape(x)[0], []
        for tower in range(towers):
            start, stop = examples * tower // towers, examples * (tower + 1) // towers
            share = tf.cast((stop - start) / examples, tf.float32)
            parts.append(compute(x[start:stop], between(y, start, stop), share if weight is None else share * weight))
        loss, sums, gradients = zip(*parts, strict=True)
        return Part(tf.add_n(loss), tf.add_n(sums), [tf.add_n(each) for each in zip(*gradients, strict=True)])

    return divided


def accumulated(
    learner: Learner, compute: Compute, x: tf.Tensor, y: Targets, micro_batch: int, examples: tf.Tensor
) -> Part:
    """Σⱼ (nⱼ/n)·partⱼ over micro-batches of nⱼ examples each, n together: what the batch as a whole would give.

    It differs from the whole batch by rounding, and by what depends on the other examples of a batch: batch
    normalisation sees a micro-batch at a time. Penalties have weight Σⱼ nⱼ/n = 1 and count once.

    Args:
        learner: what is trained.
        compute: loss, sums and gradients of a micro-batch.
        x: inputs of the update's examples.
        y: their targets.
        micro_batch: examples of a micro-batch; the last one takes what is left.
        examples: n; more than x has where other replicas have the rest.
    """
    size = tf.shape(x)[0]

    def added(start: tf.Tensor, total: Part) -> tuple[tf.Tensor, Part]:
        inputs = x[start : start + micro_batch]
        part = compute(inputs, between(y, start, start + micro_batch))
        share = tf.cast(tf.shape(inputs)[0] / examples, tf.float32)
        gradients = [sum_ + share * gradient for sum_, gradient in zip(total.gradients, part.gradients, strict=True)]
        return start + micro_batch, Part(total.loss + share * part.loss, total.sums + part.sums, gradients)

    nothing = Part(
        tf.zeros([]),
        tf.zeros([len(learner.metrics)]),
        [tf.zeros(variable.shape) for variable in learner.model.trainable_variables],
    )
    _, whole = tf.while_loop(lambda start, _: start < size, added, [tf.constant(0), nothing])
    return Part(*whole)


def apply_gradients(learner: Learner, gradients: Any) -> tf.Tensor:
    """Let the weights follow an update's gradients, if these are finite; returns whether the update was skipped.

    Args:
        learner: what is trained.
        gradients: what every replica has, the same on all.
    """
    loss_scale, replicas = learner.loss_scale, learner.replicas
    follow = partial(_follow, learner)
    if loss_scale is None:
        replicas.run(follow, gradients)
        return tf.constant(False)
    unscaled = replicas.run(loss_scale.unscaled, gradients)
    finite = all_finite(replicas.first(unscaled))

    def made() -> tf.Tensor:
        replicas.run(follow, unscaled)
        return tf.constant(False)

    skipped: tf.Tensor = tf.cond(loss_scale.admits(finite), made, lambda: tf.constant(True))
    loss_scale.adjust(finite)
    return skipped


def _follow(learner: Learner, gradients: list[tf.Tensor]) -> None:
    optimizer, variables = learner.optimizer.optimizer, learner.model.trainable_variables
    if learner.groups is not None:
        gradients = learner.groups.admitted(gradients, variables)
    optimizer.apply(clipped(gradients, learner.clip), variables)
    if learner.average is not None:
        learner.average.update(optimizer.iterations)
