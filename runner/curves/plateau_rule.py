"""When a plateau schedule cuts its scale: a small rule, and what it remembers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from runner.curves.checks import require_not_negative, require_positive


@dataclass(frozen=True)
class PlateauRule:
    """When to cut: after ``patience`` values in a row that do not improve on the best by ``min_delta``."""

    monitor: str
    """Name of what is watched."""
    mode: Literal["min", "max"]
    """Whether less or more is better."""
    factor: float = 0.5
    """What the scale is multiplied by, in (0, 1)."""
    patience: int = 5
    """Values without improvement before a cut."""
    min_delta: float = 1e-4
    """Least change that counts as an improvement."""
    cooldown: int = 0
    """Values after a cut in which none are counted."""
    min_lr: float = 0.0
    """Learning rate at which no further cut is made."""
    first_step: int = 0
    """The first step after a warm-up."""

    def __post_init__(self) -> None:
        """Refuse what the rule cannot work with."""
        if not 0 < self.factor < 1:
            raise ValueError(f"factor must be above zero and below one; received {self.factor!r}")
        require_positive("patience", self.patience)
        require_not_negative("min_delta", self.min_delta)
        require_not_negative("cooldown", self.cooldown)
        require_not_negative("min_lr", self.min_lr)
        require_not_negative("first_step", self.first_step)

    def sees(self, first_step: int) -> bool:
        """Whether an epoch with this first step is taken in: one in which no step belongs to the warm-up.

        While the learning rate rises the monitor says nothing about too high a rate. Epochs that are not seen set no
        best, count nothing and cut nothing, as those before ``start_from_epoch`` of Keras' ``EarlyStopping``.
        """
        return first_step >= self.first_step

    def improves(self, value: float, best: float | None) -> bool:
        """Whether value < best − min_delta (``max``: value > best + min_delta).

        Any finite value improves on no best; a value that is not finite never improves. Keras differs only in
        taking −∞ with ``min`` and +∞ with ``max`` for a best, which nothing can beat and JSON cannot hold.
        """
        if not math.isfinite(value):
            return False
        if best is None:
            return True
        return value < best - self.min_delta if self.mode == "min" else value > best + self.min_delta


@dataclass(frozen=True)
class PlateauState:
    """What the rule remembers between epochs; immutable, and part of every checkpoint."""

    scale: float = 1.0
    """Product of the cuts so far."""
    best: float | None = None
    """Best value so far; None before the first finite one."""
    wait: int = 0
    """Values counted since the best, a cut or a cooldown."""
    cooldown: int = 0
    """Values still to be left uncounted."""

    def update(self, rule: PlateauRule, value: float, current_lr: float) -> "PlateauDecision":
        """Take in one epoch's value of the monitor.

        In this order, as in Keras: a running cooldown is shortened by one and ``wait`` reset; an improvement
        becomes the best and resets ``wait``; otherwise, out of cooldown, ``wait`` grows by one, and at
        ``patience`` the scale is multiplied by ``factor``, ``wait`` reset and a cooldown begun, unless the
        learning rate is already at ``min_lr``, in which case ``wait`` goes on growing.

        Args:
            rule: when to cut.
            value: the monitor; NaN never improves.
            current_lr: learning rate in force, compared with ``min_lr`` in float32, in which it trains.

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
        """Write the state as plain numbers, fit for JSON."""
        return {"scale": self.scale, "best": self.best, "wait": self.wait, "cooldown": self.cooldown}

    @classmethod
    def from_dict(cls, state: Mapping[str, float | int | None]) -> "PlateauState":
        """Read what ``to_dict`` wrote.

        Raises:
            ValueError: when a key is missing or unknown, or a number that must be there is None.
        """
        if set(state) != {"scale", "best", "wait", "cooldown"}:
            raise ValueError(f"state must have the keys scale, best, wait, cooldown; received {sorted(state)}")
        scale, best, wait, cooldown = (state[key] for key in ("scale", "best", "wait", "cooldown"))
        if scale is None or wait is None or cooldown is None:
            raise ValueError(f"scale, wait and cooldown must be numbers; received {dict(state)}")
        return cls(float(scale), None if best is None else float(best), int(wait), int(cooldown))


@dataclass(frozen=True)
class PlateauDecision:
    """What one value led to, and why."""

    cut: bool
    """Whether the scale was cut."""
    improved: bool
    """Whether the value is the new best."""
    value: float
    """The value taken in."""
    best: float | None
    """The best before it, which it was compared with."""
    wait: int
    """Values without improvement, this one included; in a cut, what reached ``patience``."""
    state: PlateauState
    """What to remember from here on; its ``scale`` is the new one."""

    @property
    def scale(self) -> float:
        """The scale from here on."""
        return self.state.scale
