"""The search for the fields that explain a difference."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runner.bisecting.changes import Change
from runner.bisecting.ddmin import Changes, Outcome, ddmin
from runner.bisecting.sides import Between
from runner.bisecting.trials import Trial, Trials
from runner.errors import RunError
from runner.lookback.listing_view import headline
from runner.numerals import measure, short
from runner.plan.monitor import monitor

_ERRORS = 2.0
"""Standard errors by which means must differ to be told apart."""


@dataclass(frozen=True)
class Scale:
    """By what a result counts as good or bad."""

    metric: str
    good: float
    """Mean of the good recipe."""
    bad: float
    threshold: float
    """A result at it or beyond it, on the side of the bad recipe, is bad."""
    worst: float
    """The value of a run that diverged: infinitely bad."""

    def outcome(self, value: float) -> Outcome:
        """Whether a mean is on the bad side."""
        beyond = value <= self.threshold if self.bad < self.good else value >= self.threshold
        return "bad" if beyond else "good"

    def is_close(self, value: float, error: float) -> bool:
        """Whether a mean is within two standard errors of the threshold, so that other seeds could judge otherwise."""
        return abs(value - self.threshold) < _ERRORS * error


@dataclass(frozen=True)
class Judged:
    """A trial and what it says."""

    trial: Trial
    outcome: Outcome
    value: float | None
    """Mean of the metric over the runs; None where nothing could be trained."""
    error: float
    """Its standard error; 0 for a single run."""
    close: bool
    """Whether other seeds could judge otherwise."""


@dataclass(frozen=True)
class Found:
    """What a search has found."""

    scale: Scale
    changes: tuple[Change, ...]
    """All fields that differ."""
    minimal: Changes
    """The fields that explain the difference, by place in ``changes``; empty where there is none to explain."""
    judged: tuple[Judged, ...]
    """Every trial, in the order in which they were asked for."""
    why_not: str = ""
    """Why there is nothing to explain; empty: there is."""

    @property
    def at_fault(self) -> Judged | None:
        """The trial of the fields that were found."""
        return next((each for each in self.judged if each.trial.chosen == self.minimal), None) if self.minimal else None


def search(between: Between, trials: Trials, metric: str | None = None, threshold: float | None = None) -> Found:
    """Find a minimal set of fields that makes the good recipe's result bad.

    Args:
        between: the two recipes.
        trials: trains what is between them.
        metric: a final figure; None: that of the test split, or else of the validation split, without a loss if there
            is another.
        threshold: the value at which a result is bad; None: halfway between the two.

    Raises:
        RunError: the metric is not there, or the threshold is not between the two results.
        Stopped: a signal has ended a run.
        RecipeError: one of the two cannot be trained.
        OSError: a run cannot be recorded.
    """
    everything = tuple(range(len(between.changes)))
    if not everything:
        raise RunError(f"{between.good.name} and {between.bad.name} have the same values in every field that trains")
    ends = _trained(trials.trial(()), between.good.name), _trained(trials.trial(everything), between.bad.name)
    scale = _scale(*ends, metric, threshold)
    why_not = _indistinct(scale, *ends)
    minimal = () if why_not else ddmin(everything, lambda chosen: _judge(trials.trial(chosen), scale).outcome)
    judged = tuple(_judge(trial, scale) for trial in trials.made)
    return Found(scale, tuple(between.changes), minimal, judged, why_not)


def _trained(trial: Trial, name: str) -> Trial:
    if trial.why:
        raise RunError(f"{name} cannot be trained: {trial.why}")
    return trial


def _judge(trial: Trial, scale: Scale) -> Judged:
    if trial.why:
        return Judged(trial, "unfit", None, 0.0, False)
    value, error = trial.value(scale.metric, scale.worst)
    return Judged(trial, scale.outcome(value), value, error, scale.is_close(value, error))


def _scale(good: Trial, bad: Trial, metric: str | None, threshold: float | None) -> Scale:
    known = [result["metrics"] for trial in (good, bad) for result in trial.results if result["status"] != "diverged"]
    name = metric or headline(dict.fromkeys(_in_all(known), 0.0))
    if name is None:
        raise RunError("the results of the two have no metric in common", "give one: --metric val_loss")
    worst = math.inf if monitor(name).mode == "min" else -math.inf
    first, second = (trial.value(name, worst)[0] for trial in (good, bad))
    if threshold is None:
        threshold = second if math.isinf(second) else (first + second) / 2
    elif not min(first, second) <= threshold <= max(first, second) or threshold == first:
        said = f"{name} is {measure(first)} for the good recipe and {measure(second)} for the bad one"
        raise RunError(
            f"--threshold: must be between the two results, or the bad one; {said}; received {measure(threshold)}"
        )
    return Scale(name, first, second, threshold, worst)


def _in_all(metrics: list[Mapping[str, Any]]) -> Iterator[str]:
    return (name for name in (metrics[0] if metrics else ()) if all(name in each for each in metrics))


def _indistinct(scale: Scale, good: Trial, bad: Trial) -> str:
    """Why the two results do not differ; empty where they do."""
    if scale.good == scale.bad:
        return f"both have {scale.metric} {measure(scale.good)}"
    errors = [trial.value(scale.metric, scale.worst)[1] for trial in (good, bad)]
    least = _ERRORS * math.hypot(*errors)
    if abs(scale.bad - scale.good) < least:
        difference = short(abs(scale.bad - scale.good))
        return f"{scale.metric} differs by {difference}, less than two standard errors ({short(least)})"
    return ""
