"""The plan: everything that a run needs to know, with nothing left to infer."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Literal

from runner.curves import segments
from runner.data.facts import DataFacts
from runner.data.placement import Placement, placement
from runner.errors import DataError
from runner.plan.augmenting import require_images
from runner.plan.callbacks import PlannedCallback, plan_callbacks
from runner.plan.class_weight import check_class_weight
from runner.plan.custom_code import Code
from runner.plan.fingerprint import fingerprint
from runner.plan.inputs import taken_inputs
from runner.plan.layers import PlannedLayer, expand
from runner.plan.monitor import Monitor, monitor
from runner.plan.outputs import PlannedOutput, planned_outputs, with_targets
from runner.plan.published import PublishedWeights
from runner.plan.schedule import CompiledSchedule, compile_schedule
from runner.plan.schedules.dropout import FACTOR, dropout_table
from runner.plan.schedules.groups import PlannedGroup, plan_groups
from runner.plan.schedules.own_tables import Table
from runner.plan.smoothing import Smoothing, smoothing_of
from runner.plan.validation import PART, PlannedValidation, plan_validation
from runner.plan.warnings import PlanWarning, augment_warnings, data_warnings, schedule_warnings
from runner.plan.weights import SourceWeights
from schemas.data import Data, DataBase, Fallback, TfdsData
from schemas.findings import Path
from schemas.layers import Dense
from schemas.layers.sequences import Embedding
from schemas.losses import Loss, loss_facts, loss_text
from schemas.metrics import is_whole, name_of, top_k
from schemas.quantities import Expectation
from schemas.recipe import Recipe
from schemas.schedule import Schedule
from schemas.schedule.formulas import Constant
from schemas.training import Training

if TYPE_CHECKING:
    from schemas.custom_metric import CustomMetric


@dataclass(frozen=True)
class Inferred:
    """A value that the recipe leaves out, and what it follows from."""

    path: Path
    value: str
    why: str


@dataclass(frozen=True)
class Plan:
    """A recipe made definite for the data at hand."""

    recipe: Recipe
    data: DataFacts
    fallback: str | None
    """Why the fallback trains in place of the recipe's data; None when it does not."""
    scale: float | Literal["standard"] | None
    batch_size: int
    steps: int
    """Number of optimizer steps, N."""
    epochs: int
    """Passes over the training examples; the last one may be a part of one."""
    steps_per_epoch: int
    layers: tuple[PlannedLayer, ...]
    loss: Loss | None
    """None where each of several outputs has its own."""
    metrics: tuple[str, ...]
    """Names of the figures besides the loss; of several outputs they begin with the output's."""
    best: Monitor
    schedule: CompiledSchedule
    fingerprint: str
    expect: dict[str, Expectation]
    """Bounds that this run is held to."""
    untested: dict[str, Expectation]
    """Bounds that this run cannot test, because the fallback trains."""
    inferred: tuple[Inferred, ...]
    validation: PlannedValidation
    """When the validation examples are evaluated, where there are any."""
    center: bool = False
    """Whether the mean of each feature is subtracted."""
    outputs: tuple[PlannedOutput, ...] = ()
    """Those of a model that predicts several targets; empty where there is one."""
    code: Code | None = None
    """Custom code that may be imported; None: there is none, or the person does not allow it."""
    weights: SourceWeights | None = None
    """The trained model that layers take their weights from; None: the recipe takes none, or it is not known yet."""
    published: tuple[PublishedWeights, ...] = ()
    """Of the applications that begin with published weights; empty where none does, or it is not known yet."""

    @property
    def code_folder(self) -> FilePath | None:
        """Where custom code may be imported from; None: it may not be."""
        return None if self.code is None else self.code.folder

    @property
    def takes_weights(self) -> bool:
        """Whether it is known that any layer begins with weights that are not fresh."""
        return self.weights is not None or bool(self.published)

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of what the trained model gives: of the classes, of several numbers or labels, or of outputs."""
        several = tuple(name for output in self.outputs for name in output.columns)
        return several or self.data.output_names

    @property
    def logits(self) -> bool:
        """Whether the model gives logits in place of probabilities."""
        return self.recipe.model.output.logits

    @property
    def wanted(self) -> str:
        """The data that the recipe names, whether or not it is what trains."""
        return f"{self.recipe.data.source} {getattr(self.recipe.data, 'name', self.data.name)}"

    @property
    def source(self) -> Data | Fallback:
        """The recipe's data, or its fallback where that trains."""
        fallback = fallback_of(self.recipe) if self.fallback is not None else None
        return fallback if fallback is not None else self.recipe.data

    @property
    def placement(self) -> Placement:
        """What of the data stays in memory."""
        return placement(self.data, self.recipe.data.resident_limit.size)

    @property
    def warnings(self) -> tuple[PlanWarning, ...]:
        """What runs but hardly as meant, where only the run's length or the data tell."""
        return (
            *schedule_warnings(self.schedule.warnings),
            *data_warnings(self.recipe, self.data, self.smoothing, self.steps),
            *augment_warnings(self.recipe, self.steps, self.steps_per_epoch),
        )

    @property
    def smoothing(self) -> Smoothing | None:
        """Label smoothing that ends before the run does; None where one number holds throughout."""
        return smoothing_of(self.recipe.training.label_smoothing, self.steps, self.steps_per_epoch)

    @property
    def groups(self) -> tuple[PlannedGroup, ...]:
        """Groups of layers with a factor on their learning rate."""
        return plan_groups(self.recipe.groups, self.steps, self.steps_per_epoch)

    @property
    def callbacks(self) -> tuple[PlannedCallback, ...]:
        """Callbacks of custom code."""
        return plan_callbacks(self.recipe.callbacks, self.steps, self.steps_per_epoch) if self.recipe.callbacks else ()

    @property
    def dropout_factor(self) -> Table:
        """The factor on all dropout rates, row by row; empty where they are constant."""
        return dropout_table(self.recipe.model.dropout_factor, self.steps, self.steps_per_epoch)

    @property
    def monitors(self) -> tuple[str, ...]:
        """Names of the metrics of an epoch, ``loss`` first."""
        training, evaluated = ("loss", *self.running), ("loss", *self.metrics)
        if not self.data.validation:
            return training
        part = tuple(f"{PART}{name}" for name in evaluated) if self.validation.part is not None else ()
        return training + tuple(f"val_{name}" for name in evaluated) + part

    @property
    def running(self) -> tuple[str, ...]:
        """The metrics that are means over examples, and so are known of the training examples as well."""
        return tuple(name for name in self.metrics if not is_whole(name))

    @property
    def threshold(self) -> float | None:
        """Probability above which a single output means class 1 while the model trains; None: one half."""
        written = self.recipe.training.threshold
        return written if isinstance(written, float) else None

    @property
    def custom_metrics(self) -> "tuple[CustomMetric, ...]":
        """The metrics that custom code computes."""
        return tuple(metric for metric in self.recipe.training.metrics or () if not isinstance(metric, str))

    @property
    def whole(self) -> tuple[str, ...]:
        """The metrics that are computed of a whole split, of validation and test examples alone."""
        return tuple(name for name in self.metrics if is_whole(name))


