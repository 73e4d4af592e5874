"""The start time of this process according to the kernel, which is when the user starts to wait."""

import os
import time
from pathlib import Path

_STARTED = 19
"""Index of the start time among the fields of ``/proc/PID/stat`` after the command name."""


def process_began() -> float:
    """``time.perf_counter()`` at the start of this process; the current time if there is no ``/proc``."""
    try:
        stat = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return time.perf_counter()
    # the command name is in parentheses, and may itself contain spaces and parentheses
    ticks = int(stat.rpartition(")")[2].split()[_STARTED])
    started = ticks / os.sysconf("SC_CLK_TCK")
    # the two clocks are read one right after the other: a process may have to wait between any two lines
    now, since_boot = time.perf_counter(), time.clock_gettime(time.CLOCK_BOOTTIME)
    return now - max(0.0, since_boot - started)
