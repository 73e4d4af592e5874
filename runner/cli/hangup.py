"""A terminal that is closed while a run goes on."""

import errno
import os
import termios

_STANDARD = (0, 1, 2)


def leave_lost_terminal() -> None:
    """Where input or output was a terminal that is gone, put the null device in its place.

    Whatever is written to such a terminal fails, the last words of a run that has saved all it had to save included.
    """
    lost = [descriptor for descriptor in _STANDARD if _is_lost(descriptor)]
    if lost:
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in lost:
            os.dup2(null, descriptor)
        os.close(null)


def _is_lost(descriptor: int) -> bool:
    """Whether it leads to a terminal that has hung up; the kernel answers all questions about one with EIO."""
    try:
        termios.tcgetattr(descriptor)
    except termios.error as error:
        return bool(error.args[0] == errno.EIO)
    return False
