"""Text above a plot, and its alternative text."""

from collections.abc import Sequence

import numpy as np

from runner.numerals import short
from runner.plots.sampled_steps import Samples, Track
from runner.text import printable

_TIMES = "\N{MULTIPLICATION SIGN}"


def length(track: Track) -> str:
    """Kind and length, such as ``1cycle · 4,300 steps in 10 epochs of 430``."""
    epochs = f"{track.epochs:.6g} epoch{'' if track.epochs == 1 else 's'}"
    steps = f"{track.steps:,} step{'' if track.steps == 1 else 's'}"
    return f"{track.kind} · {steps} in {epochs} of {track.per_epoch:,}"


def facts(track: Track, samples: Samples) -> str:
    """Kind, length, and momentum if it is constant and therefore needs no panel."""
    if samples.momenta is None or samples.moving_momenta is not None:
        return length(track)
    return f"{length(track)} · momentum {short(float(samples.momenta[0]))} throughout"


def plateau_note(track: Track, samples: Samples) -> list[str]:
    """Explanation of the band below the curve of a plateau."""
    rule = track.schedule.plateau
    if rule is None or samples.lowest is None:
        return []
    epochs = "epoch" if rule.patience == 1 else f"{rule.patience:,} epochs"
    cut = f"{_TIMES} {short(rule.factor)} whenever {rule.monitor} has not improved for {epochs}"
    if np.array_equal(samples.lowest, samples.rates):
        return [f"{cut}; the run is too short for a cut"]
    return [f"{cut}; dashed: the earliest possible cuts"]


def description(tracks: Sequence[Track]) -> str:
    """Alternative text, with one sentence per recipe."""
    return " ".join(_sentence(track) for track in tracks)


def _sentence(track: Track) -> str:
    rates = track.schedule.evaluate(np.array([0, track.steps - 1]))["learning_rate"]
    names = ", ".join(printable(phase.name) for phase in track.schedule.phases[:12])
    more = " and more" if len(track.schedule.phases) > 12 else ""
    return (
        f"{track.name}: {length(track)}; the learning rate starts at {short(float(rates[0]))} "
        f"and ends at {short(float(rates[1]))}; phases: {names}{more}."
    )