def fallback_of(recipe: Recipe) -> Fallback | None:
    """What trains where the recipe's data is out of reach; None: nothing does."""
    return recipe.data.fallback if isinstance(recipe.data, TfdsData) else None


def effective_schedule(recipe: Recipe) -> Schedule:
    """The schedule, or a constant one from the optimizer's learning rate (or Keras' default)."""
    if recipe.schedule is not None:
        return recipe.schedule
    learning_rate = recipe.optimizer.learning_rate
    default = recipe.optimizer.default_rate
    return Constant(kind="constant", learning_rate=learning_rate if learning_rate is not None else default)


def _loss(recipe: Recipe, layers: tuple[PlannedLayer, ...]) -> Loss | None:
    if recipe.task == "multi_output":
        return None
    if recipe.training.loss is not None:
        return recipe.training.loss
    if recipe.task == "regression":
        return "mean_squared_error"
    if recipe.task == "multi_label":
        return "binary_crossentropy"
    output = layers[-1].layer
    binary = isinstance(output, Dense) and output.units == 1
    return "binary_crossentropy" if binary else "sparse_categorical_crossentropy"


def _check_task(recipe: Recipe, data: DataFacts) -> None:
    wanted = data.task
    if recipe.task != wanted:
        raise DataError(f"task is {recipe.task!r}, but {data.name!r} is data for {wanted}", f"write `task: {wanted}`")
    units, count = recipe.model.output.units, max(len(data.targets), 1)
    of = "the number of targets of"
    if data.classes is not None:
        count, of = data.classes, "the number of classes of"
    if units in (None, count) or (data.classes == 2 and units == 1) or _reads_output_as_it_likes(recipe, data):
        return
    raise DataError(
        f"output units must be {count}, {of} {data.name!r}; received {units}",
        "leave `units` out: it follows from the data",
        path=("model", "output", "units"),
    )


