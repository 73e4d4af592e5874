"""What one answer to all examples, or a naive forecast, comes to, beside the figures of a run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from runner.data.examples import Array, Split, Splits
from runner.data.series.naive import naive_figures
from runner.data.series.prepared import PreparedSeries
from runner.measures.constant_figures import Targets, constant_figure
from runner.plan.outputs import PlannedOutput
from runner.plan.plan import Plan


@dataclass(frozen=True)
class Baseline:
    """Figures by the names of the metrics that they stand beside: ``test_accuracy``."""

    constant: Mapping[str, float] = field(default_factory=dict)
    """Of always the most frequent answer, the median or the mean."""
    forecasts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Of a series' windows: by the naive forecast, ``last``, ``seasonal`` or ``mean``."""


def baseline_figures(plan: Plan, dataset: Splits) -> Baseline:
    """Figures of what needs no model; the answer is that of the training targets.

    Targets that do not lie in memory are read once more, without their inputs where the source can do that.
    """
    constant, forecasts = dict[str, float](), dict[str, dict[str, float]]()
    details = plan.data.details
    for prefix, split in (("val_", dataset.validation), ("test_", dataset.test)):
        if split is None:
            continue
        if isinstance(details, PreparedSeries):
            for name, figures in naive_figures(details, plan.metrics, dataset.train, split).items():
                forecasts.setdefault(name, {}).update({f"{prefix}{metric}": one for metric, one in figures.items()})
            continue
        for name, metric, own, held, labels in _targets(plan, dataset.train, split):
            figure = constant_figure(metric, own, held, labels=labels)
            if figure is not None:
                constant[f"{prefix}{name}"] = figure
    return Baseline(constant, forecasts)


def _targets(plan: Plan, train: Split, held: Split) -> Iterator[tuple[str, str, Targets, Targets, bool]]:
    """Each metric by its name in the run and in the language, the targets that it is about, and whether of labels."""
    if not plan.outputs:
        for metric in plan.metrics:
            yield metric, metric, train.each_target, held.each_target, plan.data.labels
    for output in plan.outputs:
        own, of_part = (_of_output(split, output) for split in (train, held))
        for metric in output.metrics:
            yield f"{output.name}_{metric}", metric, own, of_part, output.labels


def _of_output(split: Split, output: PlannedOutput) -> Targets:
    def parts() -> Iterator[Array]:
        return (output.target(part) for part in split.each_target())

    return parts
