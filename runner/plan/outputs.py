"""The outputs of a model that predicts several targets: what each has of the targets and of what the model gives."""

from dataclasses import dataclass, replace

from runner.data.facts import DataFacts
from runner.errors import DataError
from runner.plan.class_weight import check_class_weight
from schemas.losses import Loss
from schemas.metrics import Metric, top_k
from schemas.recipe import Recipe
from schemas.training import ClassWeight


@dataclass(frozen=True)
class PlannedOutput:
    """An output: a dense layer, its target and its loss."""

    name: str
    place: int
    """Of its target among those of an example, from 0."""
    classes: tuple[str, ...]
    """Names of the classes; empty where it predicts a number."""
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

    @property
    def units(self) -> int:
        """Number of its columns."""
        return len(self.classes) or 1

    @property
    def stop(self) -> int:
        """One past its last column."""
        return self.first + self.units

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of its loss and its metrics, as Keras has them: ``price_loss``."""
        return (f"{self.name}_loss", *(f"{self.name}_{metric}" for metric in self.metrics))

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of its columns."""
        return tuple(f"{self.name}: {one}" for one in self.classes) or (self.name,)


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
    if not recipe.model.outputs:
        return ()
    classes = dict(zip(data.targets, data.target_classes or (), strict=True))
    found: list[PlannedOutput] = []
    for name, written in recipe.model.outputs.items():
        target, path = written.target or name, ("model", "outputs", name)
        if target not in classes:
            raise DataError(f"{data.name!r} has no target {target!r}", f"there are {', '.join(classes)}", path=path)
        if bool(classes[target]) != (written.task == "classification"):
            kind = "classes" if classes[target] else "numbers"
            raise DataError(f"the task is {written.task}, and target {target!r} is of {kind}", path=(*path, "task"))
        for k, metric in enumerate(written.metrics or ()):
            if (first := top_k(metric)) is not None and len(classes[target]) <= first:
                message = f"{metric} is always 1: target {target!r} has {len(classes[target])} classes"
                raise DataError(message, "take accuracy", path=(*path, "metrics", k))
        place, first = data.targets.index(target), found[-1].stop if found else 0
        check_class_weight(written.class_weight, len(classes[target]) or None, f"target {target!r}", path)
        parts = (written.loss_or_default, written.loss_weight, written.metrics_or_default)
        options = (written.label_smoothing, written.class_weight)
        found.append(PlannedOutput(name, place, classes[target], first, *parts, *options))
    return tuple(found)
