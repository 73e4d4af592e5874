"""A terminal that is closed during a run."""

import errno
import os
import termios

_STANDARD = (0, 1, 2)


def leave_lost_terminal() -> None:
    """Replace each standard stream whose terminal is gone by the null device.

    Any write to such a terminal fails, even the final messages of a run that has saved everything.
    """
    lost = [descriptor for descriptor in _STANDARD if _is_lost(descriptor)]
    if lost:
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in lost:
            os.dup2(null, descriptor)
        os.close(null)


def _is_lost(descriptor: int) -> bool:
    """Whether the descriptor is a terminal that has hung up; the kernel answers any query about one with EIO."""
    try:
        termios.tcgetattr(descriptor)
    except termios.error as error:
        return bool(error.args[0] == errno.EIO)
    return False
