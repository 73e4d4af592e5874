"""The events of a run for others, who want to hear of an end: also where the process was killed before it told one."""

import os
from collections.abc import Iterator
from dataclasses import replace

from runner.events import Event, RunEnded, RunStarted, Steps
from runner.lookback.checked import checked_events
from runner.record.directory import RunPaths
from runner.record.writer_lock import is_written


def whole_record(paths: RunPaths) -> Iterator[Event]:
    """Yield the events of a run as :func:`checked_events` does, and an end where the record has none.

    A run may have been moved since, and what it says of its place is a stranger's word: it is where it was found. A
    run that trains now has no end.
    """
    written = is_written(os.fspath(paths.root))  # asked first: what is written until the process ends is read below
    steps, time, ended = 0, 0.0, True
    for event in checked_events(paths.events):
        time = event.time
        match event:
            case RunStarted():
                event, ended = replace(event, run_dir=str(paths.root)), False
            case RunEnded():
                ended = True
            case Steps():
                steps = event.last_step + 1
            case _:
                pass
        yield event
    if not (ended or written):
        yield _killed(time, steps)


def _killed(time: float, steps: int) -> RunEnded:
    return RunEnded(
        time=time, status="terminated", message="the process was killed: its record has no end", steps=steps,
        seconds_total=0, seconds_training=0, metrics={}, best=None,
    )  # fmt: skip
