"""The state of the live display: the events so far, folded into one object."""

import time
from dataclasses import dataclass, field

from runner.events import EpochEnded, Event, PhaseRow, RunStarted, Steps
from runner.sinks.epoch_table import EpochTable
from runner.sinks.notes import between_rows
from runner.sinks.remaining_time import ThroughputMeter
from runner.sinks.sparkline import Curve


@dataclass
class Training:
    """The state of a run, starting with its first event."""

    run: RunStarted
    table: EpochTable
    rate: Curve
    loss: Curve
    pace: ThroughputMeter = field(default_factory=ThroughputMeter)
    rows: list[EpochEnded | str] = field(default_factory=list)
    """Epochs, with remarks about cuts and stops in order between them."""
    done: int = 0
    """Steps."""
    last: Steps | None = None
    """The newest steps."""
    under_way: bool = False
    """Whether the newest steps belong to an unfinished epoch."""
    changed: float = field(default_factory=time.monotonic)
    """When ``done`` last changed, on the monotonic clock."""

    @classmethod
    def start(cls, run: RunStarted) -> "Training":
        """The state when a run starts or resumes."""
        return cls(run, EpochTable.start(run), Curve(run.steps), Curve(run.steps), done=run.resumed_at)

    def recall(self, event: Event) -> None:
        """Add an event from before the run was stopped: it counts for table and curves, but not for throughput."""
        match event:
            case Steps():
                self._draw(event)
            case EpochEnded():
                self._row(event)
            case _:
                self._remark(event)

    def apply(self, event: Event) -> None:
        """Update the state with an event."""
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
        """0-based index of the current epoch, or of the last one if all are done."""
        begun = self.last.epoch if self.last and self.under_way else self.done // max(1, self.run.steps_per_epoch)
        return min(begun, self.run.epochs - 1)

    @property
    def phase(self) -> PhaseRow | None:
        """The phase of the newest step."""
        step = max(0, self.done - 1)
        return next((row for row in self.run.phases if row.start <= step < row.stop), None)

    @property
    def phase_name(self) -> str:
        """Name of the phase; empty if it is unknown."""
        return self.phase.name if self.phase else ""

    @property
    def marks_best(self) -> bool:
        """Whether any row is marked as the best."""
        return any(isinstance(row, EpochEnded) and row.best for row in self.rows)

    @property
    def remaining(self) -> float | None:
        """Estimated seconds remaining, counted down since the last event."""
        whole = self.pace.remaining(self.run.steps - self.done, self.run.epochs - self.epoch)
        return None if whole is None else max(0.0, whole - (time.monotonic() - self.changed))
