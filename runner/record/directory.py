"""The directory of a run: its name, its files, and its single writer.

The path is ``runs/<name>/<YYYYmmdd-HHMMSS>-<first 8 characters of the fingerprint>/``. To delete a run, delete its
folder.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from runner.disk.atomic import fsync_directory, replacing, write_atomic
from runner.disk.folder import Folder
from runner.errors import DirectoryTaken, RunLocked
from runner.record.contents import CHECKPOINTS, is_bare, is_run, remove_leftovers, require_plain
from runner.record.writer_lock import lock
from runner.text import printable

__all__ = [
    "RUNS", "STAMP", "SWEEP", "DirectoryTaken", "RunDirectory", "RunLocked", "RunPaths", "open_explicit",
    "open_run_directory", "run_name",
]  # fmt: skip

RUNS = Path("runs")
"""Default folder of runs, relative to the working directory."""
SWEEP = "sweep.json"
"""File of a folder whose runs are the trials of a sweep: what it searches."""

STAMP = re.compile(r"(?P<time>\d{8}-\d{6})-(?P<fingerprint>[^-]{1,8})(?:-(?P<number>\d+))?")
"""Name of a run's directory."""
_CHANGED = re.compile(r"changed-([1-9][0-9]{0,6})")
_NAME = re.compile(r"(?!\.+\Z)[A-Za-z0-9._-]{1,64}")


class RunPaths:
    """Paths of the files of a run; for readers, which need no lock.

    Args:
        root: the run directory.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.recipe = root / "recipe.yaml"
        """The recipe as written."""
        self.resolved = root / "resolved.yaml"
        """The recipe with all default and inferred values filled in."""
        self.lock_json = root / "lock.json"
        """Everything besides the recipe that results depend on: versions, data hashes, seed, device."""
        self.events = root / "events.jsonl"
        """The record of events, one JSON object per line."""
        self.model = root / "model.keras"
        """The model after the last step."""
        self.best = root / "best.keras"
        """The model of the best epoch."""
        self.class_names = root / "class_names.json"
        """Names of classes, targets or labels in the order of the models' outputs, where the data has them."""
        self.threshold = root / "threshold.json"
        """Probability above which the final model decides for class 1 or a label, where the recipe asks for one."""
        self.report = root / "report.html"

    def checkpoints(self, generation: int = 0) -> Path:
        """Folder of the checkpoints of the original recipe (0) or of its n-th change.

        Each has its own folder, because checkpoints are ordered by step and a changed recipe may continue at an earlier
        one.
        """
        folder = self.root / CHECKPOINTS
        return folder / f"changed-{generation}" if generation else folder

    def generations(self) -> list[int]:
        """Generations that have a folder; read from the folder names, because a number in a file cannot be trusted."""
        names = (path.name for path in self.checkpoints().glob("changed-*"))
        return [0, *sorted(int(found[1]) for found in map(_CHANGED.fullmatch, names) if found)]


class RunDirectory(RunPaths):
    """An existing run directory, open for writing: no other process can open it until :meth:`close`.

    Resumed runs use this class directly; new runs call :func:`open_run_directory`. A folder that is neither a run nor
    empty is left unchanged.

    Raises:
        RunLocked: it already has a writer; raised without waiting.
        DirectoryTaken: the folder belongs to the user.
        NotPlain: something in it is not a plain file.
        OSError: the directory is missing or read-only.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._stack: ExitStack | None = None
        with ExitStack() as stack:
            self.folder = stack.enter_context(Folder(root))
            """The directory itself, independent of what happens to its path."""
            _require_ours(root, self.folder)
            stack.callback(os.close, lock(self.folder))
            _require_ours(root, self.folder)  # another run may have come and gone before we got the lock
            remove_leftovers(self.folder)
            self._stack = stack.pop_all()

    def write(self, path: Path, content: bytes | str) -> None:
        """Replace a file of the run.

        Raises:
            RunLost: the directory is no longer at its path.
            OSError: the file cannot be written; it is unchanged.
        """
        self.folder.require_in_place()
        write_atomic(path, content, self.folder)

    @contextmanager
    def replacing(self, path: Path) -> Iterator[Path]:
        """:func:`runner.disk.atomic.replacing` for a file of the run.

        Raises:
            RunLost: the directory is no longer at its path, before or after the block.
        """
        self.folder.require_in_place()
        with replacing(path, self.folder) as temporary:
            yield temporary
            self.folder.require_in_place()

    def close(self) -> None:
        """Release the lock. A second call does nothing."""
        if self._stack is not None:
            self._stack.close()
            self._stack = None

    def __enter__(self) -> Self:
        """Return the open directory."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release the lock."""
        self.close()


def open_run_directory(base: Path, name: str, fingerprint: str, now: datetime) -> RunDirectory:
    """Create a new run directory under ``base`` and lock it.

    Of the runs of a name that start within the same second, later directories end in ``-2``, ``-3``, …, whatever their
    fingerprints, so that the newest can be told.

    Args:
        base: the folder of all runs, such as :data:`RUNS`; created if missing.
        name: the run's name, ``[A-Za-z0-9._-]{1,64}`` and not only dots.
        fingerprint: the plan's fingerprint; its first 8 characters are used.
        now: the local start time.

    Raises:
        ValueError: the name could lead out of ``base``.
        OSError: the directory cannot be created.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"name: must be 1 to 64 of A-Z a-z 0-9 . _ - and not only dots, got '{printable(name)}'")
    parent = base / name
    parent.mkdir(parents=True, exist_ok=True)
    root = _make_exclusively(parent, fingerprint, now)
    fsync_directory(parent)
    return RunDirectory(root)


def _make_exclusively(parent: Path, fingerprint: str, now: datetime) -> Path:
    while True:
        path = parent / run_name(os.listdir(parent), fingerprint, now)
        with suppress(FileExistsError):  # another process was faster, and is among the next names
            path.mkdir()
            return path


def run_name(there: Iterable[str], fingerprint: str, now: datetime) -> str:
    """A name for a run beside others: by its number it is the newest of those that start within one second.

    Args:
        there: names of the others.
        fingerprint: the plan's; its first 8 characters are used.
        now: the local start time.
    """
    time = f"{now:%Y%m%d-%H%M%S}"
    others = [found for found in map(STAMP.fullmatch, there) if found and found["time"] == time]
    last = max((int(found["number"] or 1) for found in others), default=0)
    return f"{time}-{fingerprint[:8]}" + (f"-{last + 1}" if last else "")


def open_explicit(root: Path) -> RunDirectory:
    """Create the directory that the user named for a new run and lock it; an existing empty directory is used.

    Raises:
        DirectoryTaken: it is not empty or not a directory; nothing was written.
        RunLocked: another run is starting in it.
        OSError: it cannot be created.
    """
    require_free(root)
    root.mkdir(parents=True, exist_ok=True)
    run = RunDirectory(root)
    # checked while holding the lock, since another run may have come and gone in between
    if not is_bare(run.folder):
        run.close()
        raise _taken(root)
    return run


def require_free(root: Path) -> None:
    """Check that a new run can start in a directory; writes nothing.

    Raises:
        DirectoryTaken: it is not empty or not a directory.
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
