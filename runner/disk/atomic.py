"""Files that are either the old content or the new, whatever happens in between."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from runner.disk.folder import Folder


def write_atomic(path: Path, content: bytes | str, folder: Folder | None = None) -> None:
    """Replace the file's content in one step that survives a crash and a power loss.

    Args:
        path: the file; its directory exists.
        content: bytes, or text that is written as UTF-8.
        folder: the file's, where it is held open.

    Raises:
        OSError: when it cannot be written (disk full, read-only); ``path`` then is as it was before.
    """
    data = content.encode() if isinstance(content, str) else content
    with replacing(path, folder) as temporary, temporary.open("xb") as file:
        file.write(data)


@contextmanager
def replacing(path: Path, folder: Folder | None = None) -> Iterator[Path]:
    """Give a temporary path to write to; it takes the place of ``path`` when the block ends well.

    The temporary file stands in the same directory (a rename does not cross file systems) and keeps the ending,
    because Keras chooses the format by it. When the block raises, the temporary file is removed and ``path`` is
    untouched. A process that is killed leaves one; :mod:`runner.record.contents` knows its name.

    Args:
        path: the file; its directory exists.
        folder: the file's, where it is held open: whatever comes to stand at its path, nothing is written there.

    Raises:
        OSError: from flushing or renaming, and what the block raises; it names ``path``.
    """
    name = f".tmp-{secrets.token_hex(4)}-{path.name}"
    with Folder(path.parent) if folder is None else nullcontext(folder) as held:
        temporary = path.with_name(name) if folder is None else held.reach(name)
        try:
            yield temporary
            _fsync(temporary, os.O_RDWR | os.O_NOFOLLOW)
            held.replace(name, path.name)
        except BaseException as error:
            temporary.unlink(missing_ok=True)
            if (
                isinstance(error, OSError)
                and error.errno is not None
                and error.filename in (None, str(temporary), name)
            ):
                raise OSError(error.errno, os.strerror(error.errno), str(path)) from error
            raise
        os.fsync(held.descriptor)


def fsync_directory(path: Path) -> None:
    """Make the directory's entries durable: a rename is safe only once the directory is on the disk."""
    _fsync(path, os.O_RDONLY | os.O_DIRECTORY)


def _fsync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