def _reads_output_as_it_likes(recipe: Recipe, data: DataFacts) -> bool:
    """Whether the loss of classes is one's own."""
    loss = recipe.training.loss
    return data.classes is not None and loss is not None and loss_facts(loss) is None


def _check_top_k(recipe: Recipe, data: DataFacts) -> None:
    for place, metric in enumerate(map(name_of, recipe.training.metrics or ())):
        k = top_k(metric)
        if k is not None and data.classes is not None and data.classes <= k:
            error = DataError(f"{metric} is always 1: {data.name!r} has {data.classes} classes", "take accuracy")
            error.at(("training", "metrics", place))
            raise error


def _length(training: Training, steps_per_epoch: int) -> int:
    """Steps of the run: the first end of those that the recipe gives."""
    ends = [training.steps, training.epochs and training.epochs * steps_per_epoch]
    given = [end for end in ends if end is not None]
    if not given:
        raise ValueError("training: epochs or steps must be given; received neither")
    return min(given)


def _steps_per_epoch(recipe: Recipe, data: DataFacts) -> int:
    size = recipe.data.batch_size
    if not recipe.data.drop_remainder:
        return math.ceil(data.train / size)
    if data.train < size:
        raise DataError(
            f"drop_remainder leaves nothing to train: the {data.train:,} examples of {data.name!r} do not fill a batch "
            f"of {size:,}",
            f"take a batch_size of {data.train} or less, or remove drop_remainder",
        )
    return data.train // size


def compiled(
    recipe: Recipe, schedule: Schedule, steps: int, steps_per_epoch: int, code: FilePath | None = None
) -> CompiledSchedule:
    """The curves of everything that is driven.

    Args:
        recipe: says what else is driven.
        schedule: the effective one.
        steps: of the run.
        steps_per_epoch: optimizer steps an epoch.
        code: where custom code may be imported from; None: it may not.

    Raises:
        ScheduleError: when the schedule does not fit the run's length.
    """
    found = compile_schedule(
        schedule,
        steps=steps,
        steps_per_epoch=steps_per_epoch,
        base_momentum=recipe.optimizer.driven_momentum,
        base_weight_decay=recipe.optimizer.weight_decay,
        code=code,
    )
    smoothing = smoothing_of(recipe.training.label_smoothing, steps, steps_per_epoch)
    found = found.with_driven("label_smoothing", smoothing)
    for group in plan_groups(recipe.groups, steps, steps_per_epoch):
        found = found.with_driven(group.hyperparameter, group.curve)
    table = dropout_table(recipe.model.dropout_factor, steps, steps_per_epoch)
    return found.with_driven(FACTOR, segments(table) if table else None)


def _scale(recipe: Recipe, used: Fallback | None) -> float | Literal["standard"] | None:
    """The factor of the inputs: the fallback's where it trains and has one."""
    if used is not None and used.scale is not None:
        return used.scale
    return recipe.data.scale if isinstance(recipe.data, DataBase) else None


def make_plan(recipe: Recipe, data: DataFacts, *, fallback: str | None = None) -> Plan:
    """Make a recipe definite.

    Args:
        recipe: a valid recipe.
        data: facts of the data that trains: the recipe's, or its fallback's.
        fallback: why the fallback trains; None when the recipe's own data does.

    Raises:
        ScheduleError: when the schedule does not fit the run's length.
        DataError: when the data does not fit the task.
    """
    data = with_targets(recipe, data)
    _check_data(recipe, data)
    steps_per_epoch = _steps_per_epoch(recipe, data)
    steps = _length(recipe.training, steps_per_epoch)
    schedule = effective_schedule(recipe)
    outputs = planned_outputs(recipe, data)
    layers = _layers(recipe, data, outputs)
    loss = _loss(recipe, layers)
    metrics = tuple(name for output in outputs for name in output.figures) or _metrics(recipe)
    best = _best(recipe.training, data)
    used = None if fallback is None else fallback_of(recipe)
    return Plan(
        recipe=recipe,
        data=data,
        fallback=fallback,
        scale=_scale(recipe, used),
        center=isinstance(recipe.data, DataBase) and recipe.data.center,
        batch_size=recipe.data.batch_size,
        steps=steps,
        epochs=math.ceil(steps / steps_per_epoch),
        steps_per_epoch=steps_per_epoch,
        layers=layers,
        loss=loss,
        metrics=metrics,
        best=best,
        schedule=compiled(recipe, schedule, steps, steps_per_epoch),
        fingerprint=fingerprint(recipe, data.identity),
        expect=dict((used or recipe).expect),
        untested={} if used is None else dict(recipe.expect),
        outputs=outputs,
        inferred=tuple(_inferred(recipe, layers, loss, metrics, best, schedule)),
        validation=plan_validation(recipe.training, data, steps=steps, steps_per_epoch=steps_per_epoch),
    )


