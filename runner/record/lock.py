"""One writer a directory."""

import fcntl
import os
from pathlib import Path

from runner.text import printable

LOCK_FILE = ".lock"


class RunLocked(Exception):
    """Another process writes to the run directory."""


def lock(directory: Path) -> int:
    """Take the directory's lock for this process, without waiting.

    The kernel gives the lock back when the process ends, however it ends, so a killed run needs no clean-up. The
    file stays: removing it would let two processes lock two files of one name.

    Returns:
        The descriptor that holds the lock; closing it lets go.

    Raises:
        RunLocked: another process, or another place in this one, holds it.
        OSError: the directory is missing or read-only, or its file system cannot lock.
    """
    descriptor = os.open(directory / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(descriptor)
        raise RunLocked(f"{printable(str(directory))} is being written by process {printable(holder)}") from None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
