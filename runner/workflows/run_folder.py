"""A folder that a verb fills with runs: names of new runs, and runs that go on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from runner.errors import BuildError, RecipeInvalid, ScheduleError, TooLarge
from runner.plan.plan import Plan
from runner.record.contents import is_bare
from runner.record.directory import RunDirectory, open_explicit, run_name
from runner.record.writer_lock import LOCK_FILE
from runner.workflows.request import open_unfinished

UNFIT = (RecipeInvalid, ScheduleError, BuildError, TooLarge)
"""What is wrong with the values of a recipe rather than with this machine."""


def opened(root: Path, plan: Plan) -> tuple[RunDirectory, bool]:
    """Lock the directory of a run, and say whether a run continues in it.

    Raises:
        RunLocked: another process trains it.
        RunError: the run is not this plan's.
        OSError: it cannot be opened.
    """
    if not (root / "lock.json").exists() and not (root / "events.jsonl").exists():
        return (RunDirectory(root), False) if root.is_dir() else (open_explicit(root), False)
    return open_unfinished(root, plan, None), True


def name_of_new(folder: Path, plan: Plan) -> str:
    """A name for a new run's directory that no run in the folder has, as other runs are named."""
    return run_name(os.listdir(folder), plan.fingerprint, datetime.now())


@contextmanager
def discarded_if_bare(directory: RunDirectory) -> Iterator[None]:
    """Close a run's directory after the block, and remove it if the recipe was refused before anything was written."""
    with directory:
        try:
            yield
        except UNFIT:
            if is_bare(directory.folder):
                directory.folder.unlink(LOCK_FILE)
                directory.root.rmdir()
            raise
