"""One step of a training, looked into: what each example and each layer had to do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.augment.augmentation import MixedTargets, hard
from runner.data.examples import AssembledExamples, Examples, Split
from runner.data.feed import Drawn, arguments
from runner.data.streaming.block_order import StreamedSplit
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.variables import preserved, state_dict
from runner.engine.step import weighted_targets
from runner.engine.step.augmenting import augmented
from runner.engine.step.batch_metrics import training_losses
from runner.engine.step.learner import Learner
from runner.engine.step.update import make_part, outputs_in_training
from runner.errors import Diverged
from runner.events import Steps
from runner.plan.plan import Plan

Array = NDArray[Any]


@dataclass(frozen=True)
class Batch:
    """The examples of a step as they trained, each array with a row for each of b examples."""

    places: NDArray[np.int64]
    """Places in the training split."""
    inputs: Array
    """In the range in which they are stored, after augmentation."""
    targets: Array
    other: Array | None
    """Targets of the examples that each was mixed with; None: nothing was mixed."""
    share: Array | None
    """λ, how much of each is its own."""
    outputs: Array
    """What the model made of them before the update, with the step's dropout masks, shape ``(b, units)``."""
    losses: Array
    """wᵢ·w[yᵢ]·lossᵢ, without penalties: their mean is the step's loss without them."""
    losses_of: Mapping[str, Array]
    """Of several outputs the loss of each by name, without any weight, shape ``(b,)``."""


@dataclass(frozen=True)
class LayerFigures:
    """Euclidean norms over all trainable weights of a layer."""

    name: str
    kind: str
    gradient: float
    """Of the step's loss with penalties, before clipping, without the loss scale."""
    weights: float
    """Before the update."""
    update: float
    """Of the difference that the update made."""

    @property
    def ratio(self) -> float:
        """‖update‖ / ‖weights‖; NaN for weights that are all 0."""
        return self.update / self.weights if self.weights else float("nan")


@dataclass(frozen=True)
class StepFigures:
    """A step that was made."""

    steps: Steps
    """Loss and hyperparameters, as the run records them."""
    batch: Batch
    layers: tuple[LayerFigures, ...]
    gradient: float
    """√Σ g² over all trainable weights, before clipping."""
    hyperparameters: Mapping[str, float]
    """Read back from the optimizer."""
    after: Mapping[str, Array]
    """All variables after the update and what callbacks then do to them; they do more at the end of an epoch."""
    diverged: str | None = None
    """What was not finite; None: nothing."""


def make_step(trainer: Trainer) -> StepFigures:
    """Make the step before which a trainer stands, and look into it.

    The update is the compiled one of the run. Losses and gradients are computed apart from it, from the same variables
    and dropout masks.

    Args:
        trainer: on one device; its events must go nowhere but to a list.
    """
    learner = trainer.learner
    trainer.tell_next_step()
    with preserved(learner):
        batch, gradients = _looked_into(trainer)
    before, recorded, diverged = state_dict(learner), list[Steps](), None
    trainer.training.emit = lambda event: recorded.append(event) if isinstance(event, Steps) else None
    try:
        trainer.stepper.steps(1)
    except Diverged as error:
        diverged = str(error)
    finally:
        trainer.stepper.feed.close()
    after = state_dict(learner)
    layers = tuple(_layers(learner, gradients, before, after))
    whole = float(np.sqrt(sum(_squares(gradient) for gradient in gradients)))
    if trainer.callbacks is not None and diverged is None:
        trainer.tell_batch_ended()
        after = state_dict(learner)
    return StepFigures(recorded[0], batch, layers, whole, dict(trainer.stepper.used or {}), after, diverged)


