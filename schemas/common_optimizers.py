"""The adaptive optimizers that most recipes take; the others are in ``schemas.optimizer_kinds``."""

from typing import ClassVar, Literal

from schemas.optimizer import Beta, Epsilon, OptimizerBase
from schemas.quantities import Momentum, NonNegative


class RmsProp(OptimizerBase):
    """Divides the gradient by a running root mean square."""

    keras_class: ClassVar[str] = "RMSprop"
    momentum_key: ClassVar[str | None] = "momentum"
    least_slots: ClassVar[int] = 2
    slot_key: ClassVar[str | None] = "centered"

    kind: Literal["rmsprop"]
    rho: Beta = 0.9
    """Decay of the mean squared gradient."""
    momentum: Momentum = 0.0
    """Momentum, unless the schedule sets it."""
    epsilon: Epsilon = 1e-7
    """Added under the root."""
    centered: bool = False
    """Whether to use the variance in place of the mean square."""


class AdamBase(OptimizerBase):
    """What the Adam family shares."""

    momentum_key: ClassVar[str | None] = "beta_1"
    least_slots: ClassVar[int] = 2

    beta_1: Beta = 0.9
    """Decay of the mean gradient, unless the schedule sets the momentum."""
    beta_2: Beta = 0.999
    """Decay of the mean squared gradient."""
    epsilon: Epsilon = 1e-7
    """Added to the root."""


class Adam(AdamBase):
    """Adam (Kingma and Ba 2014)."""

    keras_class: ClassVar[str] = "Adam"
    slot_key: ClassVar[str | None] = "amsgrad"

    kind: Literal["adam"]
    amsgrad: bool = False
    """Whether to use the largest second moment so far."""


class AdamW(AdamBase):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2017)."""

    keras_class: ClassVar[str] = "AdamW"
    slot_key: ClassVar[str | None] = "amsgrad"

    kind: Literal["adamw"]
    weight_decay: NonNegative = 0.004
    """Decoupled weight decay."""
    amsgrad: bool = False
    """Whether to use the largest second moment so far."""


BY_KIND: dict[str, type[OptimizerBase]] = {"rmsprop": RmsProp, "adam": Adam, "adamw": AdamW}
