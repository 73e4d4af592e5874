"""A whole run, read back: how it was planned, what was executed, and what came out."""

import math
import os
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runner.errors import EventsCorrupt, RunError
from runner.events import (
    DONE,
    AfterStepEnded,
    DeviceChosen,
    EarlyStopped,
    EpochEnded,
    Evaluated,
    Event,
    ExpectationChecked,
    FallbackUsed,
    PlateauCut,
    RunEnded,
    RunStarted,
    Stage,
    Steps,
    Warned,
)
from runner.lookback.checked import checked_events
from runner.lookback.elapsed import Elapsed
from runner.lookback.papers import Papers, read_papers
from runner.lookback.run_list import KILLED, RUNNING
from runner.record.directory import RunPaths
from runner.record.tags import UNTAGGED, Tags, read_tags
from runner.record.writer_lock import is_written
from runner.sinks import notes
from runner.text import printable

NAN = math.nan


def from_one(best: Mapping[str, float]) -> dict[str, float]:
    """The best of a run with its epoch counted from 1, as on the screen."""
    return {name: value + 1 if name == "epoch" else value for name, value in best.items()}


@dataclass
class Curves:
    """The executed curves, a value a step; NaN where the optimizer or the schedule has none."""

    steps: "array[int]" = field(default_factory=lambda: array("q"))
    learning_rate: "array[float]" = field(default_factory=lambda: array("d"))
    momentum: "array[float]" = field(default_factory=lambda: array("d"))
    loss: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, event: Steps) -> None:
        """Append consecutive steps."""
        count = len(event.learning_rate)
        self.steps.extend(range(event.first_step, event.first_step + count))
        self.learning_rate.extend(event.learning_rate)
        self.momentum.extend(event.momentum or [NAN] * count)
        self.loss.extend(event.loss)

    def cut(self, step: int) -> None:
        """Drop what was done from a step on: a run that goes on from there has not seen it."""
        while self.steps and self.steps[-1] >= step:
            for values in (self.steps, self.learning_rate, self.momentum, self.loss):
                values.pop()


@dataclass
class Past:
    """A run as its files tell it."""

    path: Path
    papers: Papers
    started: RunStarted
    """The last session's."""
    begun: float
    """Unix time of the first session's start."""
    curves: Curves
    tags: Tags = UNTAGGED
    sessions: int = 1
    written: bool = False
    """Whether a process wrote to the run just before its record was read."""
    device: DeviceChosen | None = None
    fallback: FallbackUsed | None = None
    warnings: dict[str, None] = field(default_factory=dict)
    """Each once, in order: a list would be searched for every one of thousands."""
    epochs: list[EpochEnded] = field(default_factory=list)
    cuts: list[PlateauCut] = field(default_factory=list)
    early: EarlyStopped | None = None
    evaluated: list[Evaluated] = field(default_factory=list)
    checks: list[ExpectationChecked] = field(default_factory=list)
    ended: RunEnded | None = None
    after: list[AfterStepEnded] = field(default_factory=list)
    """Steps that followed the training; of one that was made again the last attempt."""
    elapsed: Elapsed = field(default_factory=Elapsed)
    skips: list[tuple[int, int]] = field(default_factory=list)
    """First of consecutive steps, and how many of them left the weights alone."""

    @property
    def acting_cuts(self) -> list[PlateauCut]:
        """Cuts of the learning rate that a step has followed, or may follow: not one after the last step of the run."""
        return [cut for cut in self.cuts if cut.step < self.steps or self.status not in DONE]

    @property
    def skipped(self) -> int:
        """Steps that left the weights alone because a gradient was not finite."""
        return sum(count for _, count in self.skips)

    @property
    def name(self) -> str:
        """``NAME/TIME-FINGERPRINT``, by which the run is found again."""
        resolved = self.path.resolve()
        return f"{resolved.parent.name}/{resolved.name}"

    @property
    def status(self) -> str:
        """How it ended; ``running`` or ``killed`` where its record has no end."""
        if self.ended is not None:
            return self.ended.status
        return RUNNING if self.written else KILLED

    @property
    def steps(self) -> int:
        """Optimizer steps made."""
        if self.ended is not None:
            return self.ended.steps
        return self.curves.steps[-1] + 1 if self.curves.steps else self.started.resumed_at

    @property
    def metrics(self) -> dict[str, float]:
        """At the end, else of the last epoch."""
        if self.ended is not None:
            return self.ended.metrics
        return self.epochs[-1].metrics if self.epochs else {}

    @property
    def best(self) -> dict[str, float] | None:
        """``epoch`` from 1, and the monitor's value there; None where there is none."""
        best = self.ended.best if self.ended is not None else self._best_so_far
        return None if best is None else from_one(best)

    @property
    def _best_so_far(self) -> dict[str, float] | None:
        """Of a run whose record has no end: the last epoch that was the best."""
        name = self.papers.chosen_by
        found = next((epoch for epoch in reversed(self.epochs) if epoch.best and name in epoch.metrics), None)
        return None if found is None else {"epoch": found.epoch, name: found.metrics[name]}

    @property
    def baseline(self) -> dict[str, float]:
        """Figures of one answer to all examples, by the names of metrics; empty where the run has none."""
        return (self.ended.baseline if self.ended is not None else None) or {}

    @property
    def naive_forecasts(self) -> dict[str, dict[str, float]]:
        """Figures of each naive forecast of a series, by the names of metrics; empty where the run has none."""
        return (self.ended.naive_forecasts if self.ended is not None else None) or {}

    @property
    def beside(self) -> list[str]:
        """What stands beside the result, a line each: what needs no model comes to, and the threshold of decisions."""
        lines = [f"baseline {text}" for text in notes.baselines(self.baseline, self.naive_forecasts)]
        if self.ended is not None:
            lines += [f"threshold {text}" for text in notes.thresholds(self.ended)]
        return lines

    @property
    def total(self) -> int:
        """Steps of the run's axis: those planned, or more where more were made."""
        return max(self.started.steps, self.steps, 1)

    def phase_rows(self) -> list[tuple[str, int, int]]:
        """Phases with their steps, as planned."""
        return [(row.name, row.start, row.stop) for row in self.started.phases]


