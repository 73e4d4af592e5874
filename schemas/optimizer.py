"""Optimizers, by Keras' names in snake case and with Keras' argument names and defaults.

The learning rate belongs to the schedule; ``learning_rate`` here is short for a constant one and stands
only where the recipe has no ``schedule``.
"""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from schemas.base import Node
from schemas.deferred import deferred
from schemas.later import is_none
from schemas.quantities import Momentum, NonNegative, Rate
from schemas.tagged import ByTag, Elsewhere, Joined

if TYPE_CHECKING:
    from schemas.weight_decay import DecayExclusions
else:
    DecayExclusions = deferred("schemas.weight_decay:DecayExclusions")

Beta = Annotated[float, Field(ge=0, lt=1)]
Epsilon = Annotated[float, Field(gt=0, le=1)]


class OptimizerBase(Node):
    """What any optimizer has."""

    keras_class: ClassVar[str]
    """Name in ``keras.optimizers``."""
    momentum_key: ClassVar[str | None]
    """Key that a momentum curve drives; None where there is none."""
    least_slots: ClassVar[int]
    """Numbers that it keeps for each weight in any case; momentum's is always kept where there may be one."""
    slot_key: ClassVar[str | None] = None
    """Key that has it keep one more."""
    default_rate: ClassVar[float] = 0.001
    """Learning rate where the recipe gives none; Keras' default but for a few."""

    learning_rate: Rate | None = None
    """A constant learning rate, in place of a schedule."""
    weight_decay: NonNegative | None = None
    """Decoupled weight decay: w ← w − η · weight_decay · w before each update."""
    exclude_from_weight_decay: DecayExclusions | None = Field(default=None, exclude_if=is_none)
    """Variables to exclude, such as ``{biases: true, normalization: true, layers: [output]}``; by default none."""
    kind: str
    """Which optimizer."""

    @property
    def slots_per_weight(self) -> int | None:
        """Numbers that it keeps for each weight; None: it is not known."""
        return self.least_slots + (self.slot_key is not None and bool(getattr(self, self.slot_key)))

    @property
    def driven_momentum(self) -> float | None:
        """What a momentum curve drives, as the recipe gives it; None for an optimizer without."""
        return None if self.momentum_key is None else float(getattr(self, self.momentum_key))

    @property
    def called(self) -> str:
        """What it is called where a person reads it."""
        return self.kind

    @property
    def momentum_above_zero(self) -> bool:
        """Whether the momentum must be above zero all along."""
        bounds = () if self.momentum_key is None else type(self).model_fields[self.momentum_key].metadata
        return any(getattr(bound, "gt", None) == 0 for bound in bounds)


class Sgd(OptimizerBase):
    """v ← m·v − η·g; w ← w + v (nesterov: w ← w + m·v − η·g)."""

    keras_class: ClassVar[str] = "SGD"
    momentum_key: ClassVar[str | None] = "momentum"
    default_rate: ClassVar[float] = 0.01
    least_slots: ClassVar[int] = 1

    kind: Literal["sgd"]
    momentum: Momentum = 0.0
    """m, unless the schedule sets it."""
    nesterov: bool = False
    """Whether the gradient step is taken after the momentum step."""


_COMMON = Elsewhere("schemas.common_optimizers", ("rmsprop", "adam", "adamw"))
_RARE = Elsewhere(
    "schemas.optimizer_kinds",
    ("nadam", "adamax", "lamb", "lion", "adagrad", "adadelta", "adafactor", "ftrl", "muon", "custom"),
)
_OTHERS = Joined(_COMMON, _RARE)
Optimizer = Annotated[Sgd | OptimizerBase, ByTag("kind", _OTHERS)]


def optimizers() -> dict[str, type[OptimizerBase]]:
    """The class of every kind that is Keras' own, in the order of the language."""
    found = {kind: _OTHERS.variant(kind) for kind in _OTHERS.names() if kind != "custom"}
    others = {kind: cls for kind, cls in found.items() if cls is not None and issubclass(cls, OptimizerBase)}
    return {"sgd": Sgd, **others}
