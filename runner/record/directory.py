"""The directory of a run: its name, its files, and its one writer.

``runs/<name>/<YYYYmmdd-HHMMSS>-<first 8 of the fingerprint>/``. Deleting a run is deleting its folder.
"""

import os
import re
from datetime import datetime
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from runner.record.atomic import fsync_directory, remove_leftovers
from runner.record.lock import LOCK_FILE, RunLocked, lock
from runner.text import printable

__all__ = ["RUNS", "DirectoryTaken", "RunDirectory", "RunLocked", "RunPaths", "open_explicit", "open_run_directory"]

RUNS = Path("runs")
"""Where runs go when nothing else is said; relative to the working directory."""

_CHANGED = re.compile(r"changed-([1-9][0-9]{0,6})")
_NAME = re.compile(r"(?!\.+\Z)[A-Za-z0-9._-]{1,64}")


class DirectoryTaken(Exception):
    """The directory given for a new run is there already and not empty."""


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
        self.report = root / "report.html"

    def checkpoints(self, generation: int = 0) -> Path:
        """Folder of the checkpoints of the recipe as it began (0), or as it was changed for the n-th time.

        Each has its own, because checkpoints are ordered by step and a changed recipe may go on at an earlier one.
        """
        folder = self.root / "checkpoints"
        return folder / f"changed-{generation}" if generation else folder

    def generations(self) -> list[int]:
        """Those that have a folder, found by looking: a number in a file may be anything."""
        names = (path.name for path in self.checkpoints().glob("changed-*"))
        return [0, *sorted(int(found[1]) for found in map(_CHANGED.fullmatch, names) if found)]


class RunDirectory(RunPaths):
    """An existing run directory, open for writing: no other process opens it before :meth:`close`.

    A run that goes on after a stop takes this directly; a new one calls :func:`open_run_directory`.

    Raises:
        RunLocked: at once, when it has a writer.
        OSError: when the directory is missing or read-only.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._descriptor: int | None = lock(root)
        try:
            remove_leftovers(root)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Let others write. A second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

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
    try:
        root.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise DirectoryTaken(f"{printable(str(root))} is not a directory") from None
    if (root / LOCK_FILE).exists() or not _holds_anything(root):
        run = RunDirectory(root)
        # looked at under the lock, since another run may have come and gone in between
        if not _holds_anything(root):
            return run
        run.close()
    raise DirectoryTaken(f"{printable(str(root))} is not empty; a new run needs a new or an empty directory")


def _holds_anything(root: Path) -> bool:
    return any(entry.name != LOCK_FILE for entry in root.iterdir())
