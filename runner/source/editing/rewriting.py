"""Rewrites a user's files atomically, and removes temporary files that killed processes left behind."""

import fcntl
import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path


def write_atomic(path: Path, content: str | bytes) -> None:
    """Replace a file atomically: at any moment it has either its old or its new content.

    Line endings of a text are written unchanged; the file keeps its permissions, and a link stays a link.

    Raises:
        OSError: the folder or the disk does not allow it; the file is unchanged.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    target = Path(os.path.realpath(path))
    remove_leftovers(target)
    temporary = target.with_name(f".{target.name}.recipe-{secrets.token_hex(4)}.tmp")
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o666 if mode is None else 0o600)
    try:
        with open(descriptor, "wb") as file:
            _mark_as_alive(descriptor)
            file.write(data)
            file.flush()
            if mode is not None:
                os.fchmod(descriptor, mode)
            os.fsync(descriptor)
            os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mark_as_alive(descriptor: int) -> None:
    with suppress(OSError):  # on a file system without locks, no file is ever treated as a leftover
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def remove_leftovers(path: Path) -> None:
    """Remove temporary files left by a process that was killed while rewriting this file.

    Removes only plain files whose names come from :func:`write_atomic` and that no process is writing now.

    Raises:
        OSError: a file cannot be removed.
    """
    target = Path(os.path.realpath(path))
    ours = re.compile(rf"\.{re.escape(target.name)}\.recipe-[0-9a-f]{{8}}\.tmp")
    for name in filter(ours.fullmatch, os.listdir(target.parent)):
        _remove_if_left(target.parent / name)


def _remove_if_left(path: Path) -> None:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:  # its writer has finished
        return
    try:
        if _is_abandoned(descriptor):
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _is_abandoned(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # it is being written, or the file system has no locks
        return False
    return True
