"""What a run computes on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Device:
    """What the run computes on."""

    kind: str
    """``CPU`` or ``GPU``."""
    description: str
    reason: str | None
    """Why there is no GPU; None when one is used or the recipe asked for the CPU."""
