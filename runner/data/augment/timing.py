"""Which transforms still act, example by example."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from runner.data.augment.draws import Float64, Places, uniforms
from schemas.image_change import Transform

T = TypeVar("T", bound=Transform, covariant=True)


@dataclass(frozen=True)
class Clock:
    """Which step an example belongs to."""

    batch_size: int
    steps_per_epoch: int

    def steps(self, places: Places) -> NDArray[np.int64]:
        """The run's step of each example, shape ``(n,)``."""
        within = np.arange(places.start, places.stop, dtype=np.int64) // self.batch_size
        return places.epoch * self.steps_per_epoch + within


@dataclass(frozen=True)
class Timed(Generic[T]):
    """A transform of the list, with its place in it and its end."""

    transform: T
    number: int
    """In the list, 0-based; with it go its random numbers."""
    off: int | None
    """The first step without it; None: it acts throughout."""
    clock: Clock

    def acting(self, places: Places) -> NDArray[np.bool_]:
        """Whether it has not ended yet, shape ``(n,)``."""
        if self.off is None:
            return np.ones(len(places), np.bool_)
        return self.clock.steps(places) < self.off

    def numbers(self, places: Places, count: int) -> Float64:
        """``count`` numbers of each example; all are 1, above any probability, where it has ended."""
        return np.where(self.acting(places)[:, None], uniforms(places, self.number, count), 1.0)
