"""Losses by Keras' names, with Keras' arguments; each is a mean over the examples."""

from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field

from schemas.base import Node
from schemas.custom import Custom
from schemas.quantities import NonNegative, Positive, Share
from schemas.tagged import ByTag

LossName = Literal[
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "categorical_focal_crossentropy",
    "binary_focal_crossentropy",
    "categorical_generalized_cross_entropy",
    "categorical_hinge",
    "hinge",
    "squared_hinge",
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "huber",
    "log_cosh",
    "poisson",
]
Exponent = Annotated[float, Field(gt=0, lt=1)]


class LossBase(Node):
    """What a loss is for. Over a batch it is the mean of the examples' values."""

    task: ClassVar[Literal["classification", "regression"]] = "regression"
    single: ClassVar[bool] = True
    """Whether it takes one output unit; otherwise one for each class."""
    scores: ClassVar[bool] = False
    """Whether it takes outputs without softmax or sigmoid."""
    smooths: ClassVar[bool] = False
    """Whether it accepts label smoothing."""
    labels: ClassVar[bool] = False
    """Whether it also compares labels, each of which is 0 or 1."""
    positive: ClassVar[bool] = False
    """Whether outputs must be positive."""

    @classmethod
    def fits(cls, task: str) -> bool:
        """Whether it is a loss for a task."""
        return cls.task == task or (cls.labels and task == "multi_label")


class SparseCategoricalCrossentropy(LossBase):
    """−ln p_y: p_y is the probability of the right class."""

    task, single, smooths = "classification", False, True
    kind: Literal["sparse_categorical_crossentropy"]


class BinaryCrossentropy(LossBase):
    """−y · ln p − (1 − y) · ln(1 − p): y is 0 or 1, and p the probability of class 1; of labels the mean."""

    task, smooths, labels = "classification", True, True
    kind: Literal["binary_crossentropy"]


class CategoricalFocalCrossentropy(LossBase):
    """−alpha · (1 − p_y)^gamma · ln p_y: examples that are easy already count for less (arXiv:1708.02002)."""

    task, single, smooths = "classification", False, True
    kind: Literal["categorical_focal_crossentropy"]
    alpha: NonNegative = 0.25
    """Factor of the loss."""
    gamma: NonNegative = 2.0
    """How much less easy examples count; with 0 it is alpha times the crossentropy."""


class BinaryFocalCrossentropy(LossBase):
    """−(1 − p_y)^gamma · ln p_y: examples that are easy already count for less (arXiv:1708.02002)."""

    task, smooths, labels = "classification", True, True
    kind: Literal["binary_focal_crossentropy"]
    apply_class_balancing: bool = False
    """Whether class 1 is weighted with alpha and class 0 with 1 − alpha."""
    alpha: Share = 0.25
    """Weight of class 1."""
    gamma: NonNegative = 2.0
    """How much less easy examples count; with 0 it is the crossentropy."""


class CategoricalGeneralizedCrossEntropy(LossBase):
    """(1 − p_y^q) / q: between crossentropy and absolute error, for labels that may be wrong (arXiv:1805.07836)."""

    task, single = "classification", False
    kind: Literal["categorical_generalized_cross_entropy"]
    q: Exponent = 0.5
    """Close to 0 it acts like a crossentropy, close to 1 like an absolute error, which wrong labels disturb less."""


class CategoricalHinge(LossBase):
    """max(0, 1 + max(other scores) − score of the right class); ``output: {logits: true}``."""

    task, single, scores = "classification", False, True
    kind: Literal["categorical_hinge"]


class Hinge(LossBase):
    """max(0, 1 − y · score), with y = −1 or 1; ``output: {units: 1, logits: true}``."""

    task, scores = "classification", True
    kind: Literal["hinge"]


class SquaredHinge(LossBase):
    """max(0, 1 − y · score)², with y = −1 or 1; ``output: {units: 1, logits: true}``."""

    task, scores = "classification", True
    kind: Literal["squared_hinge"]


class MeanSquaredError(LossBase):
    """(y − p)²."""

    kind: Literal["mean_squared_error"]


class MeanAbsoluteError(LossBase):
    """|y − p|."""

    kind: Literal["mean_absolute_error"]


class MeanAbsolutePercentageError(LossBase):
    """100 · |y − p| / max(|y|, 1e-7)."""

    kind: Literal["mean_absolute_percentage_error"]


class MeanSquaredLogarithmicError(LossBase):
    """(ln(1 + max(y, 1e-7)) − ln(1 + max(p, 1e-7)))², for targets from 0 on; outputs below 0 have no gradient."""

    kind: Literal["mean_squared_logarithmic_error"]


class Huber(LossBase):
    """½ · (y − p)² up to a distance of delta, and delta · |y − p| − ½ · delta² beyond: outliers count for less."""

    kind: Literal["huber"]
    delta: Positive = 1.0
    """Distance from which the loss grows linearly, in units of the target."""


class LogCosh(LossBase):
    """ln cosh(p − y): about ½ · (p − y)² near 0, and |p − y| − ln 2 far from it."""

    kind: Literal["log_cosh"]


class Poisson(LossBase):
    """p − y · ln(p + 1e-7), for counts: p is the expected count; outputs must be positive."""

    positive = True
    kind: Literal["poisson"]


class CustomLoss(Custom):
    """Custom code: a function of targets and predictions, or a subclass of keras.losses.Loss; only with --allow-code.

    It returns one value per example. Targets are classes of shape (b,), a column (b, 1) if there is one output unit, or
    (b, k) if there are k targets or labels.
    """

    kind: Literal["custom"]


KerasLoss = (
    SparseCategoricalCrossentropy
    | BinaryCrossentropy
    | CategoricalFocalCrossentropy
    | BinaryFocalCrossentropy
    | CategoricalGeneralizedCrossEntropy
    | CategoricalHinge
    | Hinge
    | SquaredHinge
    | MeanSquaredError
    | MeanAbsoluteError
    | MeanAbsolutePercentageError
    | MeanSquaredLogarithmicError
    | Huber
    | LogCosh
    | Poisson
)
LossMapping = Annotated[KerasLoss | CustomLoss, ByTag("kind")]
Loss = LossName | KerasLoss | CustomLoss
"""A loss as a recipe has it: a name alone stands for Keras' default arguments."""


_CLASSES: dict[str, type[LossBase]] = {
    name: cls for cls in get_args(KerasLoss) for name in get_args(cls.model_fields["kind"].annotation)
}


def loss_kind(loss: Loss | str) -> str:
    """The name of a loss; ``custom`` for custom code."""
    return loss if isinstance(loss, str) else loss.kind


def loss_class(loss: Loss | str) -> type[LossBase] | None:
    """What is known about a loss; None for custom code."""
    return _CLASSES.get(loss_kind(loss))


def loss_arguments(loss: Loss) -> dict[str, Any]:
    """Keras' arguments of a loss; empty for a name alone, which stands for Keras' defaults."""
    return {} if isinstance(loss, str | CustomLoss) else loss.model_dump(exclude={"kind"})


def loss_text(loss: Loss) -> str:
    """A loss in one line: ``huber, delta 2``; of custom code its target."""
    if isinstance(loss, CustomLoss):
        return loss.target
    return ", ".join([loss_kind(loss), *(f"{name} {_text(value)}" for name, value in loss_arguments(loss).items())])


def _text(value: float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"


def losses_for(task: str) -> list[str]:
    """Names of all losses for a task."""
    return [name for name, cls in _CLASSES.items() if cls.fits(task)]
