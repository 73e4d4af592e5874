"""Saves a model as Keras' own file, with a plain optimizer that Keras opens by itself."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from runner.data.tabular.prepared import PreparedTable
from runner.model.optimizer import keras_arguments, keras_class
from runner.model.raw import finish_file, for_raw_inputs
from runner.model.table_front import raw_model
from runner.plan.plan import Plan
from schemas.training import CustomLoss, Metric

_SPARSE = keras.losses.SparseCategoricalCrossentropy


def _keras_metric(metric: Metric, *, one_logit: bool) -> Any:
    if metric == "top_5_accuracy":
        return keras.metrics.SparseTopKCategoricalAccuracy(5, name=metric)
    if metric == "accuracy" and one_logit:
        return keras.metrics.BinaryAccuracy(threshold=0.0, name=metric)
    return metric


def _keras_loss(plan: Plan) -> Any:
    """The loss by name, or as an object where the name alone would take logits for probabilities.

    Of custom code a file has only the name, without its arguments: the model predicts, and is to be compiled again.
    """
    if isinstance(plan.loss, CustomLoss):
        return None
    if not plan.logits:
        return plan.loss
    kind = keras.losses.BinaryCrossentropy if plan.loss == "binary_crossentropy" else _SPARSE
    return kind(from_logits=True)


def _plain_optimizer(trained: Any, plan: Plan, variables: Any) -> Any:
    """Keras' own optimizer with the trained one's learning rate, step count and slots.

    Ours may have momentum slots more, at the end of its variables, where the recipe's own momentum is 0. A model in
    float16 gets the wrapper that scales its loss, so that training on it goes well.
    """
    optimizer = plan.recipe.optimizer
    plain = keras_class(optimizer)(**keras_arguments(optimizer, float(np.asarray(trained.learning_rate))))
    plain.build(variables)
    for own, value in zip(plain.variables, trained.variables, strict=False):
        own.assign(value)
    if plan.recipe.hardware.precision != "mixed_float16":
        return plain
    scaled = keras.optimizers.LossScaleOptimizer(plain)
    scaled.build(variables)
    return scaled


def save_model(model: Any, trained: Any, plan: Plan, path: Path, weights: list[Any] | None = None) -> None:
    """Write ``path`` so that ``keras.models.load_model`` gives a model that predicts and can train on.

    Args:
        model: the trained model; it is the same afterwards. Of a table what is saved takes rows as the files have them.
        trained: its optimizer.
        plan: names the optimizer, the loss and the metrics that the file is compiled with.
        path: ends in ``.keras``.
        weights: weights to save in place of the model's own, as ``get_weights`` gives them.
    """
    plain = _plain_optimizer(trained, plan, model.trainable_variables)
    one_logit = plan.logits and model.output_shape[-1] == 1
    metrics = [_keras_metric(metric, one_logit=one_logit) for metric in plan.metrics]
    details = plan.data.details
    raw = raw_model(model, details) if isinstance(details, PreparedTable) else for_raw_inputs(model, plan.data)
    raw.compile(plain, loss=_keras_loss(plan), metrics=metrics)
    own = model.get_weights() if weights is not None else None
    try:
        if weights is not None:
            model.set_weights(weights)
        raw.save(path)
        finish_file(path, plan.data.class_names)
    finally:
        if own is not None:
            model.set_weights(own)
