"""An optimizer of custom code."""

from typing import ClassVar, Literal

from pydantic import Field

from schemas.custom import Argument, Custom
from schemas.later import is_none
from schemas.optimizer import OptimizerBase
from schemas.quantities import Momentum


class CustomOptimizer(OptimizerBase, Custom):
    """Custom code: a subclass of keras.optimizers.Optimizer, or a function that returns one; only with --allow-code.

    It is called with ``learning_rate``, with ``momentum`` and ``weight_decay`` where they are written, and with
    ``arguments``. The values of the schedule are assigned before every step and read back after it.
    """

    momentum_key: ClassVar[str | None] = "momentum"

    kind: Literal["custom"]
    momentum: Momentum | None = Field(default=None, exclude_if=is_none)
    """Momentum, unless the schedule sets it; by default the optimizer has none that a schedule could drive."""
    momentum_argument: Argument = "momentum"
    """What the class calls its momentum: the argument and the attribute that its update reads, such as ``beta_1``."""
    slots: int | None = Field(default=None, ge=0, le=100, exclude_if=is_none)
    """Numbers kept for each weight, for the estimate of memory; by default they are not counted."""

    @property
    def slots_per_weight(self) -> int | None:
        """What the recipe says."""
        return self.slots

    @property
    def driven_momentum(self) -> float | None:
        """As the recipe gives it."""
        return self.momentum

    @property
    def called(self) -> str:
        """Its target."""
        return self.target
