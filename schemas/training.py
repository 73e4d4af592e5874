"""The length of training, the loss, and when to stop."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node
from schemas.deferred import deferred
from schemas.later import is_none
from schemas.losses import LossMapping, LossName
from schemas.metrics import Metric
from schemas.quantities import Count, DurationField, MetricName, NonNegative

if TYPE_CHECKING:
    from schemas.custom_metric import CustomMetric
    from schemas.label_smoothing import Smoothing
    from schemas.monitoring import EarlyStopping, Validation
    from schemas.updates import Clip, Ema
    from schemas.wall_time import WallTimeField
else:
    CustomMetric = deferred("schemas.custom_metric:CustomMetric")
    Clip = deferred("schemas.updates:Clip")
    EarlyStopping = deferred("schemas.monitoring:EarlyStopping")
    Ema = deferred("schemas.updates:Ema")
    Smoothing = deferred("schemas.label_smoothing:Smoothing")
    Validation = deferred("schemas.monitoring:Validation")
    WallTimeField = deferred("schemas.wall_time:WallTimeField")

ClassNumber = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,5})$")]
"""A class as the key of a mapping; keys are text, so it must be quoted: ``"3"``."""
ClassWeight = Literal["balanced"] | dict[ClassNumber, NonNegative]
"""Weight of each class in a training loss."""
WrittenThreshold = Annotated[float, Field(gt=0, lt=1)] | Literal["f1", "balanced_accuracy"]
"""Probability above which an output decides for a class or a label, or the figure by which it is chosen."""


class Training(Node):
    """The length of the run, the loss, the metrics, and options of the update."""

    epochs: Annotated[int, Field(ge=1, le=10**6)] | None = None
    """Number of passes over the training examples. A recipe needs ``epochs``, ``steps`` or both."""
    steps: Count | None = None
    """Number of optimizer steps; the run may then end within an epoch. Together with ``epochs``, the run ends at
    whichever comes first. The schedule spans the run."""
    time_limit: WallTimeField | None = None
    """Time limit of training, such as ``90 minutes``, summed over all sessions of a resumed run. The model reached by
    then is evaluated and saved as at the end; the schedule does not adapt to the limit."""
    loss: LossName | LossMapping | None = None
    """The loss; by default determined by the task. With arguments it is a mapping: ``{kind: huber, delta: 2}``."""
    metrics: Annotated[Items[Metric | CustomMetric], Field(max_length=20)] | None = None
    """The metrics; by default accuracy for classification, mean_absolute_error for regression, and perplexity and
    accuracy for a language model. Metrics that are not means over examples, such as f1, auc or r2, are computed exactly
    and only for validation and test examples. Without a suffix, precision, recall and f1 refer to class 1 if there are
    two classes, otherwise they are macro means. With more than two classes, auc and pr_auc are means of each class
    against the others. Percentage errors are fractions. Custom code is a mapping: ``{kind: custom, target:
    "mine:f_beta", arguments: {beta: 2.0}}``."""
    threshold: WrittenThreshold | None = Field(default=None, exclude_if=is_none)
    """Probability above which a model with one output unit decides for class 1, or for a label; by default 0.5. ``f1``
    and ``balanced_accuracy`` choose the best one on the validation examples at the end of the run, separately for each
    label. It is saved with the model and used by evaluate, predict and export."""
    best: MetricName | None = None
    """The metric that determines the best model. By default the monitor of ``early_stopping`` if that restores the best
    model, otherwise val_loss, or loss without validation examples."""
    validation: Validation | None = Field(default=None, exclude_if=is_none)
    """When to evaluate the validation examples; by default at the end of every epoch."""
    checkpoint: DurationField | Literal["auto"] = "auto"
    """How often to save a checkpoint; ``auto``: every 15 seconds, less often if checkpoints would take more than 5 % of
    the time. A killed run resumes to the same bits from any checkpoint."""
    early_stopping: EarlyStopping | None = None
    """When to stop early; by default never."""
    accumulate: Annotated[int, Field(ge=1, le=10**6)] = 1
    """Number of micro-batches per batch. They are computed one after another and make one update of ``data.batch_size``
    examples, with less memory and the same result except for rounding and batch normalization, which sees one
    micro-batch at a time. A step of the schedule is an update."""
    clip: Clip | None = None
    """Clipping of an update's gradients; by default none."""
    ema: Ema | None = None
    """Moving average of the weights, which is validated, selected as the best, tested and saved instead of the weights
    themselves; by default there is none."""
    label_smoothing: Smoothing = 0.0
    """Fraction of each target that is spread evenly over all classes, in training and in validation; only for
    crossentropies. ``{value: 0.1, off_after: 90%}`` ends it before the run."""
    class_weight: ClassWeight | None = None
    """Weight of each class in the training loss, such as ``{"0": 1, "1": 5}``, with 1 for classes not listed;
    ``balanced``: examples / (classes · examples of the class), counted in the training part. The loss of a batch is
    Σ wᵢ · lossᵢ / examples, as in Keras. Metrics and validation are not weighted."""
