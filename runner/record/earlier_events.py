"""The events of a resumed run from before it was stopped."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from runner.events import EpochEnded, Event, PlateauCut, RunStarted, Steps
from runner.record.directory import RunPaths
from runner.record.events_file import read_events


def events_before(run: RunStarted) -> Iterator[Event]:
    """Yield the steps, epochs and plateau cuts that the resumed model has seen, each once.

    Args:
        run: the first event of the resumed session, which may not have been recorded yet.

    Raises:
        OSError: the record cannot be read.
        EventsCorrupt: a line of it is not an event.
    """
    path = RunPaths(Path(run.run_dir)).events
    begun = [event.resumed_at for event in read_events(path) if isinstance(event, RunStarted)]
    # events of a session after the step from which a later session resumed do not count
    ends = [min([*begun[number + 1 :], run.resumed_at]) for number in range(len(begun))]
    end = 0
    for event in read_events(path):
        if isinstance(event, RunStarted):
            end = ends.pop(0)
        else:
            yield from _within(event, end)


def _within(event: Event, end: int) -> Iterator[Event]:
    """Yield the event without its steps from ``end`` on."""
    match event:
        case Steps() if event.first_step < end:
            count = end - event.first_step
            values: dict[str, Any] = {name: used[:count] for name, used in event.hyperparameters.items()}
            yield replace(event, loss=event.loss[:count], **values)
        case EpochEnded() | PlateauCut() if event.step <= end:
            yield event
        case _:
            pass