def _looked_into(trainer: Trainer) -> tuple[Batch, list[Array]]:
    """The batch, and the gradient of every trainable variable; variables change."""
    plan, learner, position = trainer.plan, trainer.learner, trainer.state.position
    for name, value in trainer.stepper.planned(1).items():
        learner.hyperparameters[name].assign(value[0])  # some act in the forward pass
    start = (position.step - position.epoch * plan.steps_per_epoch) * plan.batch_size
    span = plan.recipe.seed, position.epoch, start, start + plan.batch_size
    fed = trainer.stepper.feed.take(*span)
    split = trainer.stepper.train
    places = split.order.places(*span) if isinstance(split, StreamedSplit) else np.asarray(_taken(fed), np.int64)
    examples = _examples(split, fed)
    drawn = [tf.constant(fed.numbers)] if isinstance(fed, Drawn) else []
    x, y = tf.constant(examples.x), _targets(examples)
    order = tf.range(len(examples))
    with preserved(learner):
        gradients = _gradients(learner, plan.batch_size, x, y, order, *drawn)
    inputs, targets = (x, y) if not drawn else augmented(learner.augmentation, learner.replicas, x, y, order, *drawn)  # type: ignore[arg-type]
    outputs, losses = _forward(learner, plan.batch_size, inputs, targets)
    mixed = targets if isinstance(targets, MixedTargets) else None
    other = None if mixed is None else np.asarray(mixed.other[0] if isinstance(mixed.other, tuple) else mixed.other)
    share = None if mixed is None else np.asarray(mixed.share)
    apart = _losses_of(learner, plan, targets, outputs)
    return Batch(places, np.asarray(inputs), examples.y, other, share, outputs, losses, apart), gradients


def _taken(fed: Any) -> Any:
    return fed.examples if isinstance(fed, Drawn) else fed


def _examples(split: Split, fed: Any) -> Examples:
    taken = _taken(fed)
    if isinstance(taken, Examples):
        return taken
    assert isinstance(split, Examples | AssembledExamples)
    return split.at(taken).apart()


def _targets(examples: Examples) -> Any:
    _, *targets = arguments(examples)
    return tuple(map(tf.constant, targets)) if len(targets) > 1 else tf.constant(targets[0])


def _gradients(learner: Learner, batch_size: int, *taken: Any) -> list[Array]:
    """Of the batch's loss, for every trainable variable; zeros for one that the loss does not depend on."""
    part = tf.function(make_part(learner, batch_size))(*taken)
    scale = 1.0 if learner.loss_scale is None else float(np.asarray(learner.loss_scale.scale))
    pairs = zip(part.gradients, learner.model.trainable_variables, strict=True)
    return [np.zeros(v.shape, np.float32) if g is None else np.asarray(g, np.float64) / scale for g, v in pairs]


def _forward(learner: Learner, batch_size: int, inputs: Any, targets: Any) -> tuple[Array, Array]:
    """Outputs and losses of the examples, computed as the update computes them."""

    @tf.function  # type: ignore[untyped-decorator]
    def forward(inputs: Any, targets: Any) -> tuple[tf.Tensor, tf.Tensor]:
        outputs = outputs_in_training(learner, inputs, batch_size)
        return outputs, training_losses(learner, targets, outputs)

    outputs, losses = forward(inputs, targets)
    return np.asarray(outputs), np.asarray(losses, np.float64).reshape(-1)


def _losses_of(learner: Learner, plan: Plan, targets: Any, outputs: Array) -> dict[str, Array]:
    """The loss of each of several outputs, of which the evaluations' metrics have the function.

    Of an example of two it is that of the target with the larger share.
    """
    if not plan.outputs:
        return {}
    y, _ = weighted_targets.apart(hard(targets) if isinstance(targets, MixedTargets) else targets)
    places = {output.name: plan.running.index(f"{output.name}_loss") for output in plan.outputs}
    given = tf.constant(outputs)
    return {name: np.asarray(learner.metrics[k](y, given), np.float64) for name, k in places.items()}


def _layers(
    learner: Learner, gradients: Sequence[Array], before: Mapping[str, Array], after: Mapping[str, Array]
) -> list[LayerFigures]:
    """A row for each layer that has trainable weights, in the model's order."""
    names = {id(variable): f"model.{i:04}" for i, variable in enumerate(learner.model.variables)}
    of = {id(v): gradient for v, gradient in zip(learner.model.trainable_variables, gradients, strict=True)}
    rows = []
    for layer in learner.model.layers:
        keys = [id(variable) for variable in layer.trainable_variables]
        if keys:
            gradient = sum(_squares(of[key]) for key in keys)
            weights = sum(_squares(before[names[key]]) for key in keys)
            update = sum(_squares(after[names[key]].astype(np.float64) - before[names[key]]) for key in keys)
            norms = (float(np.sqrt(value)) for value in (gradient, weights, update))
            rows.append(LayerFigures(layer.name, type(layer).__name__, *norms))
    return rows


def _squares(values: Array) -> float:
    return float(np.sum(np.square(values, dtype=np.float64)))
