"""Loss and metrics of a model with several outputs, as functions of a batch like those of one output."""

from collections.abc import Sequence

import tensorflow as tf

from runner.model.losses import PerExample, make_loss, make_metric
from runner.plan.outputs import PlannedOutput
from schemas.metrics import is_whole


def of_output(output: PlannedOutput, function: PerExample) -> PerExample:
    """A function of an output's own target and columns, as one of all targets ``(b, k)`` and all columns ``(b, u)``."""

    def own(y: tf.Tensor, p: tf.Tensor) -> tf.Tensor:
        target = y[:, output.place]
        target = tf.cast(target, tf.int32) if output.classes else target
        return tf.cast(function(target, p[:, output.first : output.stop]), tf.float32)

    return own


def loss_of_outputs(outputs: Sequence[PlannedOutput]) -> PerExample:
    """Σ weight · loss over the outputs, of each example, shape ``(b,)``; as Keras with ``loss_weights``."""
    parts = [(output.weight, of_output(output, make_loss(output.loss))) for output in outputs]
    return lambda y, p: tf.add_n([weight * loss(y, p) for weight, loss in parts])


def metrics_of_outputs(outputs: Sequence[PlannedOutput]) -> tuple[PerExample, ...]:
    """The loss of each output and its metrics that are means over examples, in the order of the plan's ``running``."""
    found: list[PerExample] = []
    for output in outputs:
        found.append(of_output(output, make_loss(output.loss)))
        running = [metric for metric in output.metrics if not is_whole(metric)]
        found += [of_output(output, make_metric(metric)) for metric in running]
    return tuple(found)
