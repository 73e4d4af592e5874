"""What to train, from a recipe that has been read: a new run, or one that goes on."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.data.access import DataAccess
from runner.errors import EventsCorrupt, ManifestBroken, NotPlain, RunError
from runner.events import DONE, RunEnded, RunStarted, Status
from runner.plan.plan import Plan
from runner.record.directory import RUNS, RunDirectory, RunPaths, open_explicit, open_run_directory
from runner.record.events_file import read_events
from runner.record.manifest import read_lock, recorded_access
from runner.record.repeat_note import RepeatNote
from runner.record.tags import UNTAGGED, Tags
from runner.source.editing.emit import to_yaml
from runner.source.load import Loaded
from runner.workflows.resume_point import changes, fresh, from_checkpoint
from runner.workflows.run import RunRequest
from runner.workflows.step_form import with_recorded_form
from runner.workflows.weights import with_recorded_weights

if TYPE_CHECKING:
    from runner.engine.loop.resume_policy import Policy


def request_for(
    loaded: Loaded,
    plan: Plan,
    access: DataAccess,
    open_directory: Callable[[Plan], RunDirectory],
    *,
    force: bool = False,
    goes_on: bool = False,
    policy: "Policy | None" = None,
    began: float | None = None,
    tags: Tags = UNTAGGED,
    repeat: RepeatNote | None = None,
) -> RunRequest:
    """The request to train a recipe.

    Args:
        loaded: the recipe.
        plan: its plan.
        access: where its data is.
        open_directory: opens the run directory, once the model has been checked.
        force: whether to run even if the estimate exceeds the available memory.
        goes_on: whether the directory holds a run that continues from its last checkpoint.
        policy: how it continues if the recipe has changed.
        began: ``time.perf_counter()`` when the user started to wait; None for the time of the run's start.
        tags: tags and a note that the run gets.
        repeat: which of the runs of a repeated recipe it is.
    """
    return RunRequest(
        plan=plan,
        written=loaded.written,
        resolved=to_yaml(loaded.resolved()),
        origins=loaded.origins(),
        access=access,
        open_directory=open_directory,
        warnings=warnings_of(loaded, plan),
        force=force,
        start=from_checkpoint(policy) if goes_on else fresh,
        began=began,
        tags=tags,
        repeat=repeat,
    )


def new_directory(directory: Path | None) -> Callable[[Plan], RunDirectory]:
    """Opens a new run directory: the given one, or one below ``runs/``, named by recipe, time and fingerprint."""

    def opened(plan: Plan) -> RunDirectory:
        if directory is not None:
            return open_explicit(directory)
        return open_run_directory(RUNS, plan.recipe.name, plan.fingerprint, datetime.now())

    return opened


def warnings_of(loaded: Loaded, plan: Plan) -> tuple[str, ...]:
    """Messages of the recipe's diagnostics, and the plan's warnings about places that have none yet."""
    assert loaded.document is not None
    reported = {diagnostic.span for diagnostic in loaded.diagnostics}
    added = [w.message for w in plan.warnings if loaded.document.span(w.path) not in reported]
    return (*(diagnostic.message for diagnostic in loaded.diagnostics), *added)


def status_of(directory: Path) -> tuple[str | None, Status]:
    """Fingerprint and status of a run, from its events; the status is ``running`` if it was killed.

    Raises:
        OSError: the directory has no events file.
        NotPlain: the events file is not a plain file.
        EventsCorrupt: the events cannot be read.
    """
    path = RunPaths(directory).events
    state = os.stat(path)
    return _status_of(path, state.st_ino, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=10_000)
def _status_of(path: Path, *_state: int) -> tuple[str | None, Status]:
    """The same of a file in this state: several runs of a command ask for those of all runs."""
    fingerprint: str | None = None
    status: Status = "running"
    for event in read_events(path):
        if isinstance(event, RunStarted):
            fingerprint, status = event.fingerprint, "running"
        elif isinstance(event, RunEnded):
            status = event.status
    return fingerprint, status


def unfinished(plan: Plan, runs: Sequence[Path]) -> Path | None:
    """The newest of ``runs`` that trains this plan, if it is unfinished."""
    newest = next(runs_of(plan, runs), None)
    return None if newest is None or newest[1] in DONE else newest[0]


def finished(plan: Plan, runs: Sequence[Path]) -> Path | None:
    """The newest of ``runs`` that has trained this plan to its end."""
    return next((directory for directory, status in runs_of(plan, runs) if status in DONE), None)


def runs_of(plan: Plan, runs: Sequence[Path]) -> Iterator[tuple[Path, Status]]:
    """Those of ``runs`` that train this plan, each with how it stands."""
    for directory in runs:
        try:
            fingerprint, status = status_of(directory)
        except (OSError, EventsCorrupt, NotPlain):
            continue  # a folder without a readable run neither is a result nor can be continued
        if fingerprint == plan.fingerprint:
            yield directory, status


def data_of(directory: Path, access: DataAccess, recipe: Path | None) -> DataAccess:
    """Access to the data of a run that goes on: beside a changed recipe, else where it lay when the run last trained.

    Args:
        directory: of the run.
        access: what the person says about data.
        recipe: the changed recipe's file; None: the run's own.

    Raises:
        ManifestBroken: the lock is not what a run writes.
    """
    try:
        recorded = recorded_access(RunPaths(directory), access)
    except (OSError, NotPlain):
        recorded = access  # the lock is read again, and then reported
    return recorded if recipe is None else recorded.beside(recipe, recorded.root)


def code_folder(directory: Path) -> Path | None:
    """The folder that a run's custom code came from; the run directory holds none."""
    folder = _lock(directory).get("code_folder")
    return Path(folder) if isinstance(folder, str) else None


def as_begun(directory: Path) -> Callable[[Plan, DataAccess], Plan]:
    """What makes the plan of a run what the run began with: its weights, and into how many parts a batch is divided."""

    def completed(plan: Plan, access: DataAccess) -> Plan:
        lock = _lock(directory)
        return with_recorded_form(with_recorded_weights(plan, access, lock), lock)

    return completed


def locks_of(runs: Iterable[Path]) -> Iterator[Mapping[str, Any]]:
    """The locks of runs, empty for those whose lock cannot be read."""
    return map(_lock, runs)


def _lock(directory: Path) -> Mapping[str, Any]:
    try:
        return read_lock(RunPaths(directory))
    except (OSError, NotPlain, ManifestBroken):
        return {}  # whoever goes on with the run reads the lock again, and reports the error


def open_unfinished(directory: Path, plan: Plan, policy: "Policy | None") -> RunDirectory:
    """Open a run for writing, before TensorFlow is started.

    Raises:
        RunError: it is finished, it is being written, or its recipe has changed and there is no policy.
        OSError: it cannot be opened.
    """
    opened = RunDirectory(directory)
    try:
        _require_unfinished(directory, plan.fingerprint)
        changes(opened, read_lock(opened), plan, policy)
    except BaseException:
        opened.close()
        raise
    return opened


def _require_unfinished(directory: Path, fingerprint: str) -> None:
    """Refuse a finished run: it can only continue with a changed recipe."""
    try:
        before, status = status_of(directory)
    except FileNotFoundError:
        return  # stopped before it was recorded
    except (OSError, EventsCorrupt) as error:
        raise RunError(f"the record of {directory} cannot be read: {error}") from error
    if status in DONE and before == fingerprint:
        raise RunError(f"{directory} is finished", "`--set training.epochs=… --policy continue` trains it further")
