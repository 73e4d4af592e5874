"""Samples a run's curves for a plot, at steps that represent them faithfully however long the run is."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runner.curves import PlateauRule
from runner.plan.defaults import effective_schedule
from runner.plan.plan import Plan
from runner.plan.schedule import CompiledSchedule
from schemas.schedule import Schedule

Steps = NDArray[np.int64]
Values = NDArray[np.float32]

POINTS = 2000
"""Number of evenly spaced samples, more than the width of a picture in pixels."""
_SMALLEST_SCALE = 1e-12


@dataclass(frozen=True)
class Track:
    """The schedule of one run, as needed for a plot."""

    name: str
    """Name of the recipe."""
    kind: str
    """Kind of the schedule, such as ``1cycle`` or ``plateau over cosine``."""
    schedule: CompiledSchedule
    steps: int
    per_epoch: int

    @property
    def epochs(self) -> float:
        """Length of the run in epochs."""
        return self.steps / self.per_epoch


def track_of(plan: Plan) -> Track:
    """The track of a plan."""
    kind = kind_of(effective_schedule(plan.recipe))
    return Track(plan.recipe.name, kind, plan.schedule, plan.steps, plan.steps_per_epoch)


def kind_of(schedule: Schedule) -> str:
    """The kind in words, including the base of a plateau and any warm-up."""
    warmup = schedule.warmup is not None
    kind: str = schedule.kind
    if schedule.kind == "plateau" and schedule.base is not None:
        kind, warmup = f"plateau over {schedule.base.kind}", warmup or schedule.base.warmup is not None
    return f"{kind} after a warm-up" if warmup else kind


def sample_steps(track: Track, points: int = POINTS) -> Steps:
    """Steps to evaluate: evenly spaced ones and both sides of every boundary, so that corners and jumps are exact."""
    last = track.steps - 1
    even = np.linspace(0, last, min(points, track.steps)).round().astype(np.int64)
    momentum = track.schedule.tables.get("momentum", ())
    rows = [row.start for row in track.schedule.phases] + [row.start for row in momentum]
    edges = np.array(rows, dtype=np.int64)
    return _distinct(np.clip(np.concatenate([even, edges, edges - 1]), 0, last))


def _distinct(numbers: Steps) -> Steps:
    """The distinct numbers in order; ``np.unique`` would import ``numpy.ma`` for it, which takes longer than a plan."""
    ordered = np.sort(numbers)
    first: Steps = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])]
    return first


def earliest_cuts(rule: PlateauRule, epochs: float) -> list[tuple[int, float]]:
    """The cuts of a plateau if nothing improves after the first epoch: pairs of first epoch (from 0) and scale.

    The first epoch is always the best so far; a cut takes effect in the epoch after the one whose value caused it.
    A cooldown of one epoch ends before that epoch is counted, as in Keras.
    """
    period = rule.patience + max(rule.cooldown - 1, 0)
    most = math.floor(math.log(_SMALLEST_SCALE) / math.log(rule.factor))
    first = rule.patience + 1
    count = max(0, min(most, math.ceil((epochs - first) / period)))
    return [(first + k * period, rule.factor ** (k + 1)) for k in range(count)]


def lowest_rates(track: Track, steps: Steps) -> Values | None:
    """Learning rates with the earliest possible cuts, which are lower bounds; None for a schedule without cuts."""
    rule = track.schedule.plateau
    if rule is None:
        return None
    cuts = [(0, 1.0), *earliest_cuts(rule, track.epochs)]
    starts = np.array([epoch * track.per_epoch for epoch, _ in cuts])
    row = np.searchsorted(starts, steps, side="right") - 1
    rates = np.empty(steps.shape, dtype=np.float32)
    for k in _distinct(row):
        rates[row == k] = track.schedule.evaluate(steps[row == k], scale=cuts[k][1])["learning_rate"]
    return rates


def with_cut_steps(track: Track, steps: Steps) -> Steps:
    """The steps, and both sides of every earliest possible cut."""
    if track.schedule.plateau is None:
        return steps
    starts = np.array([e * track.per_epoch for e, _ in earliest_cuts(track.schedule.plateau, track.epochs)], np.int64)
    return _distinct(np.clip(np.concatenate([steps, starts, starts - 1]), 0, track.steps - 1))


@dataclass(frozen=True)
class Samples:
    """The curves of a track at selected steps."""

    steps: Steps
    rates: Values
    momenta: Values | None
    """None for an optimizer without momentum."""
    lowest: Values | None
    """Learning rates with the earliest possible cuts; None without a plateau."""

    @property
    def moving_momenta(self) -> Values | None:
        """The momenta; None if they are constant."""
        return None if self.momenta is None or np.ptp(self.momenta) == 0 else self.momenta


def sample(track: Track, points: int = POINTS) -> Samples:
    """Evaluate a track for a plot; time and memory do not depend on the length of the run."""
    steps = with_cut_steps(track, sample_steps(track, points))
    values = track.schedule.evaluate(steps)
    return Samples(steps, values["learning_rate"], values.get("momentum"), lowest_rates(track, steps))
