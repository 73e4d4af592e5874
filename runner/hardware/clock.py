"""The start time of this process according to the kernel, which is when the user starts to wait."""

import os
import time
from pathlib import Path

_STARTED = 19
"""Index of the start time among the fields of ``/proc/PID/stat`` after the command name."""


def process_began() -> float:
    """``time.perf_counter()`` at the start of this process; the current time if there is no ``/proc``."""
    now = time.perf_counter()
    try:
        stat = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return now
    # the command name is in parentheses, and may itself contain spaces and parentheses
    ticks = int(stat.rpartition(")")[2].split()[_STARTED])
    return now - max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK"))
