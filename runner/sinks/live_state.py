"""What the live display knows: the events so far, folded into one object."""

import time
from dataclasses import dataclass, field

from runner.events import EpochEnded, Event, PhaseRow, RunStarted, Steps
from runner.sinks.notes import between_rows
from runner.sinks.sparkline import Curve
from runner.sinks.table import EpochTable
from runner.sinks.throughput import ThroughputMeter


@dataclass
class Training:
    """A run from its first event on."""

    run: RunStarted
    table: EpochTable
    rate: Curve
    loss: Curve
    pace: ThroughputMeter = field(default_factory=ThroughputMeter)
    rows: list[EpochEnded | str] = field(default_factory=list)
    """Epochs, and in their places the words on cuts and stops."""
    done: int = 0
    """Steps."""
    last: Steps | None = None
    """Newest steps."""
    under_way: bool = False
    """Whether these steps belong to an epoch that has not ended."""
    changed: float = field(default_factory=time.monotonic)
    """When ``done`` last changed, by this machine's steady clock."""

    @classmethod
    def start(cls, run: RunStarted) -> "Training":
        """The state when a run starts or goes on."""
        return cls(run, EpochTable.start(run), Curve(run.steps), Curve(run.steps), done=run.resumed_at)

    def recall(self, event: Event) -> None:
        """Take in what happened before the run was stopped: it has its place in table and curves, and no speed."""
        match event:
            case Steps():
                self._draw(event)
            case EpochEnded():
                self._row(event)
            case _:
                self._remark(event)

    def apply(self, event: Event) -> None:
        """Take in an event."""
        match event:
            case Steps():
                self._steps(event)
            case EpochEnded():
                self._epoch(event)
            case _:
                self._remark(event)

    def _steps(self, event: Steps) -> None:
        self.done, self.last, self.under_way = event.last_step + 1, event, True
        self.changed = time.monotonic()
        self._draw(event)
        self.table = self.table.including_steps(event, self.phase_name)
        self.pace.add_steps(event)

    def _epoch(self, event: EpochEnded) -> None:
        self.done, self.under_way, self.changed = event.step, False, time.monotonic()
        self._row(event)
        self.pace.add_epoch(event)

    def _draw(self, event: Steps) -> None:
        self.rate.add(event.first_step, event.learning_rate)
        self.loss.add(event.first_step, event.loss)

    def _row(self, event: EpochEnded) -> None:
        self.table = self.table.including(event)
        self.rows.append(event)

    def _remark(self, event: Event) -> None:
        remark = between_rows(event)
        if remark:
            self.rows.append(remark)

    @property
    def epoch(self) -> int:
        """0-based epoch under way, or the last one when all are done."""
        begun = self.last.epoch if self.last and self.under_way else self.done // max(1, self.run.steps_per_epoch)
        return min(begun, self.run.epochs - 1)

    @property
    def phase(self) -> PhaseRow | None:
        """Phase of the newest step."""
        step = max(0, self.done - 1)
        return next((row for row in self.run.phases if row.start <= step < row.stop), None)

    @property
    def phase_name(self) -> str:
        """Its name; empty where no phase is known."""
        return self.phase.name if self.phase else ""

    @property
    def marks_best(self) -> bool:
        """Whether a row has the mark of the best."""
        return any(isinstance(row, EpochEnded) and row.best for row in self.rows)

    @property
    def remaining(self) -> float | None:
        """Seconds still to go, counted down since the last event."""
        whole = self.pace.remaining(self.run.steps - self.done, self.run.epochs - self.epoch)
        return None if whole is None else max(0.0, whole - (time.monotonic() - self.changed))
