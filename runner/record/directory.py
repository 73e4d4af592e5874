"""The directory of a run: its name, its files, and its one writer.

``runs/<name>/<YYYYmmdd-HHMMSS>-<first 8 of the fingerprint>/``. Deleting a run is deleting its folder.
"""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from runner.disk.atomic import fsync_directory, replacing, write_atomic
from runner.disk.folder import Folder
from runner.errors import DirectoryTaken, RunLocked
from runner.record.contents import CHECKPOINTS, is_bare, is_run, remove_leftovers, require_plain
from runner.record.writer_lock import lock
from runner.text import printable

__all__ = ["RUNS", "DirectoryTaken", "RunDirectory", "RunLocked", "RunPaths", "open_explicit", "open_run_directory"]

RUNS = Path("runs")
"""Where runs go when nothing else is said; relative to the working directory."""

_CHANGED = re.compile(r"changed-([1-9][0-9]{0,6})")
_NAME = re.compile(r"(?!\.+\Z)[A-Za-z0-9._-]{1,64}")


class RunPaths:
    """Where the files of a run are; for readers, who need no lock.

    Args:
        root: the run directory.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.recipe = root / "recipe.yaml"
        """The recipe as written."""
        self.resolved = root / "resolved.yaml"
        """The recipe with every default and inferred value in place."""
        self.lock_json = root / "lock.json"
        """Versions, data hashes, seed, device: what results depend on besides the recipe."""
        self.events = root / "events.jsonl"
        """The record of what happened, one JSON object a line."""
        self.model = root / "model.keras"
        """The model after the last step."""
        self.best = root / "best.keras"
        """The model of the best epoch."""
        self.class_names = root / "class_names.json"
        """Names of the classes in the order of the models' outputs, where the data has them."""
        self.report = root / "report.html"

    def checkpoints(self, generation: int = 0) -> Path:
        """Folder of the checkpoints of the recipe as it began (0), or as it was changed for the n-th time.

        Each has its own, because checkpoints are ordered by step and a changed recipe may go on at an earlier one.
        """
        folder = self.root / CHECKPOINTS
        return folder / f"changed-{generation}" if generation else folder

    def generations(self) -> list[int]:
        """Those that have a folder, found by looking: a number in a file may be anything."""
        names = (path.name for path in self.checkpoints().glob("changed-*"))
        return [0, *sorted(int(found[1]) for found in map(_CHANGED.fullmatch, names) if found)]


class RunDirectory(RunPaths):
    """An existing run directory, open for writing: no other process opens it before :meth:`close`.

    A run that goes on after a stop takes this directly; a new one calls :func:`open_run_directory`. A folder that is
    neither a run nor empty is left as it is.

    Raises:
        RunLocked: at once, when it has a writer.
        DirectoryTaken: it is a person's folder.
        NotPlain: something in it is no plain file.
        OSError: when the directory is missing or read-only.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._stack: ExitStack | None = None
        with ExitStack() as stack:
            self.folder = stack.enter_context(Folder(root))
            """The directory itself, whatever becomes of its path."""
            _require_ours(root, self.folder)
            stack.callback(os.close, lock(self.folder))
            _require_ours(root, self.folder)  # another run may have come and gone before the lock was ours
            remove_leftovers(self.folder)
            self._stack = stack.pop_all()

    def write(self, path: Path, content: bytes | str) -> None:
        """Replace a file of the run.

        Raises:
            RunLost: the directory is not where it was.
            OSError: the file cannot be written; it is as it was before.
        """
        self.folder.require_in_place()
        write_atomic(path, content, self.folder)

    @contextmanager
    def replacing(self, path: Path) -> Iterator[Path]:
        """:func:`runner.disk.atomic.replacing` for a file of the run.

        Raises:
            RunLost: the directory is not where it was, before the block or after it.
        """
        self.folder.require_in_place()
        with replacing(path, self.folder) as temporary:
            yield temporary
            self.folder.require_in_place()

    def close(self) -> None:
        """Let others write. A second call does nothing."""
        if self._stack is not None:
            self._stack.close()
            self._stack = None

    def __enter__(self) -> Self:
        """Nothing more to open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close, whether the block ended well or not."""
        self.close()


def open_run_directory(base: Path, name: str, fingerprint: str, now: datetime) -> RunDirectory:
    """Make a new directory under ``base`` and lock it.

    Two runs of one recipe in one second get different directories: the later one ends in ``-2``, then ``-3``.

    Args:
        base: the folder of all runs, such as :data:`RUNS`; made when missing.
        name: the run's name, ``[A-Za-z0-9._-]{1,64}`` and not dots alone.
        fingerprint: of the plan; its first 8 characters are used.
        now: local time of the start.

    Raises:
        ValueError: a name that could lead out of ``base``.
        OSError: the directory cannot be made.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"name: must be 1 to 64 of A-Z a-z 0-9 . _ - and not dots alone, got '{printable(name)}'")
    parent = base / name
    parent.mkdir(parents=True, exist_ok=True)
    root = _make_exclusively(parent, f"{now:%Y%m%d-%H%M%S}-{fingerprint[:8]}")
    fsync_directory(parent)
    return RunDirectory(root)


def _make_exclusively(parent: Path, stem: str) -> Path:
    for number in count(1):
        path = parent / (stem if number == 1 else f"{stem}-{number}")
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path
    raise AssertionError("count() has no end")


def open_explicit(root: Path) -> RunDirectory:
    """Make the directory that the person named for a new run and lock it; an empty one is taken as it is.

    Raises:
        DirectoryTaken: it holds something, or is not a directory; nothing was written.
        RunLocked: another run is starting in it.
        OSError: it cannot be made.
    """
    require_free(root)
    root.mkdir(parents=True, exist_ok=True)
    run = RunDirectory(root)
    # looked at under the lock, since another run may have come and gone in between
    if not is_bare(run.folder):
        run.close()
        raise _taken(root)
    return run


def require_free(root: Path) -> None:
    """Look whether a new run can begin in a directory; nothing is written.

    Raises:
        DirectoryTaken: it holds something, or is not a directory.
        OSError: it cannot be read.
    """
    if root.is_dir():
        with Folder(root) as folder:
            if not is_bare(folder):
                raise _taken(root)
    elif os.path.lexists(root):
        raise DirectoryTaken(f"{printable(str(root))} is not a directory")


def _require_ours(root: Path, folder: Folder) -> None:
    if is_run(root):
        require_plain(root)
    elif not is_bare(folder):
        raise _taken(root)


def _taken(root: Path) -> DirectoryTaken:
    return DirectoryTaken(f"{printable(str(root))} is not empty; a new run needs a new or an empty directory")
