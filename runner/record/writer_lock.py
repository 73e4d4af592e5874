"""A lock that admits one writer per directory."""

import fcntl
import os
import random
import re
import stat
import time

from runner.disk.folder import Folder
from runner.errors import RunLocked
from runner.text import printable

LOCK_FILE = ".lock"
_NOTE = re.compile(rb"recipe (\d{1,10})\n")
"""Content of our lock file; other programs use lock files of this name too."""
_LONGEST = 32
_READERS_SECONDS = 10.0
"""How long those who only ask may keep a writer waiting: one of them may be stopped while it asks."""


def lock(folder: Folder) -> int:
    """Lock the directory for this process, without waiting.

    The kernel releases the lock when the process ends, however it ends, so a killed run needs no clean-up. The file
    stays: removing it would let two processes lock different files of the same name. A file with foreign content is
    locked but not changed.

    Returns:
        The descriptor that holds the lock; closing it releases the lock.

    Raises:
        RunLocked: another process, or another part of this one, holds it.
        NotPlain: it is a link, a FIFO, a device or a directory, or a file with a second hard link.
        OSError: the directory is missing or read-only, or its file system cannot lock.
    """
    descriptor = folder.open(LOCK_FILE, os.O_RDWR | os.O_CREAT)
    try:
        _take(descriptor)
        if os.fstat(descriptor).st_size == 0 or _noted(descriptor) is not None:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"recipe {os.getpid()}\n".encode(), 0)
    except BlockingIOError:
        holder = _noted(descriptor) or "unknown"
        os.close(descriptor)
        raise RunLocked(f"{printable(str(folder.path))} is being written by process {holder}") from None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _take(descriptor: int) -> None:
    """Become the only writer.

    Somebody who lists runs shares the lock for the moment of asking (:func:`is_written`): that moment is waited for,
    another writer is not.

    Raises:
        BlockingIOError: there is another writer.
    """
    until = time.monotonic() + _READERS_SECONDS
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # with a writer this is refused as well
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            if time.monotonic() >= until:
                raise
        time.sleep(random.uniform(0.001, 0.02))  # two who wait do not ask in step with each other


def is_written(run: str) -> bool:
    """Whether a process writes to the run in this folder now.

    The lock is shared for the moment of asking, as only the kernel knows who holds it.
    """
    try:
        descriptor = os.open(os.path.join(run, LOCK_FILE), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False  # without a lock file there was never a writer
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def is_ours(folder: Folder) -> bool:
    """Whether the folder has a lock file made by a run."""
    mode = folder.mode(LOCK_FILE)
    if mode is None or not stat.S_ISREG(mode):
        return False
    descriptor = folder.open(LOCK_FILE)
    try:
        return _noted(descriptor) is not None
    finally:
        os.close(descriptor)


def _noted(descriptor: int) -> str | None:
    """The process id in our lock file; None if the file is not ours."""
    note = _NOTE.fullmatch(os.pread(descriptor, _LONGEST, 0))
    return note[1].decode() if note is not None else None
