"""The trials of a sweep, as its workers have written them down."""

import json
import os
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import BaseJournalBackend, JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from runner.disk.atomic import write_atomic
from runner.disk.folder import Folder, read_plain
from runner.errors import JournalBroken, SweepChanged
from runner.record.difference import differences
from runner.record.directory import SWEEP
from runner.sweeps.definition import Definition, Values
from runner.sweeps.journal_lines import require_ours
from runner.sweeps.journal_paths import JOURNAL
from runner.sweeps.sampling import distributions
from runner.sweeps.shared_lock import SharedLock
from runner.text import printable

_SHOWN = 10


class _Lines(BaseJournalBackend):
    """Lines that were read before, for Optuna to make trials of; there is nothing to write to."""

    def __init__(self, lines: list[dict[str, Any]]) -> None:
        self._lines = lines

    def read_logs(self, log_number_from: int) -> list[dict[str, Any]]:
        return self._lines[log_number_from:]

    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        raise AssertionError("a sweep that is only looked at is not written to")


def recorded_trials(folder: Path, definition: Definition) -> list[FrozenTrial]:
    """All trials of a sweep, by number, as its journal has them now: its folder is only read, and no worker waits.

    Raises:
        JournalBroken: the journal is none of this sweep's.
        NotPlain: it is a link or the like.
        OSError: it cannot be read.
    """
    if not os.path.lexists(folder / JOURNAL):
        return []  # the first worker was stopped before it wrote a line
    storage = JournalStorage(_Lines(require_ours(folder, definition, distributions(definition))))
    studies = storage.get_all_studies()
    return storage.get_all_trials(studies[0]._study_id) if studies else []


class Journal:
    """The journal of a sweep, open for writing by this process beside others.

    Each method writes one line, whole or not at all. What is decided from several lines is decided while
    :attr:`lock` is held.

    Args:
        folder: of the sweep; made if it is missing.
        definition: what the sweep searches.

    Raises:
        SweepChanged: the folder holds another sweep.
        JournalBroken: its journal is none of this sweep's.
        NotPlain: one of the files is a link or the like.
        OSError: it cannot be read or written.
    """

    def __init__(self, folder: Path, definition: Definition) -> None:
        self.path, self._ranges = folder, distributions(definition)
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            held = stack.enter_context(Folder(folder))
            self.lock = SharedLock(held, JOURNAL)
            stack.callback(self.lock.close)
            with self.lock:
                _require_same(folder, definition, empty=held.mode(JOURNAL) is None)
                if held.mode(JOURNAL) is not None:
                    require_ours(folder, definition, self._ranges)
                self._storage = JournalStorage(JournalFileBackend(str(folder / JOURNAL), lock_obj=self.lock))
                self._study = self._only_study(definition)
            self._stack = stack.pop_all()

    def _only_study(self, definition: Definition) -> int:
        found = [study._study_id for study in self._storage.get_all_studies()]
        if found:
            return found[0]
        rising = optuna.study.StudyDirection.MAXIMIZE, optuna.study.StudyDirection.MINIMIZE
        return self._storage.create_new_study([rising[0 if definition.rising else 1]], definition.recipe.name)

    def close(self) -> None:
        """Close the files."""
        self._stack.close()

    def __enter__(self) -> Self:
        """Return the journal."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        self.close()

    def trials(self) -> list[FrozenTrial]:
        """All trials, by number."""
        return self._storage.get_all_trials(self._study)

    def create(self, values: Values) -> int:
        """Add a running trial with its values, and return its number; called while the lock is held."""
        template = FrozenTrial(
            number=-1, trial_id=-1, state=TrialState.RUNNING, value=None, datetime_start=datetime.now(),
            datetime_complete=None, params=dict(values), distributions=self._ranges, user_attrs={}, system_attrs={},
            intermediate_values={},
        )  # fmt: skip
        return self._storage.get_trial(self._storage.create_new_trial(self._study, template)).number

    def note_runs(self, number: int, names: list[str]) -> None:
        """The directories of a trial's runs so far, before the last of them is made."""
        self._storage.set_trial_user_attr(number, "runs", names)

    def report(self, number: int, epoch: int, value: float) -> None:
        """The objective of a trial after an epoch; once more after a kill, with the same value."""
        self._storage.set_trial_intermediate_value(number, epoch, value)

    def note_rungs(self, number: int, rungs: Mapping[str, Any]) -> None:
        """What the pruner has noted on a trial."""
        before = self._storage.get_trial(number).system_attrs
        for name, value in rungs.items():
            if before.get(name) != value:
                self._storage.set_trial_system_attr(number, name, value)

    def finish(self, number: int, state: TrialState, value: float | None = None, why: str = "") -> None:
        """The end of a trial."""
        if why:
            self._storage.set_trial_user_attr(number, "why", printable(why)[:500])
        self._storage.set_trial_state_values(number, state, None if value is None else [value])


def _require_same(folder: Path, definition: Definition, *, empty: bool) -> None:
    """Write down what the sweep searches, or check that the folder is for the same.

    Raises:
        SweepChanged: it is for something else.
        JournalBroken: it cannot be read.
    """
    path, now = folder / SWEEP, json.loads(json.dumps(definition.identity))
    if not path.exists():
        if not empty:
            raise JournalBroken(f"{printable(str(path))} is missing, so it is unknown what {JOURNAL} searches")
        write_atomic(path, json.dumps(now, indent=2) + "\n")
        return
    try:
        before = json.loads(read_plain(path))
    except (ValueError, RecursionError) as error:
        raise JournalBroken(f"{printable(str(path))} cannot be read: {error}") from error
    found = [printable(str(each)) for each in differences(before, now)]
    if found:
        more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        changed = SweepChanged(
            f"{printable(str(folder))} holds a sweep that differs from this recipe's",
            "name another folder with --sweep-dir, or move that one away",
        )
        changed.details = (*found[:_SHOWN], *more)
        raise changed
