"""How long to train, by which loss, and when to stop."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node
from schemas.custom import Custom
from schemas.label_smoothing import LabelSmoothing, SmoothedShare
from schemas.portion import PortionField
from schemas.quantities import Count, Duration, DurationField, MetricName, NonNegative, Positive
from schemas.wall_time import WallTimeField

Loss = Literal[
    "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error", "mean_absolute_error", "huber"
]
Metric = Literal["accuracy", "top_5_accuracy", "mean_absolute_error", "mean_squared_error"]
Mode = Literal["auto", "min", "max"]
ClassNumber = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,5})$")]
"""A class as a key of a mapping; keys are text, so that it stands in quotes: ``"3"``."""


def is_none(value: object) -> bool:
    """Whether a key is left out of what is written and hashed: a key that came later changes no old fingerprint."""
    return value is None


def is_zero(value: object) -> bool:
    """The same where zero is the default."""
    return value == 0


class CustomLoss(Custom):
    """Custom code: a function of targets and predictions, or a class of keras.losses.Loss; only with --allow-code.

    It gives one value an example. Targets are classes of shape (b,), or a column (b, 1) where there is one output unit.
    """

    kind: Literal["custom"]


class EarlyStopping(Node):
    """Stop when the monitor has not improved for ``patience`` epochs."""

    host_keys: ClassVar[frozenset[str]] = frozenset({"min_delta"})

    monitor: MetricName = "val_loss"
    """What is watched. With ``restore_best`` it also chooses the best model."""
    mode: Mode = "auto"
    """Whether less or more is better."""
    patience: Annotated[int, Field(ge=1, le=10**6)] = 10
    """Epochs without improvement before the end; of a ``val_`` monitor those that compute it."""
    min_delta: NonNegative = 0.0
    """Least change that counts as an improvement, with ``restore_best`` also for the best model."""
    restore_best: bool = True
    """Whether the final model is the best one rather than the last; all final figures are then of the best epoch."""
    baseline: float | None = Field(default=None, exclude_if=is_none)
    """Value that the monitor must beat: until it does, improvements do not reset the patience. Left out, there is
    none."""
    start_from_epoch: Annotated[int, Field(ge=0, le=10**6)] = Field(default=0, exclude_if=is_zero)
    """Epochs at the beginning in which the monitor is not looked at."""


class Validation(Node):
    """When the validation examples are evaluated. The end of the run is always followed by all of them."""

    every: DurationField = Duration(1, "epochs")
    """How far apart two evaluations are: ``2 epochs``, ``500 steps`` or ``10%`` of the run. What watches a ``val_``
    figure acts, and counts, whenever there is a new one."""
    between: PortionField | None = None
    """Part of the validation examples that is evaluated at the end of the other epochs: ``10%`` or ``500 examples``,
    drawn once by the seed. Its figures are named ``val_part_…`` and nothing acts on them. Left out, there is none."""


class Clip(Node):
    """Bounds for an update's gradients; exactly one of the three."""

    value: Positive | None = None
    """Largest size of any number of a gradient (Keras: clipvalue)."""
    norm: Positive | None = None
    """Largest L2 norm of the gradient of each variable (Keras: clipnorm)."""
    global_norm: Positive | None = None
    """Largest L2 norm of all gradients together (Keras: global_clipnorm)."""


class Ema(Node):
    """A running mean of the weights, w̄ ← decay · w̄ + (1 − decay) · w after every update, from the first one on."""

    decay: Annotated[float, Field(gt=0, lt=1)] = 0.999
    """Memory of the mean (Keras: ema_momentum); 0.999 looks back over about 1,000 updates."""


class Training(Node):
    """The run's length and what is measured."""

    epochs: Annotated[int, Field(ge=1, le=10**6)] | None = None
    """Passes over the training examples. The recipe gives ``epochs``, ``steps`` or both."""
    steps: Count | None = None
    """Optimizer steps, where the run may end within an epoch; beside ``epochs`` the run ends with the first of them.
    The schedule spans the run."""
    time_limit: WallTimeField | None = None
    """Longest time of training, such as ``90 minutes``, over all sessions of a run that is resumed. What is reached
    by then is evaluated and saved as at the end; the schedule does not follow it."""
    loss: Loss | CustomLoss | None = None
    """Left out: by the task."""
    metrics: Annotated[Items[Metric], Field(max_length=10)] | None = None
    """Left out: accuracy for classification, mean_absolute_error for regression."""
    best: MetricName | None = None
    """What the best model is chosen by. Left out: the monitor of ``early_stopping``, where that restores the best
    model; else val_loss, or loss without validation examples."""
    validation: Validation | None = Field(default=None, exclude_if=is_none)
    """When the validation examples are evaluated; left out, at the end of every epoch."""
    checkpoint: DurationField | Literal["auto"] = "auto"
    """How often the run's state is saved; ``auto``: whenever 15 seconds have passed. A run that was killed goes on
    to the same bits wherever its last checkpoint is."""
    early_stopping: EarlyStopping | None = None
    """Left out, the run goes to its end."""
    accumulate: Annotated[int, Field(ge=1, le=10**6)] = 1
    """Into how many micro-batches a batch is divided. They are computed one after another and make one update of
    ``data.batch_size`` examples, with less memory and the same result but for rounding and for batch normalisation,
    which sees a micro-batch at a time. A step of the schedule is an update."""
    clip: Clip | None = None
    """Bounds for an update's gradients; left out, none."""
    ema: Ema | None = None
    """Running mean of the weights, which is validated, chosen as the best, tested and saved in place of the weights
    themselves; left out, there is none."""
    label_smoothing: SmoothedShare | LabelSmoothing = 0.0
    """Share of a target that is spread evenly over all classes, in training and in validation. Crossentropies only.
    ``{value: 0.1, off_after: 90%}`` ends it before the run does."""
    class_weight: Literal["balanced"] | dict[ClassNumber, NonNegative] | None = None
    """Weight of each class in the training loss, such as ``{"0": 1, "1": 5}``, 1 for a class left out;
    ``balanced``: examples / (classes · examples of the class), counted in the training part. A batch's loss is
    Σ wᵢ · lossᵢ / examples, as in Keras. Metrics and validation are not weighted."""