def _layers(recipe: Recipe, data: DataFacts, outputs: tuple[PlannedOutput, ...]) -> tuple[PlannedLayer, ...]:
    """The model's layers, with repeats written out and the outputs that the data asks for."""
    return expand(
        recipe.model,
        data.classes,
        data.vocabulary,
        targets=max(len(data.targets), 1),
        labels=data.labels,
        taken=taken_inputs(recipe.model, data),
        outputs=outputs,
    )


def _check_data(recipe: Recipe, data: DataFacts) -> None:
    """Whether the data is what the recipe's task, weights, metrics and augmentation need."""
    _check_task(recipe, data)
    check_class_weight(recipe.training.class_weight, data.classes, repr(data.name), ("training",))
    _check_top_k(recipe, data)
    require_images(recipe, data)


def _metrics(recipe: Recipe) -> tuple[str, ...]:
    default = "mean_absolute_error" if recipe.task == "regression" else "accuracy"
    given = recipe.training.metrics
    return (default,) if given is None else tuple(map(name_of, given))


def _rows(recipe: Recipe, path: Path) -> int | None:
    """Rows that the recipe gives the embedding at a place of its model."""
    layer = recipe.model.layers[int(path[-1])]
    return layer.input_dim if isinstance(layer, Embedding) else None


def _best(training: Training, data: DataFacts) -> Monitor:
    """What the best model is chosen by: where early stopping restores it, by what stops."""
    stopping = training.early_stopping
    if stopping is not None and stopping.restore_best:
        return monitor(stopping.monitor, stopping.mode)
    return monitor(training.best or ("val_loss" if data.validation else "loss"))


def _inferred_of_outputs(recipe: Recipe) -> Iterator[Inferred]:
    """What several outputs leave out."""
    for name, output in recipe.model.outputs.items():
        if output.loss is None:
            yield Inferred(("model", "outputs", name, "loss"), loss_text(output.loss_or_default), "its task")
        if output.metrics is None:
            yield Inferred(("model", "outputs", name, "metrics"), ", ".join(output.metrics_or_default), "its task")


def _inferred(
    recipe: Recipe,
    layers: tuple[PlannedLayer, ...],
    loss: Loss | None,
    metrics: tuple[str, ...],
    best: Monitor,
    schedule: Schedule,
) -> list[Inferred]:
    """What the recipe left out, for the person to see."""
    found: list[Inferred] = []
    output = layers[-1]
    if output.origin is not None and isinstance(output.layer, Dense):
        shape = f"dense {output.layer.units} {output.layer.activation}"
        found.append(Inferred(output.path, shape, output.origin))
    for item in layers:
        if isinstance(item.layer, Embedding) and _rows(recipe, item.path) is None:
            found.append(Inferred((*item.path, "input_dim"), f"{item.layer.input_dim}", "the vocabulary"))
    found += _inferred_of_outputs(recipe)
    if recipe.training.loss is None and loss is not None:
        found.append(Inferred(("training", "loss"), loss_text(loss), "the task"))
    if recipe.training.metrics is None and loss is not None:
        found.append(Inferred(("training", "metrics"), ", ".join(metrics), "the task"))
    if recipe.training.best is None:
        stopping = recipe.training.early_stopping
        restores = stopping is not None and stopping.restore_best
        why = "early_stopping's monitor" if restores else "the data's splits"
        found.append(Inferred(("training", "best"), best.name, why))
    if recipe.schedule is None and schedule.kind == "constant":
        why = "the optimizer's learning_rate" if recipe.optimizer.learning_rate else "Keras' default"
        found.append(Inferred(("schedule",), f"constant {schedule.learning_rate:g}", why))
    return found
