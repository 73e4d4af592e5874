"""Saves a model as Keras' own file, with a plain optimizer that Keras opens by itself."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from runner.data.tabular.prepared import PreparedTable
from runner.measures.decisions import Thresholds
from runner.model.optimizer import keras_arguments, keras_class
from runner.model.raw import finish_file, for_raw_inputs
from runner.model.table_front import raw_model
from runner.plan.plan import Plan
from schemas.custom import CustomLoss
from schemas.custom_optimizer import CustomOptimizer
from schemas.losses import loss_arguments, loss_facts, loss_kind
from schemas.metrics import top_k

_OTHERWISE = ("mean_absolute_percentage_error", "perplexity")
"""Metrics by whose names Keras has something else."""


def _keras_metric(metric: str, *, one_logit: bool, labels: bool) -> Any:
    k = top_k(metric)
    if k is not None:
        return keras.metrics.SparseTopKCategoricalAccuracy(k, name=metric)
    if metric == "accuracy" and (one_logit or labels):  # Keras would take labels for one-hot classes
        return keras.metrics.BinaryAccuracy(threshold=0.0 if one_logit else 0.5, name=metric)
    return metric


def _keras_loss(plan: Plan) -> Any:
    """The loss by name, or as an object where it has arguments or takes logits.

    Focal losses over all classes take one-hot targets in Keras. None, so that the model predicts and is to be compiled
    again: for several outputs, because the file has one array of them; for custom code, of which a file would have only
    the name; and where Keras' own loss takes no logits or forgets an argument when it is saved, as Huber does.
    """
    loss = plan.loss
    if loss is None or isinstance(loss, CustomLoss):
        return None
    kind = loss_kind(loss)
    defaults = {} if isinstance(loss, str) else type(loss).model_fields
    arguments = {name: value for name, value in loss_arguments(loss).items() if value != defaults[name].default}
    known = loss_facts(loss)
    if plan.logits and known is not None and not known.scores:
        arguments["from_logits"] = True
    if not arguments and kind != "categorical_generalized_cross_entropy":  # which Keras does not know by name
        return kind
    try:
        made = getattr(keras.losses, _class_name(kind))(**arguments)
    except TypeError:  # it has no from_logits
        return None
    return made if arguments.items() <= made.get_config().items() else None


def _class_name(kind: str) -> str:
    """``binary_focal_crossentropy`` is Keras' ``BinaryFocalCrossentropy``."""
    return "".join(word.capitalize() for word in kind.split("_"))


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


def save_model(
    model: Any,
    trained: Any,
    plan: Plan,
    path: Path,
    weights: list[Any] | None = None,
    threshold: Thresholds | None = None,
) -> None:
    """Write ``path`` so that ``keras.models.load_model`` gives a model that predicts and can train on.

    Args:
        model: the trained model; it is the same afterwards. Of a table what is saved takes rows as the files have them.
        trained: its optimizer.
        plan: names the optimizer, the loss and the metrics that the file is compiled with; with an optimizer of custom
            code it is not compiled.
        path: ends in ``.keras``.
        weights: weights to save in place of the model's own, as ``get_weights`` gives them.
        threshold: probability above which a single output means class 1 or a label is there, of several outputs by
            name; None: one half.
    """
    labels = plan.data.labels
    one_logit = plan.logits and (labels or model.output_shape[-1] == 1)
    running = [] if plan.outputs else [metric for metric in plan.running if metric not in _OTHERWISE]
    metrics = [_keras_metric(metric, one_logit=one_logit, labels=labels) for metric in running]
    details = plan.data.details
    raw = raw_model(model, details) if isinstance(details, PreparedTable) else for_raw_inputs(model, plan.data)
    loss = None if plan.recipe.data.target_scale is not None else _keras_loss(plan)  # Keras has none of scaled targets
    bare = isinstance(plan.recipe.optimizer, CustomOptimizer)  # a file that names one could be opened nowhere else
    if not bare and not plan.data.next_token:  # of which Keras would train what is left of all steps, the last
        raw.compile(_plain_optimizer(trained, plan, model.trainable_variables), loss=loss, metrics=metrics)
    own = model.get_weights() if weights is not None else None
    try:
        if weights is not None:
            model.set_weights(weights)
        raw.save(path)
        finish_file(path, plan.output_names, threshold)
    finally:
        if own is not None:
            model.set_weights(own)
