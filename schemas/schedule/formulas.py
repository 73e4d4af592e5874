"""Kinds that one formula describes from the first step to the last."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from schemas.findings import Path
from schemas.later import is_none, is_zero
from schemas.quantities import DurationField, Positive, Rate, RateOrZero
from schemas.schedule.base import CurveBase
from schemas.schedule.facts import Length, Order
from schemas.tagged import by_tag


class Constant(CurveBase):
    """η(t) = η₀."""

    rate_key: ClassVar[str] = "learning_rate"
    refining_phase: ClassVar[str | None] = None
    peaks: ClassVar[bool] = False
    example: ClassVar[dict[str, Any]] = {"learning_rate": 0.01, "warmup": {"duration": "1 epoch"}}

    kind: Literal["constant"]
    learning_rate: Rate
    """η₀."""

    def lengths(self) -> Iterable[Length]:
        """None."""
        return ()

    def first_rate(self) -> float:
        """η₀."""
        return self.learning_rate

    def rise(self) -> None:
        """Nowhere."""

    def orders(self) -> Iterable[Order]:
        """None: there is one rate."""
        return ()


class Stairs(CurveBase):
    """A decay by t/s, which may go down in stairs."""

    rate_key: ClassVar[str] = "initial_lr"
    refining_phase: ClassVar[str | None] = None
    peaks: ClassVar[bool] = False
    if TYPE_CHECKING:  # keys that each kind has for itself, with a text of its own
        initial_lr: float
        decay_every: DurationField

    staircase: bool = False
    """Whether t/s is rounded down to a whole number, as Keras does: η changes every s steps."""
    every: DurationField | None = Field(default=None, exclude_if=is_none)
    """How often η changes, such as ``1 epoch``: t is rounded down to a multiple of it, counted from the start of the
    run. By default η changes at every step, or as ``staircase`` says."""

    def lengths(self) -> Iterator[Length]:
        """The time scale, which of stairs is the first one's length, and the length of others."""
        yield Length(("decay_every",), self.decay_every, "turn" if self.staircase else "scale")
        if self.every is not None:
            yield Length(("every",), self.every, "turn")

    def first_rate(self) -> float:
        """η₀."""
        return self.initial_lr

    def rise(self) -> None:
        """Nowhere."""

    def orders(self) -> Iterable[Order]:
        """None: there is one rate."""
        return ()


class Power(Stairs):
    """η(t) = η₀ / (1 + t/s)^c."""

    example: ClassVar[dict[str, Any]] = {"initial_lr": 0.01, "decay_every": "2 epochs"}
    host_keys: ClassVar[frozenset[str]] = frozenset({"power"})

    kind: Literal["power"]
    initial_lr: Rate
    """η₀."""
    decay_every: DurationField
    """s: after s steps η is η₀/2^c."""
    power: Positive = 1.0
    """c; Keras' InverseTimeDecay has only c = 1."""


class Exponential(Stairs):
    """η(t) = η₀ · r^(t/s)."""

    example: ClassVar[dict[str, Any]] = {"initial_lr": 0.01, "decay_every": "5 epochs", "every": "1 epoch"}
    host_keys: ClassVar[frozenset[str]] = frozenset({"decay_rate"})

    kind: Literal["exponential"]
    initial_lr: Rate
    """η₀."""
    decay_every: DurationField
    """s: after every s steps η has been multiplied by r."""
    decay_rate: Annotated[float, Field(gt=0, le=1)] = 0.1
    """r."""


class InitialToFinal(CurveBase):
    """A way from ``initial_lr`` to ``final_lr``."""

    rate_key: ClassVar[str] = "initial_lr"
    refining_phase: ClassVar[str | None] = None
    peaks: ClassVar[bool] = False
    if TYPE_CHECKING:  # keys that each kind has for itself, with a text of its own
        initial_lr: float
        final_lr: float

    def lengths(self) -> Iterable[Length]:
        """None: it takes the whole run."""
        return ()

    def first_rate(self) -> float:
        """η₀."""
        return self.initial_lr

    def rise(self) -> Path | None:
        """All along, where the final value is the higher."""
        return ("final_lr",) if self.final_lr > self.initial_lr else None

    def orders(self) -> Iterable[Order]:
        """None: it may lead either way."""
        return ()


class Falling(InitialToFinal):
    """A way that is meant to lead down."""

    def orders(self) -> Iterator[Order]:
        """The final value below the initial one."""
        yield Order("final_lr", self.final_lr, "initial_lr", self.initial_lr)


class Linear(InitialToFinal):
    """η(t) = η₀ + (η₁ − η₀) · t/(N−1)."""

    example: ClassVar[dict[str, Any]] = {"initial_lr": 0.1, "final_lr": 0.001}

    kind: Literal["linear"]
    initial_lr: Rate
    """η₀."""
    final_lr: RateOrZero = 0.0
    """η₁, reached exactly at the last step."""


class Polynomial(Falling):
    """η(t) = η₁ + (η₀ − η₁) · (1 − t/(N−1))^p."""

    example: ClassVar[dict[str, Any]] = {"initial_lr": 0.1, "final_lr": 0.001, "power": 2.0}
    host_keys: ClassVar[frozenset[str]] = frozenset({"power"})

    kind: Literal["polynomial"]
    initial_lr: Rate
    """η₀."""
    final_lr: RateOrZero = 0.0
    """η₁, reached exactly at the last step."""
    power: Positive = 2.0
    """p."""


class InverseSqrt(Stairs):
    """η(t) = η₀ / √(1 + t/s)."""

    example: ClassVar[dict[str, Any]] = {
        "initial_lr": 0.003,
        "decay_every": "1 epoch",
        "warmup": {"duration": "1 epoch"},
    }

    kind: Literal["inverse_sqrt"]
    initial_lr: Rate
    """η₀."""
    decay_every: DurationField
    """s: the time scale; after 3s steps η is half of η₀."""
    staircase: bool = Field(default=False, exclude_if=is_zero)
    """Whether t/s is rounded down to a whole number: η changes every s steps."""


class Cosine(Falling):
    """η(t) = η₁ + (η₀ − η₁) · (1 + cos(π t/(N−1))) / 2."""

    example: ClassVar[dict[str, Any]] = {"initial_lr": 0.1, "warmup": {"duration": "10%", "from": 0.001}}

    kind: Literal["cosine"]
    initial_lr: Rate
    """η₀."""
    final_lr: RateOrZero = 0.0
    """η₁, reached exactly at the last step."""


Formula = Constant | Power | Exponential | Linear | Polynomial | InverseSqrt | Cosine
"""A new formula goes here."""
BY_KIND = by_tag(Formula)
