"""The plan's model, optimizer, loss and metrics, ready to train."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from runner.data.augment.augmentation import Augmentation
from runner.data.examples import Splits, labels
from runner.engine.distributed.replicas import ALONE, Replicas, is_normalising_batches
from runner.engine.step.augmenting import augmentation_of
from runner.engine.step.averaging import Average
from runner.engine.step.loss_scale import LossScale
from runner.errors import BuildError
from runner.measures.decisions import Threshold, Thresholds, cut, of_each_output, of_one_output
from runner.measures.output_measures import OutputPart, OutputsMeasuring
from runner.measures.split_measures import Measuring
from runner.model.build import build_model
from runner.model.custom_metric import OwnMeasuring, own_metrics
from runner.model.decay import exclude_from_decay
from runner.model.dropout import follow
from runner.model.losses import PerExample, class_weights, driven_smoothing, make_loss, make_metric
from runner.model.next_token import make_token_metric, mean_over_steps
from runner.model.normalization import fuse
from runner.model.optimizer import BuiltOptimizer, build_optimizer, scheduled_number
from runner.model.output_losses import class_weights_of_outputs, loss_of_outputs, metrics_of_outputs
from runner.model.rate_groups import RateGroups
from runner.model.scaling import scaling_layer
from runner.model.table_front import front_of
from runner.model.target_scaling import scaled_loss, target_layer
from runner.model.transfer import Arrays, source_arrays, take_weights
from runner.plan.outputs import PlannedOutput
from runner.plan.plan import Plan
from runner.plan.schedules.dropout import FACTOR
from schemas.hardware import Hardware
from schemas.metrics import is_known, is_whole
from schemas.updates import Clip


@dataclass(frozen=True)
class Learner:
    """What is trained, by what it is judged, and how an update is made."""

    model: Any
    optimizer: BuiltOptimizer
    loss: PerExample
    metrics: tuple[PerExample, ...]
    training_loss: PerExample | None = None
    """Of each example in training, where it differs from ``loss``, by which the model is evaluated."""
    smoothing: tf.Variable | None = None
    """Label smoothing of ``training_loss``, where a curve drives it."""
    class_weight: Any = None
    """Weight of each class in the training loss, shape ``(classes,)``; None: all the same."""
    accumulate: int = 1
    """Into how many micro-batches an update's batch is divided."""
    clip: Clip | None = None
    average: Average | None = None
    """The averaged weights; None: the model's own are validated and exported."""
    loss_scale: LossScale | None = None
    """Of mixed_float16 alone."""
    threshold: Thresholds | None = None
    """Probability above which a single output means class 1 or a label is there, of several outputs by name; None: one
    half."""
    measuring: Measuring | OwnMeasuring | OutputsMeasuring | None = None
    """Metrics that an evaluation computes of the whole split; None: there are none."""
    xla: bool = False
    """Whether XLA compiles the update."""
    replicas: Replicas = ALONE
    """What a step runs on."""
    augmentation: Augmentation | None = None
    """What is done to the images that train."""

    groups: RateGroups | None = None
    """Layers whose learning rate has a factor; None: it is the same for all."""
    dropout_factor: tf.Variable | None = None
    """What multiplies all dropout rates, where a curve drives it."""
    own_code: bool = False
    """Whether custom code is part of model, loss or optimizer."""

    @property
    def hyperparameters(self) -> Mapping[str, tf.Variable]:
        """What a step assigns before its update, by name: the optimizer's variables, and label smoothing where driven.

        The names are those of the plan's curves. A further hyperparameter is one more entry here and there.
        """
        factors = {} if self.groups is None else self.groups.variables
        own = {"label_smoothing": self.smoothing, **factors, FACTOR: self.dropout_factor}
        return {**self.optimizer.variables, **{name: value for name, value in own.items() if value is not None}}

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """While the block runs the model has its averaged weights, where the recipe wants them."""
        if self.average is None:
            yield
            return
        with self.average.acting():
            yield


