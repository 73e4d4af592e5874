"""The outputs of a model that predicts several targets, each with a loss of its own."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node
from schemas.constraints import Constraint
from schemas.data_base import Label, several
from schemas.label_smoothing import SmoothedShare
from schemas.later import is_none, is_zero
from schemas.layers import Activation, Initializer, LayerName, Regularizer
from schemas.losses import LossMapping, LossName
from schemas.metrics import Metric
from schemas.training import ClassWeight, WrittenThreshold

OutputName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
"""Name of an output, with which the names of its figures begin."""
OutputTask = Literal["classification", "binary", "multi_label", "regression"]
_LOSSES: dict[OutputTask, LossName] = {
    "classification": "sparse_categorical_crossentropy",
    "binary": "binary_crossentropy",
    "multi_label": "binary_crossentropy",
    "regression": "mean_squared_error",
}


class ModelOutput(Node):
    """One of several outputs: a dense layer that predicts one target or several labels, with a loss of its own."""

    task: OutputTask
    """What is predicted. ``classification``: a class, with softmax and a unit for each class; ``binary``: one of two
    classes, with sigmoid and one unit, the probability of the second class; ``multi_label``: labels, each 0 or 1, with
    sigmoid and a unit for each; ``regression``: a number."""
    target: Label | Annotated[Items[Label], Field(min_length=1, max_length=1000)] | None = Field(
        default=None, exclude_if=is_none
    )
    """The target to predict, one of ``data.target``; by default the one with the output's name. For ``multi_label`` a
    list of targets, one for each label, or an array or feature with a column for each label."""
    input: LayerName | None = Field(default=None, exclude_if=is_none)
    """Name of the layer whose output it takes; by default the last layer."""
    activation: Activation | None = Field(default=None, exclude_if=is_none)
    """Activation, for a regression; by default linear."""
    kernel_initializer: Initializer = "glorot_uniform"
    """Initializer of the kernel."""
    kernel_regularizer: Regularizer | None = Field(default=None, exclude_if=is_none)
    """Penalty on the kernel."""
    kernel_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the kernel after every update, such as ``max_norm``."""
    loss: LossName | LossMapping | None = None
    """The loss; by default sparse_categorical_crossentropy for classification, binary_crossentropy for binary and
    multi_label, and mean_squared_error for regression. For labels it is the mean over them."""
    loss_weight: Annotated[float, Field(gt=0, le=1e6)] = 1.0
    """Weight in the loss of the model: Σ loss_weight · loss over the outputs."""
    label_smoothing: SmoothedShare = Field(default=0.0, exclude_if=is_zero)
    """For classes and labels: fraction of the target that is spread evenly over all classes, in training and in
    validation; only for crossentropies."""
    class_weight: ClassWeight | None = Field(default=None, exclude_if=is_none)
    """For classes: weight of each class in the training loss of this output, such as ``{"0": 1, "1": 5}``, with 1 for
    classes not listed; ``balanced``: examples / (classes · examples of the class), counted in the training part. It
    acts in ``loss``; the output's own loss and metrics are not weighted."""
    metrics: Annotated[Items[Metric], Field(max_length=20)] | None = None
    """Metrics, besides the loss; by default accuracy for classes and labels and mean_absolute_error for numbers."""
    threshold: WrittenThreshold | None = Field(default=None, exclude_if=is_none)
    """For ``binary`` and ``multi_label``: probability above which the output decides for the second class, or for a
    label; by default 0.5. ``f1`` and ``balanced_accuracy`` choose the best one on the validation examples at the end of
    the run, separately for each label. It is saved with the model and used by evaluate, predict and export."""

    def targets(self, name: str) -> tuple[str, ...]:
        """Targets that it predicts: those that it names, or the one that has its own name."""
        return several(self.target) or (name,)

    @property
    def loss_or_default(self) -> LossName | LossMapping:
        """The loss, or that of the task."""
        return _LOSSES[self.task] if self.loss is None else self.loss

    @property
    def metrics_or_default(self) -> tuple[Metric, ...]:
        """The metrics, or that of the task."""
        default: Metric = "mean_absolute_error" if self.task == "regression" else "accuracy"
        return (default,) if self.metrics is None else self.metrics


ModelOutputs = Annotated[dict[OutputName, ModelOutput], Field(max_length=100)]
