"""The one reactive kind, which multiplies another by a scale."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from schemas.quantities import Count, MetricName, NonNegative, Rate, RateOrZero
from schemas.schedule.base import ScheduleBase
from schemas.schedule.curve_kinds import Curve
from schemas.tagged import by_tag


class Plateau(ScheduleBase):
    """η(t) = scale · base(t); the scale is multiplied by ``factor`` when the monitor stops improving."""

    rate_key: ClassVar[str] = "learning_rate"
    example: ClassVar[dict[str, Any]] = {
        "learning_rate": 0.01,
        "monitor": "val_loss",
        "factor": 0.5,
        "patience": 2,
    }
    host_keys: ClassVar[frozenset[str]] = frozenset({"factor", "min_delta"})

    kind: Literal["plateau"]
    learning_rate: Rate | None = None
    """A constant base; give this or ``base``."""
    base: Curve | None = None
    """The curve that the scale multiplies; give this or ``learning_rate``."""
    monitor: MetricName = "val_loss"
    """What is watched, once an epoch."""
    mode: Literal["auto", "min", "max"] = "auto"
    """Whether less or more is better; ``auto`` knows losses and errors from the rest."""
    factor: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """What the scale is multiplied by."""
    patience: Count = 5
    """Epochs without improvement before a cut. Epochs in which a warm-up has steps are not looked at."""
    min_delta: NonNegative = 1e-4
    """Least change that counts as an improvement."""
    cooldown: Annotated[int, Field(ge=0)] = 0
    """Epochs after a cut in which none are counted."""
    min_lr: RateOrZero = 0.0
    """A floor under which no cut takes the learning rate."""


BY_KIND = by_tag(Plateau)
