"""Loss and metrics of a model with several outputs, as functions of a batch like those of one output."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.data.examples import Array, Split, labels
from runner.measures.decisions import Threshold, cut
from runner.model.losses import PerExample, class_weights, make_loss, make_metric
from runner.plan.outputs import PlannedOutput
from schemas.metrics import is_whole


def of_output(output: PlannedOutput, function: PerExample) -> PerExample:
    """A function of an output's own target and columns, as one of all targets ``(b, k)`` and all columns ``(b, u)``."""

    def own(y: tf.Tensor, p: tf.Tensor) -> tf.Tensor:
        target = tf.gather(y, output.places, axis=1) if output.labels else y[:, output.places[0]]
        target = tf.cast(target, tf.int32) if output.classes else target
        return tf.cast(function(target, p[:, output.first : output.stop]), tf.float32)

    return own


def loss_of_outputs(
    outputs: Sequence[PlannedOutput], class_weight: Mapping[str, NDArray[np.float32]] | None = None
) -> PerExample:
    """Σ weight · w[y] · loss over the outputs, of each example, shape ``(b,)``; as Keras with ``loss_weights``.

    Args:
        outputs: of the model.
        class_weight: w of those outputs that have it, by name, shape ``(classes,)``; of others w is 1.
    """
    weights = class_weight or {}
    parts = [(output.weight, of_output(output, _loss(output, weights.get(output.name)))) for output in outputs]
    return lambda y, p: tf.add_n([weight * loss(y, p) for weight, loss in parts])


def _loss(output: PlannedOutput, class_weight: NDArray[np.float32] | None = None) -> PerExample:
    """The loss of an output's own target and columns, times the weight of the class."""
    loss = make_loss(output.loss, output.label_smoothing)
    if class_weight is None:
        return loss
    return lambda y, p: loss(y, p) * tf.gather(tf.constant(class_weight, p.dtype), y)


def class_weights_of_outputs(
    outputs: Sequence[PlannedOutput], train: Callable[[], Split]
) -> dict[str, NDArray[np.float32]]:
    """The weights of the classes of those outputs that have them, by name.

    Args:
        outputs: of the model.
        train: gives the training part, whose targets are read where classes are counted, once for all outputs.

    Raises:
        DataError: no training example of an output has a weight.
    """
    targets = cache(lambda: labels(train()))

    def of(output: PlannedOutput) -> NDArray[np.float32] | None:
        own = partial(_own, targets, output)
        return class_weights(output.class_weight, own, len(output.classes) or None)

    found = {output.name: of(output) for output in outputs}
    return {name: weights for name, weights in found.items() if weights is not None}


def _own(targets: Callable[[], Array], output: PlannedOutput) -> Array:
    return output.target(targets())


def metrics_of_outputs(
    outputs: Sequence[PlannedOutput], thresholds: Mapping[str, Threshold] | None = None
) -> tuple[PerExample, ...]:
    """The loss of each output and its metrics that are means over examples, in the order of the plan's ``running``.

    Args:
        outputs: of the model.
        thresholds: probabilities above which outputs decide for class 1 or a label, by name; of others it is one half.
    """
    found: list[PerExample] = []
    for output in outputs:
        found.append(of_output(output, _loss(output)))
        running = [metric for metric in output.metrics if not is_whole(metric)]
        above = cut((thresholds or {}).get(output.name), logits=False)
        found += [of_output(output, make_metric(metric, above=above)) for metric in running]
    return tuple(found)
