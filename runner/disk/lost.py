"""What has become of a run's folder that is no longer where it was."""

import os
import shlex
from pathlib import Path

from runner.errors import RunLost
from runner.text import printable


def lost_folder(path: Path, descriptor: int) -> RunLost:
    """Say where the folder of a descriptor is now, if it still is.

    Args:
        path: where it was.
        descriptor: of the folder.
    """
    shown = printable(str(path))
    taken = "; what stands there now was left alone" if os.path.lexists(path) else ""
    if os.fstat(descriptor).st_nlink == 0:
        message = f"{shown} was deleted while the run was going on: its record, its checkpoints and its models are lost"
        return RunLost(f"{message}{taken}", "start a new run")
    now = _whereabouts(descriptor)
    if now is None:
        return RunLost(f"{shown} was moved or replaced while the run was going on: what came after is lost{taken}")
    return RunLost(
        f"{shown} was moved to {printable(now)} while the run was going on: what was recorded and saved before is "
        f"there, what came after is lost{taken}",
        f"`recipe resume {shlex.quote(now)}` goes on from its last checkpoint",
    )


def lost_file(path: Path) -> RunLost:
    """Say that a file which the run holds open was deleted, moved or replaced."""
    return RunLost(
        f"{printable(str(path))} was deleted or replaced while the run was going on: what came after is not recorded; "
        f"{printable(str(path.parent))} keeps what else it holds",
        "start a new run",
    )


def _whereabouts(descriptor: int) -> str | None:
    """Path of an open folder, where the system tells it."""
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return None
