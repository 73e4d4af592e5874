"""The first examples of a run's first epoch, at a stage on their way to the model."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import AssembledExamples, Dataset, Examples
from runner.data.feed import Drawn, feed_of
from runner.plan.plan import Plan
from runner.workflows.target_words import said_mixture, said_targets

Stage = Literal["raw", "input", "augmented"]
Array = NDArray[Any]
SAMPLE = 1024
"""Examples at most of which numbers are told."""


@dataclass(frozen=True)
class Sample:
    """Examples at a stage."""

    values: Array
    """Shape ``(n, …)``."""
    labels: tuple[str, ...]


def sample_of(plan: Plan, dataset: Dataset, stage: Stage) -> Sample:
    """The first examples that train, in the order of the first epoch.

    ``raw``: as they are stored. ``input``: what the recipe's first layer receives, without augmentation.
    ``augmented``: as they train, in the range in which they are stored.
    """
    from runner.engine.step.augmenting import augmentation_of

    augmentation = augmentation_of(plan) if stage == "augmented" else None
    count = min(SAMPLE, len(dataset.train), plan.batch_size * max(SAMPLE // plan.batch_size, 1))
    feed = feed_of(dataset.train, augmentation)
    try:
        taken = feed.take(plan.recipe.seed, 0, 0, count)
    finally:
        feed.close()
    drawn = taken.numbers if isinstance(taken, Drawn) else None
    places = taken.examples if isinstance(taken, Drawn) else taken
    examples = places if isinstance(places, Examples) else _at(dataset.train, places)
    if augmentation is not None and drawn is not None:
        return _changed(plan, examples, drawn)
    values = _input(plan, dataset, examples.x) if stage == "input" else examples.x
    return Sample(values, tuple(said_targets(plan.data, examples.y)))


def _at(split: Any, places: Array) -> Examples:
    assert isinstance(split, Examples | AssembledExamples)
    return split.at(places).apart()


def _input(plan: Plan, dataset: Dataset, x: Array) -> Array:
    from runner.model.scaling import scaling_layer
    from runner.model.table_front import front_of

    front = front_of(plan, embed=False) or scaling_layer(plan.scale, lambda: dataset.train, center=plan.center)
    return x if front is None else np.asarray(front(x.astype(np.float32)))


def _changed(plan: Plan, examples: Examples, drawn: Array) -> Sample:
    """Batch by batch, because examples are mixed with others of their batch."""
    from runner.engine.distributed.replicas import ALONE
    from runner.engine.step.augmenting import augmentation_of, augmented

    augmentation = augmentation_of(plan)
    assert augmentation is not None
    values, labels = [], []
    for start in range(0, len(examples), plan.batch_size):
        batch = np.arange(start, min(start + plan.batch_size, len(examples)), dtype=np.int32)
        images, targets = augmented(augmentation, ALONE, examples.x, examples.y, batch, drawn[batch])
        values.append(np.asarray(images))
        own = list(said_targets(plan.data, examples.y[batch]))
        if augmentation.mixture is None:
            labels += own
            continue
        others = list(said_targets(plan.data, np.asarray(targets.other)))
        shares = np.asarray(targets.share).tolist()
        labels += [said_mixture(*pair) for pair in zip(own, others, shares, strict=True)]
    return Sample(np.concatenate(values), tuple(labels))
