"""The outputs of a model that predicts several targets: what each has of the targets and of what the model gives."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.facts import DataFacts
from runner.data.targets import LABEL_CLASSES
from runner.errors import DataError
from runner.plan.class_weight import check_class_weight
from schemas.findings import Path
from schemas.losses import Loss
from schemas.metrics import Metric, top_k
from schemas.model_outputs import ModelOutput, OutputTask
from schemas.recipe import Recipe
from schemas.training import ClassWeight, WrittenThreshold


@dataclass(frozen=True)
class PlannedOutput:
    """An output: a dense layer, its targets and its loss."""

    name: str
    task: OutputTask
    places: tuple[int, ...]
    """Of its targets among those of an example, from 0; several for labels."""
    classes: tuple[str, ...]
    """Names of the classes or of the labels; empty where it predicts a number."""
    first: int
    """Of its columns in what the model gives, from 0."""
    loss: Loss
    weight: float
    """Of its loss in that of the model."""
    metrics: tuple[Metric, ...]
    label_smoothing: float = 0.0
    """ε of a crossentropy, in training and in evaluations."""
    class_weight: ClassWeight | None = None
    """Weight of each class in the loss that is trained."""
    threshold: WrittenThreshold | None = None
    """As the recipe has it: a probability, or the figure by which one is chosen on validation."""

    @property
    def labels(self) -> bool:
        """Whether it predicts labels, each there or not."""
        return self.task == "multi_label"

    @property
    def units(self) -> int:
        """Number of its columns."""
        return 1 if self.task == "binary" else len(self.classes) or 1

    @property
    def stop(self) -> int:
        """One past its last column."""
        return self.first + self.units

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of its loss and its metrics, as Keras has them: ``price_loss``."""
        return (f"{self.name}_loss", *(f"{self.name}_{metric}" for metric in self.metrics))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its columns, ``origin: usa`` for each class or label; of one column for two classes both."""
        return tuple(f"{self.name}: {one}" for one in self.classes) or (self.name,)

    def target(self, y: NDArray[Any]) -> NDArray[Any]:
        """Its own of all targets ``(b, k)``: classes in int64 or numbers ``(b,)``, labels in int64 ``(b, labels)``."""
        own = y[:, list(self.places)] if self.labels else y[:, self.places[0]]
        return own.astype(np.int64 if self.classes else np.float32)

    def facts(self, data: DataFacts) -> DataFacts:
        """The facts of data that has its targets alone."""
        named = self.classes if not self.labels else ()
        targets = self.classes if self.labels else ()
        alone = replace(data, target_classes=None, labels=self.labels, targets=targets)
        return replace(alone, classes=len(named) or None, class_names=named)


def with_targets(recipe: Recipe, data: DataFacts) -> DataFacts:
    """The facts of data whose targets are numbers as those of several outputs, where the recipe has some."""
    if recipe.task != "multi_output" or data.target_classes is not None or data.task != "regression":
        return data
    return replace(data, target_classes=((),) * len(data.targets))


def planned_outputs(recipe: Recipe, data: DataFacts) -> tuple[PlannedOutput, ...]:
    """The outputs in the recipe's order; none where the model has one output.

    Raises:
        DataError: a target is missing, is of another kind, or is told by no output.
    """
    found: list[PlannedOutput] = []
    for name, written in recipe.model.outputs.items():
        path = ("model", "outputs", name)
        places = tuple(place for target in written.targets(name) for place in _places(data, target, path))
        classes = _names(written, data, places, path)
        if written.task != "multi_label":
            check_class_weight(written.class_weight, len(classes) or None, f"target {data.targets[places[0]]!r}", path)
        parts = (written.loss_or_default, written.loss_weight, written.metrics_or_default)
        options = (written.label_smoothing, written.class_weight, written.threshold)
        first = found[-1].stop if found else 0
        found.append(PlannedOutput(name, written.task, places, classes, first, *parts, *options))
    return tuple(found)


def _places(data: DataFacts, target: str, path: Path) -> tuple[int, ...]:
    """Places of a target among the columns of targets; of an array or feature of labels all of its columns."""
    whole = target not in data.targets
    found = tuple(k for k, name in enumerate(data.targets) if (_whole(name) if whole else name) == target)
    if not found:
        raise DataError(f"{data.name!r} has no target {target!r}", f"there are {', '.join(data.targets)}", path=path)
    return found


def _whole(column: str) -> str | None:
    """The array or feature of a column of its labels: ``tags`` of ``tags[0]``."""
    return column.rpartition("[")[0] or None if column.endswith("]") else None


def _names(written: ModelOutput, data: DataFacts, places: tuple[int, ...], path: Path) -> tuple[str, ...]:
    """Names of the classes or labels that an output predicts, none of a number; if they are what its task takes.

    Labels are called as their targets are; those of one array or feature by their numbers, as where nothing else is
    predicted.
    """
    of_columns = data.target_classes or ()
    target, classes = data.targets[places[0]], of_columns[places[0]]
    if written.task == "multi_label":
        wrong = [data.targets[place] for place in places if of_columns[place] != LABEL_CLASSES]
        if wrong:
            message = f"the task is multi_label, and target {wrong[0]!r} is no label, which is 0 or 1"
            raise DataError(message, path=(*path, "task"))
        if len(places) < 2:
            raise DataError(f"an output of multi_label needs two labels or more; {target!r} is one",
                            "write `task: binary`", path=(*path, "task"))  # fmt: skip
        several = isinstance(written.target, tuple) and len(written.target) > 1
        return tuple(data.targets[place] if several else str(k) for k, place in enumerate(places))
    if bool(classes) != (written.task != "regression"):
        kind = "classes" if classes else "numbers"
        raise DataError(f"the task is {written.task}, and target {target!r} is of {kind}", path=(*path, "task"))
    if written.task == "binary" and len(classes) != 2:
        raise DataError(f"the task is binary, and target {target!r} has {len(classes)} classes",
                        "write `task: classification`", path=(*path, "task"))  # fmt: skip
    for k, metric in enumerate(written.metrics or ()):
        if (first := top_k(metric)) is not None and len(classes) <= first:
            message = f"{metric} is always 1: target {target!r} has {len(classes)} classes"
            raise DataError(message, "take accuracy", path=(*path, "metrics", k))
    return classes


def thresholds_of(outputs: tuple[PlannedOutput, ...]) -> Mapping[str, float]:
    """The thresholds that the recipe writes as numbers, by output."""
    return {output.name: output.threshold for output in outputs if isinstance(output.threshold, float)}


def figures_of(outputs: tuple[PlannedOutput, ...]) -> Mapping[str, str]:
    """The figures by which thresholds are chosen on validation, by output."""
    return {output.name: output.threshold for output in outputs if isinstance(output.threshold, str)}
