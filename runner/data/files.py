"""Files of a source: which they are, what they hold, and whether they are still the same."""

import glob
import hashlib
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.data.forked import in_processes, shared
from runner.errors import DataError

_CHUNK = 1 << 20
WHOLE = 4 << 30
"""Bytes up to which the content of many files is hashed; beyond, their sizes and times of change are."""


@dataclass(frozen=True)
class FileFacts:
    """What is known of a file.

    Attributes:
        path: of the file.
        size: in bytes.
        modified: time of the last change, in nanoseconds.
        sha256: of the content, in 64 hexadecimal digits.
    """

    path: Path
    size: int
    modified: int
    sha256: str


def found_files(patterns: Sequence[str], folder: Path) -> list[Path]:
    """Files that names or patterns mean, each once: patterns in the order given, the files of one by name.

    Args:
        patterns: names, or patterns such as ``part-*.csv`` and ``**/*.parquet``.
        folder: what relative names start from.

    Raises:
        DataError: a name or a pattern means no file.
    """
    found: dict[Path, None] = {}
    for pattern in patterns:
        matches = [path for path in matching(pattern, folder) if path.is_file()]
        if not matches:
            raise DataError(f"{pattern}: no such file", f"the path starts from {folder}")
        found.update(dict.fromkeys(matches))
    return list(found)


def matching(pattern: str, folder: Path) -> list[Path]:
    """Files and folders that a name or a pattern means, sorted; a name that is there is no pattern."""
    exact = folder / pattern
    if exact.exists():
        return [exact]
    return sorted(folder / name for name in glob.glob(pattern, root_dir=folder, recursive=True))


def file_facts(path: Path) -> FileFacts:
    """Read the whole file once.

    Raises:
        DataError: it cannot be read, or changes while it is read.
    """
    try:
        before = path.stat()
        digest = _sha256(path)
        after = path.stat()
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from error
    _require_still(path, before, after)
    return FileFacts(path, after.st_size, after.st_mtime_ns, digest)


def file_content(path: str, most: int = sys.maxsize) -> tuple[bytes | None, os.stat_result]:
    """Read a whole file into memory, once; gives how it stands, too.

    The content is None where it has more than ``most`` bytes.

    With five calls of the system, where Python's file objects make nine: for small files these are the time.

    Raises:
        OSError: it cannot be read.
        DataError: it changes while it is read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        before = os.fstat(descriptor)
        if before.st_size > most:
            return None, before
        content = os.read(descriptor, before.st_size + 1)
        while len(content) < before.st_size and (more := os.read(descriptor, before.st_size + 1 - len(content))):
            content += more
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    _require_still(path, before, after)
    return content, after


def total_size(paths: Sequence[str]) -> int:
    """Bytes of all files; 0 of one that is not there."""
    sizes = memoryview(shared(8 * len(paths))).cast("q")  # plus 1; 0 while a file has not been looked at

    def look(start: int, stop: int) -> None:
        for place in range(start, stop):
            sizes[place] = _size(paths[place]) + 1

    in_processes(len(paths), look)
    for place in (place for place, size in enumerate(sizes) if not size):
        look(place, place + 1)
    return sum(sizes) - len(paths)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def outside(path: Path) -> FileFacts:
    """What is known of a file without reading it.

    Raises:
        OSError: it is not there.
    """
    found = path.stat()
    named = hashlib.sha256(f"{found.st_size} {found.st_mtime_ns}".encode()).hexdigest()
    return FileFacts(path, found.st_size, found.st_mtime_ns, named)


def _require_still(path: str | Path, before: os.stat_result, after: os.stat_result) -> None:
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        name = os.path.basename(path)
        raise DataError(f"{name} changed while it was read", "wait until it is written, and try again")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def content_hash(files: Iterable[FileFacts]) -> str:
    """SHA-256 of what all files hold, in their order; where they lie and what they are called does not count."""
    return hashlib.sha256("".join(f"{file.sha256}\n" for file in files).encode()).hexdigest()


def check_unchanged(files: Iterable[FileFacts], *, read: bool = False) -> None:
    """Whether the files still hold what the facts say.

    A file of another size has changed. One of the same size and time has not, unless ``read`` asks to look. One that
    has another time alone (it was copied, or touched) is read, and may be the same.

    Raises:
        DataError: a file has changed, or is gone.
    """
    for file in files:
        try:
            now = file.path.stat()
        except OSError as error:
            raise DataError(f"{file.path.name} can no longer be read: {error.strerror or error}") from error
        same = now.st_size == file.size
        if same and (read or now.st_mtime_ns != file.modified):
            same = file_facts(file.path).sha256 == file.sha256
        if not same:
            raise DataError(
                f"{file.path.name} has changed: {file.size:,} bytes then, {now.st_size:,} now"
                if now.st_size != file.size
                else f"{file.path.name} has changed: the same size, other content",
                "restore the file, or start a new run",
            )
