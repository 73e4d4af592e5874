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
    """The monitored metric, checked once per epoch."""
    mode: Literal["auto", "min", "max"] = "auto"
    """Whether lower or higher is better; ``auto`` tells losses and errors from other metrics."""
    factor: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """Factor of each cut."""
    patience: Count = 5
    """Epochs without improvement before a cut. Epochs that contain warm-up steps do not count."""
    min_delta: NonNegative = 1e-4
    """Smallest change that counts as an improvement."""
    cooldown: Annotated[int, Field(ge=0)] = 0
    """Epochs after a cut that do not count."""
    min_lr: RateOrZero = 0.0
    """A lower bound: no cut takes the learning rate below it."""


BY_KIND = by_tag(Plateau)
