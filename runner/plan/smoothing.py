"""Label smoothing over the steps of a run, where it ends before the run does."""

from dataclasses import dataclass

import numpy as np

from runner.curves.types import Steps, Values
from runner.plan.schedules.stretch import nearest
from schemas.label_smoothing import LabelSmoothing


@dataclass(frozen=True)
class Smoothing:
    """The curve ε(t) = value for t < off, and 0 from then on."""

    value: float
    off: int
    """The first step without it."""

    def __call__(self, steps: Steps) -> Values:
        """ε of these steps."""
        return np.where(steps < self.off, self.value, 0.0)


def smoothing_of(written: float | LabelSmoothing, steps: int, steps_per_epoch: int) -> Smoothing | None:
    """Label smoothing that changes within a run; None where one number holds throughout.

    Args:
        written: the recipe's.
        steps: of the run.
        steps_per_epoch: optimizer steps an epoch.
    """
    if isinstance(written, float):
        return None
    return Smoothing(written.value, nearest(written.off_after.steps(total=steps, per_epoch=steps_per_epoch)))
