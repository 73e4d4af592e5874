"""What an evaluation keeps of each output of a model."""

from dataclasses import dataclass, replace
from typing import Any

from numpy.typing import NDArray

from runner.inference.evaluation import Evaluation
from runner.inference.opened import TrainedRun
from runner.inference.output_rows import OutputColumns, columns_of
from runner.measures.decisions import Threshold
from runner.plan.outputs import PlannedOutput
from runner.plan.plan import Plan
from runner.workflows.kept_predictions import Heard

Array = NDArray[Any]


@dataclass(frozen=True)
class Subject:
    """An output, and what is heard of it.

    Attributes:
        plan: whose data has its targets alone.
        names: of its classes, of its labels, or of what it predicts.
        threshold: that is saved with the model.
        heard: gathers its targets and predictions.
        output: one of several; None: the model has no other.
    """

    plan: Plan
    names: tuple[str, ...]
    threshold: Threshold | None
    heard: Heard
    output: PlannedOutput | None = None

    @property
    def name(self) -> str:
        """Of one of several outputs."""
        return self.output.name if self.output is not None else ""

    def hear(self, targets: Array, outputs: Array) -> None:
        """Hear a batch of all targets and of all that the model gives."""
        if self.output is None:
            self.heard.add(targets, outputs)
        else:
            self.heard.add(self.output.target(targets), outputs[:, self.output.first : self.output.stop])

    def metrics(self, found: Evaluation) -> dict[str, float]:
        """Its own of the figures that were found, without its name before them."""
        if self.output is None:
            return found.metrics
        averages = [f"{self.name}_f1_{average}" for average in ("micro", "macro")] if self.output.labels else []
        names = [name for name in (*self.output.figures, *averages) if name in found.metrics]
        errors = dict(found.targets).get(self.name, {}) if not self.output.classes else {}
        return {**errors, **{name.removeprefix(f"{self.name}_"): found.metrics[name] for name in names}}


def subjects_of(run: TrainedRun, plan: Plan, units: int) -> tuple[Subject, ...]:
    """The outputs of a run's model.

    Args:
        run: the trained run.
        plan: its plan.
        units: columns that the model gives.

    Raises:
        ModelUnusable: the names that are saved with the model are not those of the recipe's outputs.
    """
    names = run.target_names(units)
    if plan.outputs:
        columns = columns_of(run.recipe.model, names, run.thresholds)
        return tuple(_one_of_several(plan, output, own) for output, own in zip(plan.outputs, columns, strict=True))
    names = names or run.class_names(units)
    facts = replace(plan.data, class_names=names) if plan.data.classes is not None else plan.data
    return (_subject(replace(plan, data=facts), names, run.threshold(units)),)


def _one_of_several(plan: Plan, output: PlannedOutput, saved: OutputColumns) -> Subject:
    alone = replace(plan, data=output.facts(plan.data))
    return _subject(alone, output.classes or (output.name,), saved.threshold, output)


def _subject(
    plan: Plan, names: tuple[str, ...], threshold: Threshold | None, output: PlannedOutput | None = None
) -> Subject:
    return Subject(plan, names, threshold, Heard(plan.data.task, threshold), output)
