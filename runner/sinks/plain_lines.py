"""One line per epoch, for pipes, files and CI: no escape codes, nothing redrawn."""

from typing import TextIO

from runner.events import DeviceChosen, EpochEnded, Event, ExpectationChecked, Planned, RunEnded, RunStarted, Stage
from runner.sinks import notes
from runner.sinks.epoch_table import EpochTable
from runner.sinks.layout import Layout
from runner.text import printable

_LONG_STAGES = ("download", "data", "build", "compile", "track")
"""Stages that may take long and print no other line."""


class PlainSink:
    """Writes lines to a text stream as soon as they are known.

    Args:
        stream: where to, such as standard error.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._table: EpochTable | None = None
        self._checks: list[ExpectationChecked] = []
        self._stages: set[str] = set()
        self._layout: Layout | None = None
        self._planned = False

    def __call__(self, event: Event) -> None:
        """Print the lines for the event, if any."""
        match event:
            case Planned():
                self._labelled(*notes.planned(event))
                self._planned = True
            case RunStarted():
                self._table, self._layout = EpochTable.start(event), None
                self._labelled(*notes.header(event, after_plan=self._planned))
                self._planned = False
            case DeviceChosen():
                self._labelled(notes.device(event))
            case Stage():
                self._stage(event)
            case EpochEnded():
                self._epoch(event)
            case ExpectationChecked():
                self._checks.append(event)
            case RunEnded():
                self._write("")
                self._labelled(*notes.summary(self._table.run if self._table else None, self._checks, event))
                self._checks = []
            case _:
                self._remark(event)

    def close(self) -> None:
        """Do nothing: the stream belongs to the caller."""

    def _stage(self, event: Stage) -> None:
        if event.stage in _LONG_STAGES and event.message not in self._stages:
            self._stages.add(event.message)
            self._labelled((event.stage, printable(event.message)))

    def _epoch(self, event: EpochEnded) -> None:
        if self._table is None:
            return
        self._table = self._table.including(event)
        layout = Layout(self._table.columns(stacked=False))
        if layout != self._layout:
            # the first row, or a metric that earlier epochs did not have
            self._layout = layout
            self._write("", *layout.heading())
        self._write(layout.line(self._table.cells(event)))

    def _remark(self, event: Event) -> None:
        alert = notes.alert(event)
        if alert:
            self._labelled(alert)
        remark = notes.between_rows(event)
        if remark:
            self._write(f"  {remark}")

    def _labelled(self, *lines: tuple[str, str]) -> None:
        self._write(*notes.laid_out(lines, notes.width_of(self._stream)))

    def _write(self, *lines: str) -> None:
        self._stream.write("".join(f"{line}\n" for line in lines))
        self._stream.flush()
