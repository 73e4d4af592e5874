"""The optimizers besides SGD: those of Keras, with its argument names and defaults, and custom code."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from schemas.common_optimizers import AdamBase
from schemas.custom_optimizer import CustomOptimizer
from schemas.optimizer import Beta, Epsilon, OptimizerBase
from schemas.quantities import Momentum, NonNegative, Positive


class Nadam(AdamBase):
    """Adam with Nesterov momentum (Dozat 2016)."""

    keras_class: ClassVar[str] = "Nadam"

    kind: Literal["nadam"]


class Adamax(AdamBase):
    """Adam by the infinity norm."""

    keras_class: ClassVar[str] = "Adamax"

    kind: Literal["adamax"]


class Lamb(AdamBase):
    """Adam with a trust ratio for each layer (You et al. 2019)."""

    keras_class: ClassVar[str] = "Lamb"

    kind: Literal["lamb"]


class Lion(OptimizerBase):
    """Steps by the sign of the momentum (Chen et al. 2023)."""

    keras_class: ClassVar[str] = "Lion"
    momentum_key: ClassVar[str | None] = "beta_1"
    least_slots: ClassVar[int] = 1

    kind: Literal["lion"]
    beta_1: Annotated[float, Field(gt=0, lt=1)] = 0.9
    """Weight of the momentum in the step, where the schedule gives none."""
    beta_2: Beta = 0.99
    """Decay of the momentum."""


class Adagrad(OptimizerBase):
    """Divides by the root of the sum of squares."""

    keras_class: ClassVar[str] = "Adagrad"
    momentum_key: ClassVar[str | None] = None
    least_slots: ClassVar[int] = 1

    kind: Literal["adagrad"]
    initial_accumulator_value: NonNegative = 0.1
    """What the sums start from."""
    epsilon: Epsilon = 1e-7
    """Added to the root."""


class Adadelta(OptimizerBase):
    """Adagrad with a window (Zeiler 2012)."""

    keras_class: ClassVar[str] = "Adadelta"
    momentum_key: ClassVar[str | None] = None
    least_slots: ClassVar[int] = 2

    kind: Literal["adadelta"]
    rho: Beta = 0.95
    """Decay of the window."""
    epsilon: Epsilon = 1e-7
    """Added under the roots."""


class Adafactor(OptimizerBase):
    """Factored second moments (Shazeer and Stern 2018)."""

    keras_class: ClassVar[str] = "Adafactor"
    momentum_key: ClassVar[str | None] = None
    least_slots: ClassVar[int] = 1

    kind: Literal["adafactor"]
    beta_2_decay: Annotated[float, Field(lt=0)] = -0.8
    """Exponent of the second moment's memory."""
    epsilon_1: Epsilon = 1e-30
    """Added to the squared gradient."""
    epsilon_2: Epsilon = 1e-3
    """Least scale of a parameter."""
    clip_threshold: Positive = 1.0
    """Largest root mean square of an update."""
    relative_step: bool = True
    """Whether the step is bounded by 1/√t as well as by the learning rate."""


class Ftrl(OptimizerBase):
    """Follow the regularised leader (McMahan et al. 2013)."""

    keras_class: ClassVar[str] = "Ftrl"
    momentum_key: ClassVar[str | None] = None
    least_slots: ClassVar[int] = 2

    kind: Literal["ftrl"]
    learning_rate_power: Annotated[float, Field(le=0)] = -0.5
    """Exponent of the accumulator."""
    initial_accumulator_value: NonNegative = 0.1
    """What the accumulators start from."""
    l1_regularization_strength: NonNegative = 0.0
    """L1 penalty."""
    l2_regularization_strength: NonNegative = 0.0
    """L2 penalty."""
    l2_shrinkage_regularization_strength: NonNegative = 0.0
    """L2 penalty on the gradient."""
    beta: NonNegative = 0.0
    """β of the paper."""


class Muon(OptimizerBase):
    """Orthogonalised momentum for matrices, Adam for the rest (Jordan 2024)."""

    keras_class: ClassVar[str] = "Muon"
    momentum_key: ClassVar[str | None] = None
    least_slots: ClassVar[int] = 2

    kind: Literal["muon"]
    weight_decay: NonNegative = 0.004
    """Decoupled weight decay of the matrices."""
    momentum: Momentum = 0.95
    """Momentum of the matrices; fixed over the run."""
    nesterov: bool = True
    """Whether to use Nesterov momentum."""
    ns_steps: Annotated[int, Field(ge=1, le=20)] = 5
    """Newton-Schulz iterations."""
    adam_beta_1: Beta = 0.9
    """beta_1 of the parameters that Adam updates."""
    adam_beta_2: Beta = 0.999
    """beta_2 of the parameters that Adam updates."""
    adam_weight_decay: NonNegative = 0.004
    """Decoupled weight decay of the parameters that Adam updates."""
    adam_lr_ratio: Positive = 1.0
    """Learning rate of Adam over that of the matrices."""
    muon_a: float = 3.4445
    """First coefficient of the iteration."""
    muon_b: float = -4.775
    """Second coefficient of the iteration."""
    muon_c: float = 2.0315
    """Third coefficient of the iteration."""
    rms_rate: Positive = 0.2
    """Root mean square that updates are brought to."""
    epsilon: Epsilon = 1e-7
    """Added to the roots."""


BY_KIND: dict[str, type[OptimizerBase]] = {
    "nadam": Nadam,
    "adamax": Adamax,
    "lamb": Lamb,
    "lion": Lion,
    "adagrad": Adagrad,
    "adadelta": Adadelta,
    "adafactor": Adafactor,
    "ftrl": Ftrl,
    "muon": Muon,
    "custom": CustomOptimizer,
}
