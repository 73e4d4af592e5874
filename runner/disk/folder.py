"""A folder held by its descriptor: no symbolic link in it is followed, and only plain files are opened.

What a run holds may come from a stranger. A name in it that is a link would have us read, truncate or delete what it
points at; a FIFO would keep us waiting for ever; opening a device can set it off.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from runner.disk.lost import lost_file, lost_folder
from runner.errors import NotPlain, RunLost
from runner.text import printable

_OPEN = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Between the look at a name and its opening somebody may put something else there."""
_DESCRIPTORS = Path("/proc/self/fd")


def not_plain(path: Path, mode: int, *, links: int = 1) -> NotPlain:
    """What to raise for a name that is not a plain file, or not a plain folder where that belongs."""
    what = kind_of(mode) if links == 1 else f"one file with {links - 1} more name(s) elsewhere (hard links)"
    return NotPlain(f"{printable(str(path))} is {what}: a run is a folder of plain files")


def kind_of(mode: int) -> str:
    """What a file type is called."""
    kinds = {stat.S_IFLNK: "a symbolic link", stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket"}
    kinds |= {stat.S_IFDIR: "a directory", stat.S_IFREG: "a file"}
    return kinds.get(stat.S_IFMT(mode), "a device")


class Folder:
    """A folder that stays the same one, whatever its path comes to mean.

    Args:
        path: how people call it; a link to the folder itself is the person's own and is followed.
        parent: opens ``path.name`` in this folder instead, and follows no link.

    Raises:
        NotPlain: ``parent`` has something else of that name.
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path, parent: "Folder | None" = None) -> None:
        self.path = path
        self._watched: dict[str, int] = {}
        if parent is None:
            self.descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        else:
            mode = parent.mode(path.name)
            if mode is not None and not stat.S_ISDIR(mode):
                raise not_plain(path, mode)
            with _told_of(path):
                self.descriptor = os.open(path.name, os.O_RDONLY | os.O_DIRECTORY | _OPEN, dir_fd=parent.descriptor)

    def close(self) -> None:
        """Let go of the folder; call it once."""
        os.close(self.descriptor)

    def __enter__(self) -> Self:
        """Nothing more to open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close, whether the block ended well or not."""
        self.close()

    def names(self) -> list[str]:
        """Everything in it, in order."""
        return sorted(os.listdir(self.descriptor))

    def mode(self, name: str) -> int | None:
        """Type and permissions of a name, links not followed; None when there is no such name."""
        try:
            return os.stat(name, dir_fd=self.descriptor, follow_symlinks=False).st_mode
        except FileNotFoundError:
            return None

    def child(self, name: str, *, create: bool = False) -> "Folder":
        """A folder in it."""
        if create and self.mode(name) is None:
            with _told_of(self.path / name):
                os.mkdir(name, dir_fd=self.descriptor)
        return Folder(self.path / name, self)

    def open(self, name: str, flags: int = os.O_RDONLY) -> int:
        """Descriptor of a plain file.

        Raises:
            NotPlain: it is something else or, opened for writing, has a second name elsewhere.
            OSError: it cannot be opened; the error has the whole path.
        """
        path, mode = self.path / name, self.mode(name)
        if mode is not None and not stat.S_ISREG(mode):
            raise not_plain(path, mode)
        with _told_of(path):
            descriptor = os.open(name, flags | _OPEN, 0o666, dir_fd=self.descriptor)
        status = os.fstat(descriptor)
        written_elsewhere = status.st_nlink > 1 and flags & (os.O_WRONLY | os.O_RDWR)
        if not stat.S_ISREG(status.st_mode) or written_elsewhere:
            os.close(descriptor)
            raise not_plain(path, status.st_mode, links=max(1, status.st_nlink))
        return descriptor

    def reach(self, name: str) -> Path:
        """A path to a name in it, for libraries that take no descriptor; it holds while the folder is open."""
        held = _DESCRIPTORS / str(self.descriptor)
        return (held if held.exists() else self.path) / name

    def replace(self, old: str, new: str) -> None:
        """Give a file another name, in place of the file that has it."""
        os.replace(old, new, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def unlink(self, name: str) -> None:
        """Remove a name; where it is a link, the link."""
        with _told_of(self.path / name):
            os.unlink(name, dir_fd=self.descriptor)

    def watch(self, name: str, descriptor: int) -> None:
        """From now on :meth:`require_in_place` also looks whether this open file still has its name."""
        self._watched[name] = descriptor

    def unwatch(self, name: str) -> None:
        """The file is closed."""
        del self._watched[name]

    def require_in_place(self) -> None:
        """Look whether the path still leads to this folder, and names in it to the files that are watched.

        Raises:
            RunLost: it does not; the message says what has become of it.
        """
        if not _same(self.descriptor, str(self.path), None):
            raise lost_folder(self.path, self.descriptor)
        for name, descriptor in self._watched.items():
            if not _same(descriptor, name, self.descriptor):
                raise lost_file(self.path / name)


def _same(descriptor: int, path: str, dir_fd: int | None) -> bool:
    try:
        there = os.stat(path, dir_fd=dir_fd, follow_symlinks=dir_fd is None)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return os.path.samestat(there, os.fstat(descriptor))


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Errors name the whole path, not the name within a descriptor."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from error


def open_plain(path: Path) -> int:
    """Descriptor of a plain file, for reading.

    Raises:
        NotPlain: it is a link, a FIFO, a device or a directory.
        OSError: it cannot be opened.
    """
    try:
        folder = Folder(path.parent)
    except FileNotFoundError as error:
        raise FileNotFoundError(error.errno, error.strerror, str(path)) from error
    with folder:
        return folder.open(path.name)


def read_plain(path: Path) -> bytes:
    """Content of a plain file; errors are those of :func:`open_plain`."""
    with os.fdopen(open_plain(path), "rb") as file:
        return file.read()


__all__ = ["Folder", "NotPlain", "RunLost", "kind_of", "open_plain", "read_plain"]
