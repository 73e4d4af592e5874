"""The device that a run computes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Device:
    """The device of a run."""

    kind: str
    """``CPU`` or ``GPU``."""
    description: str
    reason: str | None
    """Why no GPU is used; None if one is used or the recipe asks for the CPU."""
    computation: Mapping[str, str | int] = field(default_factory=dict, kw_only=True)
    """How it computes, where there are several ways with different last digits."""
