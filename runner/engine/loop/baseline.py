"""What one answer to all examples comes to, beside the figures of a run."""

from collections.abc import Iterator

import numpy as np

from runner.data.examples import Array, Examples, Splits
from runner.measures.constant_figures import constant_figure
from runner.plan.plan import Plan


def baseline_figures(plan: Plan, dataset: Splits) -> dict[str, float]:
    """Figures of always the most frequent answer, the median or the mean, by name: ``test_accuracy``.

    The answer is that of the training targets. They are counted where they lie in memory: examples that are read as
    they train are not read once more for it, nor are windows of a series, of which the mean is no forecast.
    """
    train, found = dataset.train, dict[str, float]()
    for prefix, split in (("val_", dataset.validation), ("test_", dataset.test)):
        if not (isinstance(train, Examples) and isinstance(split, Examples)):
            continue
        for name, metric, own, held in _targets(plan, train.y, split.y):
            figure = constant_figure(metric, own, held, labels=plan.data.labels)
            if figure is not None:
                found[f"{prefix}{name}"] = figure
    return found


def _targets(plan: Plan, train: Array, held: Array) -> Iterator[tuple[str, str, Array, Array]]:
    """Each metric by its name in the run and in the language, with the targets that it is about."""
    if not plan.outputs:
        for metric in plan.metrics:
            yield metric, metric, train, held
    for output in plan.outputs:
        own, of_part = (y[:, output.place].astype(np.int64 if output.classes else np.float32) for y in (train, held))
        for metric in output.metrics:
            yield f"{output.name}_{metric}", metric, own, of_part