def read_past(run: Path) -> Past:
    """Read a run.

    Raises:
        RunError: the directory holds no record of a run, or a damaged one; the message has file and line.
        OSError: a file cannot be read.
    """
    paths = RunPaths(run)
    past: Past | None = None
    written = is_written(os.fspath(run))  # asked first: what is written until the process ends is read below
    try:
        for event in checked_events(paths.events):
            if isinstance(event, RunStarted):
                past = _session(past, run, event)
            elif past is None and isinstance(event, Stage):
                continue  # TensorFlow's start is recorded before the run
            elif past is None:
                raise EventsCorrupt(f"{printable(str(paths.events))}:1: a record begins with 'run_started'")
            else:
                _take(past, event)
            past.elapsed.hear(event)
    except FileNotFoundError:
        raise RunError(f"{printable(str(paths.events))} is missing: this directory holds no record of a run") from None
    if past is None:
        raise RunError(f"{printable(str(paths.events))} is empty: the run ended before its record began")
    past.written = written
    past.elapsed.close(running=past.status == RUNNING)
    return past


def _session(past: Past | None, run: Path, event: RunStarted) -> Past:
    """A new session; what the ones before did after its first step is dropped."""
    if past is None:
        return Past(run, read_papers(RunPaths(run)), event, event.time, Curves(), read_tags(run))
    past.curves.cut(event.resumed_at)
    past.epochs = [epoch for epoch in past.epochs if epoch.step <= event.resumed_at]
    past.cuts = [cut for cut in past.cuts if cut.step <= event.resumed_at]
    past.skips = [(first, count) for first, count in past.skips if first < event.resumed_at]
    past.started, past.early, past.ended = event, None, None
    past.evaluated, past.checks, past.after = [], [], []
    past.sessions += 1
    return past


def _take(past: Past, event: Event) -> None:
    match event:
        case Steps():
            past.curves.add(event)
            if event.skipped:
                past.skips.append((event.first_step, event.skipped))
        case EpochEnded():
            past.epochs.append(event)
        case DeviceChosen():
            past.device = event
        case FallbackUsed():
            past.fallback = event
        case Warned():
            past.warnings.setdefault(event.message)
        case PlateauCut():
            past.cuts.append(event)
        case EarlyStopped():
            past.early = event
        case Evaluated():
            past.evaluated.append(event)
        case ExpectationChecked():
            past.checks = [*(check for check in past.checks if check.metric != event.metric), event]
        case RunEnded():
            past.ended = event
        case AfterStepEnded():
            past.after = [*(made for made in past.after if made.step != event.step), event]
        case _:
            pass