def make_learner(plan: Plan, dataset: Splits, replicas: Replicas = ALONE, *, goes_on: bool = False) -> Learner:
    """Build everything that trains, with fresh slots, and weights that are fresh or those that the plan takes.

    Fresh weights depend on the recipe's seed alone.

    Args:
        plan: what to build.
        dataset: its data.
        replicas: what a step runs on.
        goes_on: whether a checkpoint replaces all weights anyway, so that none need to be taken.

    Raises:
        BuildError: when Keras does not accept a layer.
        WeightsError: a layer cannot take its weights.
    """
    arrays = None if goes_on else source_arrays(plan)
    with replicas.scope():
        return _make_learner(plan, dataset, replicas, arrays)


def _make_learner(plan: Plan, dataset: Splits, replicas: Replicas, arrays: Arrays | None) -> Learner:
    recipe, training = plan.recipe, plan.recipe.training
    keras.utils.set_random_seed(recipe.seed)
    model = _model(plan, dataset, replicas)
    if arrays is not None:
        take_weights(plan, model, arrays)
    first = {name: float(value) for name, value in plan.schedule.evaluate(0).items()}
    groups = RateGroups(plan.groups, model, first) if plan.groups else None
    smoothing = _smoothing_variable(first.get("label_smoothing"))
    weights = class_weights(training.class_weight, lambda: labels(dataset.train), plan.data.classes)
    return Learner(
        model,
        _optimizer(plan, first, model, replicas, groups),
        loss_of(plan, model),
        **judged_by(plan, plan.thresholds),
        training_loss=_trained_loss(plan, dataset, smoothing),
        smoothing=smoothing,
        class_weight=None if weights is None else tf.constant(weights),
        accumulate=training.accumulate,
        clip=training.clip,
        average=Average(training.ema.decay, model.trainable_variables) if training.ema is not None else None,
        loss_scale=LossScale() if recipe.hardware.precision == "mixed_float16" else None,
        xla=_uses_xla(recipe.hardware, model) and replicas.strategy is None,
        replicas=replicas,
        augmentation=augmentation_of(plan),
        groups=groups,
        dropout_factor=_dropout_factor(first.get(FACTOR), model),
        own_code=plan.code is not None,
    )


def _model(plan: Plan, dataset: Splits, replicas: Replicas) -> Any:
    recipe = plan.recipe
    scaling = front_of(plan) or scaling_layer(plan.scale, lambda: dataset.train, center=plan.center)
    last = target_layer(recipe.data.target_scale, lambda: dataset.train)
    model = build_model(plan.layers, plan.data.shape, recipe.name, scaling, recipe.hardware.precision, last)
    if recipe.training.accumulate > 1 and replicas.count > 1 and any(map(is_normalising_batches, model.layers)):
        raise BuildError(
            "batch_normalization and training.accumulate together work on one device alone: replicas may have "
            "different numbers of micro-batches, and would wait for one another",
            ("training", "accumulate"),
        )
    replicas.adapt_model(model)
    if replicas.fused:
        fuse(model)
    return model


def _optimizer(
    plan: Plan, first: Mapping[str, float], model: Any, replicas: Replicas, groups: RateGroups | None = None
) -> BuiltOptimizer:
    def prepare(optimizer: Any) -> None:
        if groups is not None:
            groups.install(optimizer, model.trainable_variables)

    built = build_optimizer(plan.recipe.optimizer, first, prepare, plan.code_folder)
    exclude_from_decay(plan.recipe.optimizer, built.optimizer, model)
    built.optimizer.build(model.trainable_variables)
    replicas.adapt_optimizer(built.optimizer)
    return built


