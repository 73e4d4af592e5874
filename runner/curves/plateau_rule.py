"""The rule by which a plateau schedule cuts its scale, and its state."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from runner.curves.checks import require_not_negative, require_positive


@dataclass(frozen=True)
class PlateauRule:
    """The rule: cut after ``patience`` consecutive values that do not improve on the best by ``min_delta``."""

    monitor: str
    """Name of the monitored metric."""
    mode: Literal["min", "max"]
    """Whether lower or higher is better."""
    factor: float = 0.5
    """Factor of each cut, in (0, 1)."""
    patience: int = 5
    """Number of values without improvement before a cut."""
    min_delta: float = 1e-4
    """Smallest change that counts as an improvement."""
    cooldown: int = 0
    """Number of values after a cut that are not counted."""
    min_lr: float = 0.0
    """Learning rate at which no more cuts are made."""
    first_step: int = 0
    """The first step after a warm-up."""

    def __post_init__(self) -> None:
        """Check the arguments."""
        if not 0 < self.factor < 1:
            raise ValueError(f"factor must be above zero and below one; received {self.factor!r}")
        require_positive("patience", self.patience)
        require_not_negative("min_delta", self.min_delta)
        require_not_negative("cooldown", self.cooldown)
        require_not_negative("min_lr", self.min_lr)
        require_not_negative("first_step", self.first_step)

    def sees(self, first_step: int) -> bool:
        """Whether the rule counts an epoch with this first step: it must contain no step of the warm-up.

        While the learning rate rises, the monitor does not indicate that the rate is too high. Epochs that are not
        counted set no best value and cause no cut, like those before ``start_from_epoch`` of Keras' ``EarlyStopping``.
        """
        return first_step >= self.first_step

    def improves(self, value: float, best: float | None) -> bool:
        """Whether value < best − min_delta (``max``: value > best + min_delta).

        Without a best value any finite value is an improvement; a value that is not finite never is. Keras differs only
        in accepting −∞ with ``min`` and +∞ with ``max``, which nothing can beat and JSON cannot represent.
        """
        if not math.isfinite(value):
            return False
        if best is None:
            return True
        return value < best - self.min_delta if self.mode == "min" else value > best + self.min_delta


@dataclass(frozen=True)
class PlateauState:
    """State of the rule between epochs; immutable, and part of every checkpoint."""

    scale: float = 1.0
    """Product of all cuts so far."""
    best: float | None = None
    """Best value so far; None before the first finite one."""
    wait: int = 0
    """Number of values counted since the best value, a cut or a cooldown."""
    cooldown: int = 0
    """Number of values that will not be counted."""

    def update(self, rule: PlateauRule, value: float, current_lr: float) -> "PlateauDecision":
        """Process one epoch's value of the monitor.

        In this order, as in Keras: a running cooldown is shortened by one and resets ``wait``; an improvement becomes
        the best value and resets ``wait``; otherwise, outside a cooldown, ``wait`` grows by one, and at ``patience``
        the scale is multiplied by ``factor``, ``wait`` is reset and a cooldown starts, unless the learning rate is
        already at ``min_lr``, in which case ``wait`` keeps growing.

        Args:
            rule: the rule.
            value: the monitor; NaN never improves.
            current_lr: current learning rate, compared with ``min_lr`` in float32, the format used for training.

        Source: Keras' ``ReduceLROnPlateau``.
        """
        now = replace(self, cooldown=self.cooldown - 1, wait=0) if self.cooldown else self
        if rule.improves(value, now.best):
            return PlateauDecision(False, True, value, self.best, 0, replace(now, best=value, wait=0))
        if now.cooldown:
            return PlateauDecision(False, False, value, self.best, 0, now)
        wait = now.wait + 1
        if wait < rule.patience or np.float32(current_lr) <= np.float32(rule.min_lr):
            return PlateauDecision(False, False, value, self.best, wait, replace(now, wait=wait))
        cut = replace(now, scale=now.scale * rule.factor, wait=0, cooldown=rule.cooldown)
        return PlateauDecision(True, False, value, self.best, wait, cut)

    def to_dict(self) -> dict[str, float | int | None]:
        """The state as plain numbers, for JSON."""
        return {"scale": self.scale, "best": self.best, "wait": self.wait, "cooldown": self.cooldown}

    @classmethod
    def from_dict(cls, state: Mapping[str, float | int | None]) -> "PlateauState":
        """Restore a state from the result of ``to_dict``.

        Raises:
            ValueError: a key is missing or unknown, or a required number is None.
        """
        if set(state) != {"scale", "best", "wait", "cooldown"}:
            raise ValueError(f"state must have the keys scale, best, wait, cooldown; received {sorted(state)}")
        scale, best, wait, cooldown = (state[key] for key in ("scale", "best", "wait", "cooldown"))
        if scale is None or wait is None or cooldown is None:
            raise ValueError(f"scale, wait and cooldown must be numbers; received {dict(state)}")
        return cls(float(scale), None if best is None else float(best), int(wait), int(cooldown))


@dataclass(frozen=True)
class PlateauDecision:
    """The effect of one value, and the reason."""

    cut: bool
    """Whether the scale was cut."""
    improved: bool
    """Whether the value is the new best."""
    value: float
    """The value of the monitor."""
    best: float | None
    """The previous best value, with which it was compared."""
    wait: int
    """Number of values without improvement, including this one; for a cut, the number that reached ``patience``."""
    state: PlateauState
    """The new state; its ``scale`` is the new scale."""

    @property
    def scale(self) -> float:
        """The scale after this value."""
        return self.state.scale
