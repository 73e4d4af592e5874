"""Processor time that other processes take from this one on the processors that it may use."""

import os
from collections.abc import Set as AbstractSet
from pathlib import Path

_STAT = Path("/proc/stat")
_BUSY_FIELDS = (0, 1, 2, 5, 6, 7)
"""Of a processor's line: user, nice, system, irq, softirq, steal; the others are idle, or part of these (proc(5))."""


def busy_seconds(stat: Path = _STAT, processors: AbstractSet[int] | None = None) -> float:
    """Seconds that processors have been at work since the machine started; 0 where the system does not count them.

    Args:
        stat: the file of the counters, to 1/100 second.
        processors: their numbers; None: those that this process may use.
    """
    names = {f"cpu{number}" for number in (os.sched_getaffinity(0) if processors is None else processors)}
    try:
        lines = [line.split() for line in stat.read_text("ascii").splitlines()]
    except OSError:
        return 0.0
    ticks = sum(int(line[1 + field]) for line in lines if line and line[0] in names for field in _BUSY_FIELDS)
    return ticks / os.sysconf("SC_CLK_TCK")
