"""The device that a run computes on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Device:
    """The device of a run."""

    kind: str
    """``CPU`` or ``GPU``."""
    description: str
    reason: str | None
    """Why no GPU is used; None if one is used or the recipe asks for the CPU."""
