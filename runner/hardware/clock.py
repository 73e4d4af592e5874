"""When this process began, by the kernel's account: what a person waits for starts there."""

import os
import time
from pathlib import Path

_STARTED = 19
"""Place of the start time among the fields of ``/proc/PID/stat`` that follow the command's name."""


def process_began() -> float:
    """``time.perf_counter()`` at the start of this process; the present where there is no ``/proc``."""
    now = time.perf_counter()
    try:
        stat = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return now
    # the command's name is in parentheses, and may hold spaces and parentheses itself
    ticks = int(stat.rpartition(")")[2].split()[_STARTED])
    return now - max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK"))
