"""Schedules: what the learning rate and the momentum do over the steps of a run.

t is the optimizer step, 0-based; a curve is evaluated before the step it applies to. Formulas are in
``runner.curves``; here are the names, the bounds and the defaults.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Items, Node
from schemas.quantities import (
    Count,
    Duration,
    DurationField,
    MetricName,
    Momentum,
    NonNegative,
    Positive,
    Rate,
    RateOrZero,
)

CurveShape = Literal["linear", "cosine", "exponential"]
"""How a phase goes from its first value to its last."""


class MomentumRange(Node):
    """Momentum of 1cycle: high while the learning rate is low, low at its peak."""

    high: Momentum = 0.95
    """Momentum at the ends of the cycle and in the final phase."""
    low: Momentum = 0.85
    """Momentum at the peak of the learning rate."""


class FromTo(Node):
    """A value that moves over one phase."""

    from_: RateOrZero = Field(alias="from")
    """Value at the phase's first step."""
    to: RateOrZero
    """Value at the next phase's first step; in the last phase, at the last step of the run."""


class MomentumFromTo(Node):
    """Momentum that moves over one phase."""

    from_: Momentum = Field(alias="from")
    """Momentum at the phase's first step."""
    to: Momentum
    """Momentum at the next phase's first step; in the last phase, at the last step of the run."""


class Phase(Node):
    """One row of a phase table."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    """What the progress table calls the phase."""
    duration: DurationField
    """How long it lasts: ``45%``, ``3 epochs`` or ``500 steps``."""
    learning_rate: RateOrZero | FromTo
    """One value for the whole phase, or ``{from, to}``."""
    momentum: Momentum | MomentumFromTo | None = None
    """One value, or ``{from, to}``; left out, the optimizer's own momentum stays."""
    curve: CurveShape = "linear"
    """Shape of the way from the first value to the last."""
    jump: bool = False
    """Whether the learning rate or the momentum may start elsewhere than the phase before ended."""
    purpose: Annotated[str, Field(max_length=200)] = ""
    """What the phase is for; shown by ``recipe plan``."""


class MomentumPhase(Node):
    """One row of a momentum curve of its own."""

    duration: DurationField
    """How long it lasts."""
    momentum: Momentum | MomentumFromTo
    """One value, or ``{from, to}``."""
    curve: CurveShape = "linear"
    """Shape of the way from the first value to the last."""
    jump: bool = False
    """Whether the momentum may start elsewhere than the phase before ended."""


class MomentumPhases(Node):
    """Momentum as a phase table of its own; it must cover the run."""

    phases: Annotated[Items[MomentumPhase], Field(min_length=1, max_length=1000)]
    """Rows in order."""


class Warmup(Node):
    """A ramp before the schedule; the schedule's own curve then starts at its t = 0."""

    duration: DurationField
    """How long the ramp lasts."""
    from_: RateOrZero = Field(default=0.0, alias="from")
    """Learning rate at step 0."""
    curve: CurveShape = "linear"
    """Shape of the ramp; ``exponential`` needs a ``from`` above zero."""


class ScheduleBase(Node):
    """What any kind of schedule may add."""

    warmup: Warmup | None = None
    """A ramp up to the schedule's first value, before it."""
    momentum: Momentum | MomentumPhases | None = None
    """Momentum (beta_1 of the Adam family) over the run; left out, the optimizer's own stays."""


class Constant(ScheduleBase):
    """η(t) = η₀."""

    kind: Literal["constant"]
    learning_rate: Rate
    """η₀."""


class Power(ScheduleBase):
    """η(t) = η₀ / (1 + t/s)^c."""

    kind: Literal["power"]
    initial_lr: Rate
    """η₀."""
    decay_every: DurationField
    """s: after s steps η is η₀/2^c."""
    power: Positive = 1.0
    """c; Keras' InverseTimeDecay has only c = 1."""
    staircase: bool = False
    """Whether t/s is rounded down to a whole number."""


class Exponential(ScheduleBase):
    """η(t) = η₀ · r^(t/s)."""

    kind: Literal["exponential"]
    initial_lr: Rate
    """η₀."""
    decay_every: DurationField
    """s: after every s steps η has been multiplied by r."""
    decay_rate: Annotated[float, Field(gt=0, le=1)] = 0.1
    """r."""
    staircase: bool = False
    """Whether the learning rate changes once an epoch only, t being rounded down to an epoch's start."""


class Piecewise(ScheduleBase):
    """η(t) = values[k] in the k-th piece; a boundary's step already has the new value."""

    kind: Literal["piecewise"]
    boundaries: Annotated[Items[DurationField], Field(min_length=1, max_length=1000)]
    """Where one value gives way to the next, counted from the start of the schedule."""
    values: Annotated[Items[RateOrZero], Field(min_length=2, max_length=1001)]
    """Learning rates, one more than there are boundaries."""


class Linear(ScheduleBase):
    """η(t) = η₀ + (η₁ − η₀) · t/(N−1)."""

    kind: Literal["linear"]
    initial_lr: Rate
    """η₀."""
    final_lr: RateOrZero = 0.0
    """η₁, reached exactly at the last step."""


class Polynomial(ScheduleBase):
    """η(t) = η₁ + (η₀ − η₁) · (1 − t/(N−1))^p."""

    kind: Literal["polynomial"]
    initial_lr: Rate
    """η₀."""
    final_lr: RateOrZero = 0.0
    """η₁, reached exactly at the last step."""
    power: Positive = 2.0
    """p."""


class InverseSqrt(ScheduleBase):
    """η(t) = η₀ / √(1 + t/s)."""

    kind: Literal["inverse_sqrt"]
    initial_lr: Rate
    """η₀."""
    decay_every: DurationField
    """s: the time scale; after 3s steps η is half of η₀."""


