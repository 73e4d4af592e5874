"""How long to train, by which loss, and when to stop."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Items, Node
from schemas.quantities import DurationField, MetricName, NonNegative

Loss = Literal[
    "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error", "mean_absolute_error", "huber"
]
Metric = Literal["accuracy", "top_5_accuracy", "mean_absolute_error", "mean_squared_error"]
Mode = Literal["auto", "min", "max"]


class EarlyStopping(Node):
    """Stop when the monitor has not improved for ``patience`` epochs."""

    monitor: MetricName = "val_loss"
    """What is watched, once an epoch."""
    mode: Mode = "auto"
    """Whether less or more is better."""
    patience: Annotated[int, Field(ge=1, le=10**6)] = 10
    """Epochs without improvement before the end."""
    min_delta: NonNegative = 0.0
    """Least change that counts as an improvement."""
    restore_best: bool = True
    """Whether the final model is the best one rather than the last."""


class Training(Node):
    """The run's length and what is measured."""

    epochs: Annotated[int, Field(ge=1, le=10**6)]
    """Passes over the training examples."""
    loss: Loss | None = None
    """Left out: by the task."""
    metrics: Annotated[Items[Metric], Field(max_length=10)] | None = None
    """Left out: accuracy for classification, mean_absolute_error for regression."""
    best: MetricName | None = None
    """What the best model is chosen by; left out, val_loss, or loss without validation examples."""
    checkpoint: DurationField | Literal["auto"] = "auto"
    """How often the run's state is saved; ``auto``: whenever 15 seconds have passed. A run that was killed goes on
    to the same bits wherever its last checkpoint is."""
    early_stopping: EarlyStopping | None = None
    """Left out, the run goes to its end."""
