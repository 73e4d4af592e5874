"""The runs of a folder: found, read as far as a list needs, filtered and sorted."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import get_args

from runner.errors import EventsCorrupt, RecipeError, TagsBroken
from runner.lookback.entry import Entry, read_entry
from runner.lookback.list_cache import WORTHWHILE, Known, read_index, write_index
from runner.plan.monitor import monitor
from runner.record.handles import run_names
from runner.record.tags import UNTAGGED, Tags, read_tags
from runner.record.writer_lock import is_written
from runner.status import Status
from runner.text import printable

RUNNING = "running"
"""Status of a run whose record has no end yet, and which a process writes to."""
KILLED = "killed"
"""Status of a run whose record has no end, and which nobody writes to: killed, or the power was lost."""
UNREADABLE = "unreadable"
"""Status of a run whose record is damaged."""
STATUSES = (*get_args(Status), KILLED, UNREADABLE)

_FIELDS: dict[str, Callable[[Entry], str | float | None]] = {
    "started": lambda entry: entry.started,
    "steps": lambda entry: entry.steps,
    "seconds": lambda entry: entry.seconds,
}
"""What a list is sorted by besides metrics; the greatest first."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A run of a list."""

    name: str
    """``NAME/TIME-FINGERPRINT``."""
    path: str
    entry: Entry
    status: str
    fault: str | None = None
    """What is wrong with its record or its tags; None where they can be read."""
    tags: Tags = UNTAGGED

    @property
    def recipe(self) -> str:
        """The recipe's name; of a run without a record that of its folder."""
        return self.entry.recipe if self.entry.recipe is not None else self.name.partition("/")[0]


def listing(base: Path) -> list[Listed]:
    """Every run under a folder, newest first."""
    before, now, folder = read_index(base), dict[str, Known](), str(base)
    found = [
        _tagged(_listed(f"{name}/{stamp}", f"{folder}/{name}/{stamp}", before, now)) for name, stamp in run_names(base)
    ]
    if len(now) >= WORTHWHILE and now != before:
        write_index(base, now)
    return found


def _listed(name: str, path: str, before: dict[str, Known], now: dict[str, Known]) -> Listed:
    events = f"{path}/events.jsonl"
    try:
        known = _known(events, before.get(name))
        written = known.entry.status is None and is_written(path)
        if known.entry.status is None and not written:
            known = _known(events, known)  # its process may have ended it between the two looks
    except FileNotFoundError:
        return Listed(name, path, Entry(), RUNNING if is_written(path) else KILLED)
    except EventsCorrupt as error:
        return Listed(name, path, Entry(), UNREADABLE, str(error))
    except OSError as error:
        return Listed(name, path, Entry(), UNREADABLE, f"{printable(events)}: {error.strerror}")
    now[name] = known
    return Listed(name, path, known.entry, known.entry.status or (RUNNING if written else KILLED))


def _known(events: str, before: Known | None) -> Known:
    """A run's entry from its events file, which is not read again if it is as it was before."""
    if before is not None:
        state = os.stat(events)
        if (before.changed, before.size) == (state.st_mtime_ns, state.st_size):
            return before
    entry, state = read_entry(events)
    return Known(state.st_mtime_ns, state.st_size, entry)


def _tagged(run: Listed) -> Listed:
    """The run with its tags and its note."""
    try:
        tags = read_tags(run.path)
    except TagsBroken as error:
        return replace(run, fault=run.fault or str(error))
    except OSError as error:
        return replace(run, fault=run.fault or f"{printable(str(error.filename))}: {error.strerror}")
    return replace(run, tags=tags) if tags != UNTAGGED else run


def chosen(
    runs: Iterable[Listed], *, status: str | None = None, name: str | None = None, tags: Sequence[str] = ()
) -> list[Listed]:
    """The runs of a status, a name and tags.

    Args:
        runs: to choose from.
        status: how they stand.
        name: glob of the recipe's name, or of ``NAME/TIME-FINGERPRINT`` where it has a slash.
        tags: globs, each of which one of the run's tags fits.

    Raises:
        RecipeError: no status has that name.
    """
    if status is not None and status not in STATUSES:
        from runner.diagnostics import suggest

        near = suggest(status, STATUSES)
        help = f"did you mean '{near}'?" if near else f"write one of {', '.join(STATUSES)}"
        raise RecipeError(f"--status: no status '{printable(status)}'", help)
    return [
        run
        for run in runs
        if (status is None or run.status == status)
        and (name is None or fnmatchcase(run.name if "/" in name else run.recipe, name))
        and all(any(fnmatchcase(tag, glob) for tag in run.tags.tags) for glob in tags)
    ]


def by(runs: Sequence[Listed], key: str) -> list[Listed]:
    """The runs sorted, best first: by a metric, or by ``name``, ``started``, ``steps`` or ``seconds``.

    A metric whose name speaks of a loss or an error is better when it is less. Runs without a value come last.

    Raises:
        RecipeError: none of the runs has such a metric.
    """
    if key == "name":
        return sorted(runs, key=lambda run: run.recipe)
    values = {id(run): _value(run.entry, key) for run in runs}
    known = [run for run in runs if values[id(run)] is not None]
    if not known and key not in _FIELDS and runs:
        raise _unknown(runs, key)
    less = key not in _FIELDS and monitor(key).mode == "min"
    known.sort(key=lambda run: values[id(run)] or 0.0, reverse=not less)
    return known + [run for run in runs if values[id(run)] is None]


def _value(entry: Entry, key: str) -> float | None:
    value = _FIELDS[key](entry) if key in _FIELDS else metric(entry, key)
    return None if value is None or value != value else float(value)


def metric(entry: Entry, name: str) -> float | None:
    """A metric: the final one, else the best of the monitor; None where the run has none."""
    value = entry.metrics.get(name)
    return (entry.best or {}).get(name) if value is None else value


def _unknown(runs: Sequence[Listed], key: str) -> RecipeError:
    from runner.diagnostics import suggest

    names = sorted({name for run in runs for name in (*run.entry.metrics, *(run.entry.best or {})) if name != "epoch"})
    names += ["name", *_FIELDS]
    near = suggest(key, names)
    help = f"did you mean '{near}'?" if near else f"sort by one of {', '.join(names[:20])}"
    return RecipeError(f"--sort: no run has a metric '{printable(key)}'", help)
