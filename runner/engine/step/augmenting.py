"""A batch's examples as they train: taken, changed and mixed, in the parts in which the batch is computed."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import tensorflow as tf

from runner.data.augment.augmentation import Augmentation
from runner.data.augment.geometry import Frame
from runner.data.augment.timing import Clock
from runner.data.feed import taken_at
from runner.engine.distributed.replicas import Replicas
from runner.engine.step.weighted_targets import Targets, between
from runner.plan.augmenting import ends_of
from runner.plan.plan import Plan
from schemas.rules.augment import transforms_of


def augmentation_of(plan: Plan) -> Augmentation | None:
    """What the plan does to the images that train; None: nothing."""
    transforms = transforms_of(plan.recipe)
    if not transforms:
        return None
    ends = ends_of(plan.recipe, plan.steps, plan.steps_per_epoch)
    frame = Frame(plan.data.shape[0], plan.data.shape[1])
    return Augmentation(transforms, ends, frame, Clock(plan.batch_size, plan.steps_per_epoch))


def augmented(
    augmentation: Augmentation, replicas: Replicas, inputs: Any, targets: Any, batch: tf.Tensor, drawn: tf.Tensor
) -> tuple[tf.Tensor, Targets]:
    """This replica's inputs and targets of a batch, to be called within :meth:`Replicas.run`.

    An example is mixed with the next one of the whole batch, so that it does not matter how the batch is divided: a
    part also changes the first example behind its own.

    Args:
        augmentation: what is done.
        replicas: what the step runs on.
        inputs: all inputs.
        targets: all targets.
        batch: indices of the batch's examples, shape ``(b,)``.
        drawn: their numbers, shape ``(b, width)``.
    """
    mine = replicas.share(tf.range(tf.size(batch)))
    bounds = [tf.size(mine) * part // replicas.towers for part in range(replicas.towers + 1)]
    made = [_part(augmentation, inputs, targets, batch, drawn, mine[start:stop]) for start, stop in pairwise(bounds)]
    return _joined(made)


def _part(
    augmentation: Augmentation, inputs: Any, targets: Any, batch: tf.Tensor, drawn: tf.Tensor, places: tf.Tensor
) -> tuple[tf.Tensor, Targets]:
    """The examples at some neighbouring places of the batch."""
    if augmentation.mixture is not None:
        places = tf.concat([places, (places[-1:] + 1) % tf.size(batch)], axis=0)
    indices, numbers = tf.gather(batch, places), tf.gather(drawn, places)
    images, labels = augmentation.images(tf.gather(inputs, indices), numbers), taken_at(targets, indices)
    if augmentation.mixture is None:
        return images, labels
    own, others = between(labels, 0, -1), between(labels, 1, None)
    return augmentation.mixed(images[:-1], images[1:], own, others, numbers[:-1])


def _joined(parts: Sequence[tuple[tf.Tensor, Targets]]) -> tuple[tf.Tensor, Targets]:
    if len(parts) == 1:
        return parts[0]
    joined: tuple[tf.Tensor, Targets] = tf.nest.map_structure(lambda *each: tf.concat(each, axis=0), *parts)
    return joined
