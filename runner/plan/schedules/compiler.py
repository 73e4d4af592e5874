"""What the plan knows of a kind of schedule."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from runner.curves import Segment
from runner.plan.schedules.body import Body
from runner.plan.schedules.stretch import Stretch

S = TypeVar("S")


@dataclass(frozen=True)
class Compiler(Generic[S]):
    """How one kind becomes curves and phases."""

    curve: Callable[..., object]
    """The function of `runner.curves` whose docstring states formula, boundary behaviour and source."""
    body: Callable[[S, Stretch], Body]
    """Compiles the learning rate over the schedule's own steps, without its warm-up."""
    momentum: Callable[[S, Stretch, float | None], tuple[Segment, ...] | None] | None = None
    """Compiles the momentum that the kind brings along, given the optimizer's own; None for a kind that brings none."""
    momentum_curve: Callable[..., object] | None = None
    """The function whose docstring describes that momentum."""
