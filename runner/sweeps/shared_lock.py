"""The lock of a sweep's folder, which one worker at a time holds for as long as a decision takes."""

import fcntl
import os

from optuna.storages.journal._file import BaseJournalFileLock

from runner.disk.folder import Folder

LOCK_FILE = ".lock"


class SharedLock(BaseJournalFileLock):
    """Waits for the other workers; within one process it may be taken again.

    Optuna's own locks outlive a killed process, and others wait for half a minute before they break one. The kernel
    releases this one when the process ends, however it ends. What a killed process has left half written in the journal
    was never acted on and is removed.

    Args:
        folder: of the sweep.
        journal: name of the journal in it.
    """

    def __init__(self, folder: Folder, journal: str) -> None:
        self._folder, self._journal = folder, journal
        self._descriptor = folder.open(LOCK_FILE, os.O_RDWR | os.O_CREAT)
        self._depth = 0

    def acquire(self) -> bool:
        """Wait until no other process holds the lock."""
        if self._depth == 0:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            self._drop_torn_line()
        self._depth += 1
        return True

    def release(self) -> None:
        """Let others decide, unless this process is still deciding."""
        self._depth -= 1
        if self._depth == 0:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _drop_torn_line(self) -> None:
        if self._folder.mode(self._journal) is None:
            return
        descriptor = self._folder.open(self._journal, os.O_RDWR)
        try:
            size = os.fstat(descriptor).st_size
            end = size
            while end > 0 and os.pread(descriptor, 1, end - 1) != b"\n":
                end -= 1
            if end < size:
                os.ftruncate(descriptor, end)
        finally:
            os.close(descriptor)
