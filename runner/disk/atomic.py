"""Atomic writes: a file has either its old content or its new content, whatever happens in between."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from runner.disk.folder import Folder


def write_atomic(path: Path, content: bytes | str, folder: Folder | None = None) -> None:
    """Replace a file's content atomically; the result survives a crash and a power loss.

    Args:
        path: the file; its directory must exist.
        content: bytes, or text to be written as UTF-8.
        folder: the file's folder, if it is held open.

    Raises:
        OSError: the file cannot be written (disk full, read-only); it is unchanged.
    """
    data = content.encode() if isinstance(content, str) else content
    with replacing(path, folder) as temporary, temporary.open("xb") as file:
        file.write(data)


@contextmanager
def replacing(path: Path, folder: Folder | None = None) -> Iterator[Path]:
    """Yield a temporary path to write to; it replaces ``path`` when the block ends without an error.

    The temporary file is in the same directory (a rename does not cross file systems) and has the same suffix, from
    which Keras chooses the format. If the block raises, the temporary file is removed and ``path`` is unchanged. A
    killed process leaves the temporary file behind; :mod:`runner.record.contents` recognises its name.

    Args:
        path: the file; its directory must exist.
        folder: the file's folder, if it is held open: the file is then written there even if the path changes meaning.

    Raises:
        OSError: flushing or renaming fails, or the block raises it; the error names ``path``.
    """
    name = f".tmp-{secrets.token_hex(4)}-{path.name}"
    with Folder(path.parent) if folder is None else nullcontext(folder) as held:
        temporary = path.with_name(name) if folder is None else held.reach(name)
        try:
            yield temporary
            _fsync(temporary, os.O_RDWR | os.O_NOFOLLOW)
            held.replace(name, path.name)
        except BaseException as error:
            with suppress(OSError):  # on a disk that cannot be written nothing can be removed, and that is not the news
                temporary.unlink()
            if (
                isinstance(error, OSError)
                and error.errno is not None
                and error.filename in (None, str(temporary), name)
            ):
                raise OSError(error.errno, os.strerror(error.errno), str(path)) from error
            raise
        os.fsync(held.descriptor)


def fsync_directory(path: Path) -> None:
    """Make a directory's entries durable: a rename is safe only once the directory is on the disk."""
    _fsync(path, os.O_RDONLY | os.O_DIRECTORY)


def _fsync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