def _trained_loss(plan: Plan, dataset: Splits, smoothing: tf.Variable | None) -> PerExample | None:
    """The loss that is trained where it is another than that of evaluations.

    That is with label smoothing that a curve drives, and with classes of several outputs that have weights.
    """
    if plan.outputs:
        weights = class_weights_of_outputs(plan.outputs, lambda: dataset.train)
        return loss_of_outputs(plan.outputs, weights) if weights else None
    if smoothing is None or plan.loss is None:
        return None
    driven = driven_smoothing(plan.loss, smoothing, logits=plan.logits)
    return mean_over_steps(driven) if plan.data.next_token else driven


def _smoothing_variable(first: float | None) -> tf.Variable | None:
    return None if first is None else scheduled_number(first, "scheduled_label_smoothing")


def _dropout_factor(first: float | None, model: Any) -> tf.Variable | None:
    """The factor that all dropout layers of the model follow from now on; None: their rates are constant."""
    if first is None:
        return None
    factor = scheduled_number(first, f"scheduled_{FACTOR}")
    follow(model, factor)
    return factor


def loss_of(plan: Plan, model: Any) -> PerExample:
    """The loss by which the model is evaluated, and trained where no curve drives its label smoothing."""
    if plan.loss is None:
        return loss_of_outputs(plan.outputs)
    written, folder = plan.recipe.training.label_smoothing, plan.code_folder
    throughout = written if isinstance(written, float) else 0.0
    if plan.data.next_token:
        return mean_over_steps(make_loss(plan.loss, throughout, logits=plan.logits))
    return scaled_loss(make_loss(plan.loss, throughout, folder, logits=plan.logits), model)


def judged_by(plan: Plan, thresholds: Thresholds | None) -> dict[str, Any]:
    """The fields of a learner that say by which metrics it is judged, where outputs are cut at ``thresholds``."""
    if plan.outputs:
        return _judged_apart(plan, of_each_output(thresholds))
    if plan.data.next_token:
        return {"metrics": tuple(map(make_token_metric, plan.running)), "measuring": None, "threshold": None}
    threshold = of_one_output(thresholds)
    data, above = plan.data, cut(threshold, logits=plan.logits)
    known = tuple(name for name in plan.whole if is_known(name))
    of = Measuring(known, data.classes, plan.logits, max(len(data.targets), 1), data.labels, threshold)
    running = tuple(make_metric(metric, above=above) for metric in plan.running)
    own = own_metrics(plan)
    measuring = OwnMeasuring(of, own) if own else of if plan.whole else None
    return {"metrics": running, "measuring": measuring, "threshold": threshold}


def _judged_apart(plan: Plan, thresholds: Mapping[str, Threshold]) -> dict[str, Any]:
    """The same of several outputs, each judged by its own metrics."""
    parts = [
        OutputPart(output.name, output.places, slice(output.first, output.stop), of)
        for output in plan.outputs
        if (of := _measuring(output, thresholds.get(output.name))).names
    ]
    measuring = OutputsMeasuring(parts) if parts else None
    metrics = metrics_of_outputs(plan.outputs, thresholds)
    return {"metrics": metrics, "measuring": measuring, "threshold": thresholds or None}


def _measuring(output: PlannedOutput, threshold: Threshold | None) -> Measuring:
    """The metrics of a whole split that one of several outputs has."""
    names = tuple(metric for metric in output.metrics if is_whole(metric))
    classes = None if output.labels else len(output.classes) or None
    return Measuring(names, classes, targets=len(output.places), labels=output.labels, threshold=threshold)


def _uses_xla(hardware: Hardware, model: Any) -> bool:
    """Under ``auto`` on a GPU, unless only deterministic kernels are allowed: not all of XLA's are, as in Keras.

    Nor where a layer does without it, as recurrent ones do that have cuDNN's kernels. On a CPU it is never chosen: it
    took eight times as long.
    """
    if hardware.xla == "auto":
        able = all(getattr(layer, "supports_jit", True) for layer in model.layers)
        return able and bool(tf.config.get_visible_devices("GPU")) and not hardware.deterministic
    return hardware.xla == "on"
