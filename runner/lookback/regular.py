"""Files of a run that anybody may have sent: opened only where they are files of their own."""

import errno
import os
import stat
from pathlib import Path

from runner.errors import RunError
from runner.text import printable


def open_regular(path: str | Path) -> int:
    """Open a file for reading; the descriptor belongs to the caller.

    Raises:
        OSError: as :func:`opened_regular`.
    """
    return opened_regular(path)[0]


def opened_regular(path: str | Path) -> tuple[int, os.stat_result]:
    """Open a file for reading: a descriptor, which belongs to the caller, and the state of the file.

    A link could lead to a file of the reader's own, whose content a report would then give away; a FIFO would be
    waited for without end.

    Raises:
        OSError: it is missing, may not be read, or is a link, a folder, a FIFO or a device.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "is a link, and files of a run are not", str(path)) from None
        raise
    state = os.fstat(file)
    if not stat.S_ISREG(state.st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "is not a regular file", str(path))
    return file, state


def read_regular(path: Path, most: int) -> bytes:
    """The content of a file.

    Raises:
        OSError: as :func:`open_regular`.
        RunError: it has more bytes than ``most``.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise RunError(f"{printable(str(path))} has more than {most:,} bytes")
    return data
