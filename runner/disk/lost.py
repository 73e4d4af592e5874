"""Errors for a run's folder or file that is no longer at its path."""

import os
import shlex
import time
from pathlib import Path

from runner.errors import RunLost
from runner.text import printable

_DELETION_SECONDS = 2.0
"""How long a folder whose files disappear may take to disappear as well: deleting goes file by file."""


def lost_folder(path: Path, descriptor: int) -> RunLost:
    """The error for a folder that has disappeared from its path; it names the new path if there is one.

    Args:
        path: the former path.
        descriptor: a descriptor of the folder.
    """
    shown = printable(str(path))
    taken = "; whatever is there now was not touched" if os.path.lexists(path) else ""
    if os.fstat(descriptor).st_nlink == 0:
        return _deleted(path, taken)
    now = _whereabouts(descriptor)
    if now is None:
        return RunLost(f"{shown} was moved or replaced during the run: everything after that is lost{taken}")
    return RunLost(
        f"{shown} was moved to {printable(now)} during the run: it contains everything recorded and saved before, "
        f"but everything after that is lost{taken}",
        f"`recipe resume {shlex.quote(now)}` continues from its last checkpoint",
    )


def lost_file(path: Path) -> RunLost:
    """The error for an open file of the run that was deleted, moved or replaced, with its folder or without."""
    if _disappears(path.parent):
        return _deleted(path.parent)
    return RunLost(
        f"{printable(str(path))} was deleted or replaced during the run: everything after that is unrecorded; "
        f"{printable(str(path.parent))} still has the run's other files",
        "start a new run",
    )


def _deleted(folder: Path, taken: str = "") -> RunLost:
    lost = "its record, its checkpoints and its models are lost"
    return RunLost(f"{printable(str(folder))} was deleted during the run: {lost}{taken}", "start a new run")


def _disappears(folder: Path) -> bool:
    """Whether the folder is on its way out, as one of its files is gone already."""
    end = time.monotonic() + _DELETION_SECONDS
    while os.path.lexists(folder) and time.monotonic() < end:
        time.sleep(0.02)
    return not os.path.lexists(folder)


def _whereabouts(descriptor: int) -> str | None:
    """Path of an open folder, if the system provides it."""
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return None
