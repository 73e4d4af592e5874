"""A folder held open by its descriptor: symbolic links in it are not followed, and only plain files are opened.

The contents of a run may come from a stranger. A link in it would make the program read, truncate or delete its
target; reading a FIFO could block forever; opening a device may trigger it.
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
"""Flags for opening: the name may be replaced between the check and the opening."""
_DESCRIPTORS = Path("/proc/self/fd")


def not_plain(path: Path, mode: int, *, links: int = 1) -> NotPlain:
    """The error for a name that is not a plain file, or not a plain folder where one is expected."""
    what = kind_of(mode) if links == 1 else f"one file with {links - 1} more name(s) elsewhere (hard links)"
    return NotPlain(f"{printable(str(path))} is {what}: a run is a folder of plain files")


def kind_of(mode: int) -> str:
    """Name of a file type, with its article."""
    kinds = {stat.S_IFLNK: "a symbolic link", stat.S_IFIFO: "a FIFO", stat.S_IFSOCK: "a socket"}
    kinds |= {stat.S_IFDIR: "a directory", stat.S_IFREG: "a file"}
    return kinds.get(stat.S_IFMT(mode), "a device")


class Folder:
    """A folder that stays the same even if its path comes to mean something else.

    Args:
        path: the path; a link to the folder itself was made by the user and is followed.
        parent: if given, ``path.name`` is opened in this folder, without following a link.

    Raises:
        NotPlain: the name in ``parent`` is not a folder.
        OSError: the folder cannot be opened.
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
            with _whole_path_in_errors(path):
                self.descriptor = os.open(path.name, os.O_RDONLY | os.O_DIRECTORY | _OPEN, dir_fd=parent.descriptor)

    def close(self) -> None:
        """Close the descriptor; call this once."""
        os.close(self.descriptor)

    def __enter__(self) -> Self:
        """Return the open folder."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the folder."""
        self.close()

    def names(self) -> list[str]:
        """All names in the folder, sorted."""
        return sorted(os.listdir(self.descriptor))

    def mode(self, name: str) -> int | None:
        """Type and permissions of a name, without following links; None if there is no such name."""
        try:
            return os.stat(name, dir_fd=self.descriptor, follow_symlinks=False).st_mode
        except FileNotFoundError:
            return None

    def child(self, name: str, *, create: bool = False) -> "Folder":
        """Open a subfolder, without following a link; ``create`` makes it if it is missing."""
        if create and self.mode(name) is None:
            with _whole_path_in_errors(self.path / name):
                os.mkdir(name, dir_fd=self.descriptor)
        return Folder(self.path / name, self)

    def open(self, name: str, flags: int = os.O_RDONLY) -> int:
        """Open a plain file and return its descriptor.

        Raises:
            NotPlain: it is not a plain file or, when opened for writing, has a second hard link.
            OSError: it cannot be opened; the error names the whole path.
        """
        path, mode = self.path / name, self.mode(name)
        if mode is not None and not stat.S_ISREG(mode):
            raise not_plain(path, mode)
        with _whole_path_in_errors(path):
            descriptor = os.open(name, flags | _OPEN, 0o666, dir_fd=self.descriptor)
        status = os.fstat(descriptor)
        written_elsewhere = status.st_nlink > 1 and flags & (os.O_WRONLY | os.O_RDWR)
        if not stat.S_ISREG(status.st_mode) or written_elsewhere:
            os.close(descriptor)
            raise not_plain(path, status.st_mode, links=max(1, status.st_nlink))
        return descriptor

    def reach(self, name: str) -> Path:
        """A path to a name in the folder, for libraries that take no descriptor; valid while the folder is open."""
        held = _DESCRIPTORS / str(self.descriptor)
        return (held if held.exists() else self.path) / name

    def replace(self, old: str, new: str) -> None:
        """Rename a file, replacing any file of the new name."""
        os.replace(old, new, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def unlink(self, name: str) -> None:
        """Remove a name; of a link, the link itself."""
        with _whole_path_in_errors(self.path / name):
            os.unlink(name, dir_fd=self.descriptor)

    def watch(self, name: str, descriptor: int) -> None:
        """Make :meth:`require_in_place` also check that this open file still has its name."""
        self._watched[name] = descriptor

    def unwatch(self, name: str) -> None:
        """Stop watching a file, because it is closed."""
        del self._watched[name]

    def require_in_place(self) -> None:
        """Check that the path still leads to this folder, and that watched files still have their names.

        Raises:
            RunLost: one of them does not; the message says what happened to it.
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
def _whole_path_in_errors(path: Path) -> Iterator[None]:
    """Make errors name the whole path instead of the name relative to a descriptor."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from error


def open_plain(path: Path) -> int:
    """Open a plain file for reading and return its descriptor.

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
    """Content of a plain file; raises the errors of :func:`open_plain`."""
    with os.fdopen(open_plain(path), "rb") as file:
        return file.read()


__all__ = ["Folder", "NotPlain", "RunLost", "kind_of", "open_plain", "read_plain"]