class Cosine(ScheduleBase):
    """η(t) = η₁ + (η₀ − η₁) · (1 + cos(π t/(N−1))) / 2."""

    kind: Literal["cosine"]
    initial_lr: Rate
    """η₀."""
    final_lr: RateOrZero = 0.0
    """η₁, reached exactly at the last step."""


class CosineRestarts(ScheduleBase):
    """Cosine decay that restarts; period i lasts T·t_mulⁱ and starts at η₀·m_mulⁱ."""

    kind: Literal["cosine_restarts"]
    initial_lr: Rate
    """η₀."""
    first_period: DurationField
    """T."""
    final_lr: RateOrZero = 0.0
    """Value that each period falls to; reached exactly at the last step of the run if a period ends there."""
    t_mul: Annotated[float, Field(ge=1, le=100)] = 2.0
    """Each period's length over the one before."""
    m_mul: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Each period's first value over the one before."""


class Cyclic(ScheduleBase):
    """A triangle wave between two learning rates (L. Smith 2015)."""

    kind: Literal["cyclic"]
    min_lr: RateOrZero
    """Value at the feet of the triangles."""
    max_lr: Rate
    """Value at the first peak."""
    half_cycle: DurationField
    """Length of one flank."""
    mode: Literal["triangular", "triangular2", "exp_range"] = "triangular"
    """``triangular2`` halves the height each cycle; ``exp_range`` multiplies it by gamma^t."""
    gamma: Annotated[float, Field(gt=0, le=1)] = 0.99994
    """Factor a step of ``exp_range``."""


class Wsd(ScheduleBase):
    """Warm-up, stable, decay: up to ``max_lr``, a plateau, down to ``final_lr``."""

    kind: Literal["wsd"]
    max_lr: Rate
    """Value of the stable part."""
    ramp: DurationField = Duration(5, "%")
    """Length of the linear way up from ``initial_lr``."""
    initial_lr: RateOrZero = 0.0
    """Value at step 0."""
    decay: DurationField = Duration(20, "%")
    """Length of the way down at the end."""
    final_lr: RateOrZero = 0.0
    """Reached exactly at the last step."""
    curve: CurveShape = "linear"
    """Shape of the way down."""


class CycleUp(Node):
    """First half of the cycle."""

    duration: DurationField = Duration(45, "%")
    """How long the learning rate rises."""
    curve: CurveShape = "linear"
    """Shape of the rise."""


class CycleDown(Node):
    """Second half of the cycle."""

    duration: DurationField = Duration(45, "%")
    """How long the learning rate falls back."""
    curve: CurveShape = "linear"
    """Shape of the fall."""


class CycleFinal(Node):
    """The last drop."""

    duration: DurationField = Duration(10, "%")
    """How long the learning rate falls by orders of magnitude."""
    curve: CurveShape = "linear"
    """Shape of the drop."""


class OneCycle(ScheduleBase):
    """η₀ → η₁ → η₀ → final, momentum moving inversely (L. Smith 2018)."""

    kind: Literal["1cycle"]
    max_lr: Rate
    """η₁, the peak."""
    initial_lr: Rate | None = None
    """η₀; left out, max_lr / 10."""
    final_lr: RateOrZero | None = None
    """Value at the last step; left out, initial_lr / 1000."""
    momentum: MomentumRange | Literal["fixed"] = Field(default_factory=MomentumRange)  # type: ignore[assignment]
    """Momentum at the ends and at the peak; ``fixed`` keeps the optimizer's own."""
    up: CycleUp = Field(default_factory=CycleUp)
    """First half: linear up to η₁."""
    down: CycleDown = Field(default_factory=CycleDown)
    """Second half: back down to η₀."""
    final: CycleFinal = Field(default_factory=CycleFinal)
    """Final few epochs: down by orders of magnitude, momentum stays high."""


class Phases(ScheduleBase):
    """The phase table itself; it must cover the run exactly and be continuous unless a row says ``jump``."""

    kind: Literal["phases"]
    phases: Annotated[Items[Phase], Field(min_length=1, max_length=1000)]
    """Rows in order."""


BaseSchedule = Annotated[
    Constant
    | Power
    | Exponential
    | Piecewise
    | Linear
    | Polynomial
    | InverseSqrt
    | Cosine
    | CosineRestarts
    | Cyclic
    | Wsd
    | OneCycle
    | Phases,
    Field(discriminator="kind"),
]


class Plateau(ScheduleBase):
    """η(t) = scale · base(t); the scale is multiplied by ``factor`` when the monitor stops improving."""

    kind: Literal["plateau"]
    learning_rate: Rate | None = None
    """A constant base; give this or ``base``."""
    base: BaseSchedule | None = None
    """The curve that the scale multiplies; give this or ``learning_rate``."""
    monitor: MetricName = "val_loss"
    """What is watched, once an epoch."""
    mode: Literal["auto", "min", "max"] = "auto"
    """Whether less or more is better; ``auto`` knows losses and errors from the rest."""
    factor: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """What the scale is multiplied by."""
    patience: Count = 5
    """Epochs without improvement before a cut."""
    min_delta: NonNegative = 1e-4
    """Least change that counts as an improvement."""
    cooldown: Annotated[int, Field(ge=0)] = 0
    """Epochs after a cut in which none are counted."""
    min_lr: RateOrZero = 0.0
    """A floor under which no cut takes the learning rate."""


Schedule = Annotated[
    Constant
    | Power
    | Exponential
    | Piecewise
    | Linear
    | Polynomial
    | InverseSqrt
    | Cosine
    | CosineRestarts
    | Cyclic
    | Wsd
    | OneCycle
    | Phases
    | Plateau,
    Field(discriminator="kind"),
]
