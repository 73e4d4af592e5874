"""The events of a run for others, who want to hear of an end: also where the process was killed before it told one."""

import os
from collections.abc import Iterator
from dataclasses import replace

from runner.events import Event, RunEnded, RunStarted, Steps
from runner.lookback.checked import checked_events
from runner.lookback.run_list import is_written
from runner.record.directory import RunPaths


def whole_record(paths: RunPaths) -> Iterator[Event]:
    """Yield the events of a run as :func:`checked_events` does, and an end where the record has none.

    A run may have been moved since, and what it says of its place is a stranger's word: it is where it was found. A
    run that trains now has no end.
    """
    steps, time, open_ended = 0, 0.0, False
    for event in checked_events(paths.events):
        time = event.time
        match event:
            case RunStarted():
                event, open_ended = replace(event, run_dir=str(paths.root)), True
            case RunEnded():
                open_ended = False
            case Steps():
                steps = event.last_step + 1
            case _:
                pass
        yield event
    if open_ended and not is_written(os.fspath(paths.root)):
        yield _killed(time, steps)


def _killed(time: float, steps: int) -> RunEnded:
    return RunEnded(
        time=time, status="terminated", message="the process was killed: its record has no end", steps=steps,
        seconds_total=0, seconds_training=0, metrics={}, best=None,
    )  # fmt: skip
