"""Files that are either the old content or the new, whatever happens in between."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TEMPORARY_PREFIX = ".tmp"
"""Begins the name of every unfinished file, of ours and of safetensors'; a killed process can leave one behind."""


def write_atomic(path: Path, content: bytes | str) -> None:
    """Replace the file's content in one step that survives a crash and a power loss.

    Args:
        path: the file; its directory exists.
        content: bytes, or text that is written as UTF-8.

    Raises:
        OSError: when it cannot be written (disk full, read-only); ``path`` then is as it was before.
    """
    data = content.encode() if isinstance(content, str) else content
    with replacing(path) as temporary, temporary.open("xb") as file:
        file.write(data)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; it takes the place of ``path`` when the block ends well.

    The temporary file stands in the same directory (a rename does not cross file systems) and keeps the ending,
    because Keras chooses the format by it. When the block raises, the temporary file is removed and ``path`` is
    untouched.

    Raises:
        OSError: from flushing or renaming, and what the block raises; it names ``path``.
    """
    temporary = path.with_name(f"{TEMPORARY_PREFIX}-{secrets.token_hex(4)}-{path.name}")
    try:
        yield temporary
        _fsync(temporary, os.O_RDWR)
        temporary.replace(path)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno is not None and error.filename in (None, str(temporary)):
            raise OSError(error.errno, os.strerror(error.errno), str(path)) from error
        raise
    fsync_directory(path.parent)


def remove_leftovers(folder: Path) -> None:
    """Remove what processes that were killed while they wrote have left in a folder; call it under the run's lock.

    Raises:
        OSError: the folder cannot be written.
    """
    for leftover in folder.glob(f"{TEMPORARY_PREFIX}*"):
        leftover.unlink()


def fsync_directory(path: Path) -> None:
    """Make the directory's entries durable: a rename is safe only once the directory is on the disk."""
    _fsync(path, os.O_RDONLY | os.O_DIRECTORY)


def _fsync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
