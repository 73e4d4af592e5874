"""Which steps a tracker gets that stores each value at a price."""

from collections.abc import Sequence

from schemas.quantities import Duration
from schemas.tracking import Tracker, artifacts_of, every_of, name_of

MOST_POINTS = 320
"""Of a curve by default: as many as MLflow's page asks for (``maxResults`` of its chart in 3.17)."""


def sent_interval(every: Duration | None, steps: int, steps_per_epoch: int) -> int:
    """Every how many steps their values are sent.

    By default the least of 1, 2, 5, 10, 20, 50 … that leaves at most 320 points: round numbers, so that runs of
    different length have their points at the same steps.

    Args:
        every: what the recipe says; None: nothing.
        steps: of the run.
        steps_per_epoch: of an epoch.

    >>> sent_interval(None, 320, 32), sent_interval(None, 321, 32), sent_interval(None, 5_160, 430)
    (1, 2, 20)
    """
    if every is not None:
        return max(1, round(every.steps(total=steps, per_epoch=steps_per_epoch)))
    power = 1
    while True:
        for digit in (1, 2, 5):
            if steps <= digit * power * MOST_POINTS:
                return digit * power
        power *= 10


def tracked_texts(tracking: Sequence[Tracker], steps: int, steps_per_epoch: int) -> list[str]:
    """The trackers of a run, and how much of it MLflow gets."""
    return [_text(tracker, steps, steps_per_epoch) for tracker in tracking]


def _text(tracker: Tracker, steps: int, steps_per_epoch: int) -> str:
    name = name_of(tracker)
    if name != "mlflow":
        return f"{name}, every step"
    interval, files = sent_interval(every_of(tracker), steps, steps_per_epoch), ", ".join(artifacts_of(tracker))
    with_files = f", with {files}" if files else ""
    return f"{name}, {'every step' if interval == 1 else f'1 step of {interval:,} and every epoch'}{with_files}"
