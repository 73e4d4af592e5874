"""The losses as mappings, with Keras' arguments; imported when a recipe first has one."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Node
from schemas.custom import CustomLoss
from schemas.quantities import NonNegative, Positive, Share

Exponent = Annotated[float, Field(gt=0, lt=1)]


class SparseCategoricalCrossentropy(Node):
    """−ln p_y: p_y is the probability of the right class."""

    kind: Literal["sparse_categorical_crossentropy"]


class BinaryCrossentropy(Node):
    """−y · ln p − (1 − y) · ln(1 − p): y is 0 or 1, and p the probability of class 1; of labels the mean."""

    kind: Literal["binary_crossentropy"]


class CategoricalFocalCrossentropy(Node):
    """−alpha · (1 − p_y)^gamma · ln p_y: examples that are easy already count for less (arXiv:1708.02002)."""

    kind: Literal["categorical_focal_crossentropy"]
    alpha: NonNegative = 0.25
    """Factor of the loss."""
    gamma: NonNegative = 2.0
    """How much less easy examples count; with 0 it is alpha times the crossentropy."""


class BinaryFocalCrossentropy(Node):
    """−(1 − p_y)^gamma · ln p_y: examples that are easy already count for less (arXiv:1708.02002)."""

    kind: Literal["binary_focal_crossentropy"]
    apply_class_balancing: bool = False
    """Whether class 1 is weighted with alpha and class 0 with 1 − alpha."""
    alpha: Share = 0.25
    """Weight of class 1."""
    gamma: NonNegative = 2.0
    """How much less easy examples count; with 0 it is the crossentropy."""


class CategoricalGeneralizedCrossEntropy(Node):
    """(1 − p_y^q) / q: between crossentropy and absolute error, for labels that may be wrong (arXiv:1805.07836)."""

    kind: Literal["categorical_generalized_cross_entropy"]
    q: Exponent = 0.5
    """Close to 0 it acts like a crossentropy, close to 1 like an absolute error, which wrong labels disturb less."""


class CategoricalHinge(Node):
    """max(0, 1 + max(other scores) − score of the right class); ``output: {logits: true}``."""

    kind: Literal["categorical_hinge"]


class Hinge(Node):
    """max(0, 1 − y · score), with y = −1 or 1; ``output: {units: 1, logits: true}``."""

    kind: Literal["hinge"]


class SquaredHinge(Node):
    """max(0, 1 − y · score)², with y = −1 or 1; ``output: {units: 1, logits: true}``."""

    kind: Literal["squared_hinge"]


class MeanSquaredError(Node):
    """(y − p)²."""

    kind: Literal["mean_squared_error"]


class MeanAbsoluteError(Node):
    """|y − p|."""

    kind: Literal["mean_absolute_error"]


class MeanAbsolutePercentageError(Node):
    """100 · |y − p| / max(|y|, 1e-7)."""

    kind: Literal["mean_absolute_percentage_error"]


class MeanSquaredLogarithmicError(Node):
    """(ln(1 + max(y, 1e-7)) − ln(1 + max(p, 1e-7)))², for targets from 0 on; outputs below 0 have no gradient."""

    kind: Literal["mean_squared_logarithmic_error"]


class Huber(Node):
    """½ · (y − p)² up to a distance of delta, and delta · |y − p| − ½ · delta² beyond: outliers count for less."""

    kind: Literal["huber"]
    delta: Positive = 1.0
    """Distance from which the loss grows linearly, in units of the target."""


class LogCosh(Node):
    """ln cosh(p − y): about ½ · (p − y)² near 0, and |p − y| − ln 2 far from it."""

    kind: Literal["log_cosh"]


class Poisson(Node):
    """p − y · ln(p + 1e-7), for counts: p is the expected count; outputs must be positive."""

    kind: Literal["poisson"]


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
LossKind = KerasLoss | CustomLoss
