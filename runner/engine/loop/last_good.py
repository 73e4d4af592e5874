"""The last state that a diverging run may go on from, kept in memory until it is needed.

A loss shows what the weights were before its update: a state is known to be good only once the next step's loss is
finite. Within a step or two before that loss ceases to be a number it grows by orders of magnitude, and weights from
there are of no use; a state whose loss is far above the first one is therefore not good either.
"""

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from runner.record.checkpoint import Checkpoint

SHARE, ALLOWANCE = 0.02, 0.1
"""Copies may take this share of a session's time, and so many seconds besides, which serve its beginning."""
LARGEST = 128 << 20
"""Bytes of a state beyond which none is kept: two of them are in memory at a time."""
RUNAWAY = 10.0
"""How many times the session's first loss is too much."""


class LastGood:
    """Copies of a run's state, made where a call of steps begins.

    Args:
        clock: seconds, never going back.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.checkpoint: Checkpoint | None = None
        """The last good state; None before the first one, or where states are too large."""
        self.too_large = False
        """Whether no copies are made because a state is larger than :data:`LARGEST`."""
        self.seconds = 0.0
        """Time that the copies have taken."""
        self._clock = clock
        self._candidate: Checkpoint | None = None
        self._began = clock()
        self._first_loss: float | None = None

    def note(self, size: int, copy: Callable[[], Checkpoint]) -> None:
        """Copy a state that is to be judged by the loss of the next step, if it is time for one.

        Args:
            size: size of the state.
            copy: makes the copy.
        """
        began = self._clock()
        self.too_large = size > LARGEST
        if self.too_large or self.seconds > ALLOWANCE + SHARE * (began - self._began):
            return
        made = copy()
        self._candidate = made if _is_finite(made.arrays) else None
        self.seconds += self._clock() - began

    def judge(self, loss: float) -> None:
        """Hear the loss of the step that followed."""
        if self._first_loss is None:
            self._first_loss = loss
        sound = math.isfinite(loss) and loss <= RUNAWAY * abs(self._first_loss)
        if self._candidate is not None and sound:
            self.checkpoint = self._candidate
        self._candidate = None


def _is_finite(arrays: Mapping[str, Any]) -> bool:
    return all(np.isfinite(array).all() for array in arrays.values() if np.issubdtype(array.dtype, np.floating))
