"""Proves that a run resumes to the same bits: compares an uninterrupted with an interrupted run, field by field."""

import hashlib
import random
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np

from runner.errors import RunError
from runner.events import EpochEnded, RunEnded
from runner.record.checkpoint import Checkpoint, newest_checkpoint
from runner.record.difference import differences
from runner.record.directory import RunPaths
from runner.record.events_file import read_events
from runner.record.history import history_rows
from runner.record.manifest import read_lock
from runner.text import printable

GROUPS = {"model": "weights", "optimizer": "optimizer state", "momentum": "optimizer state", "best": "best weights"}
"""Groups of the arrays in a checkpoint by name prefix; the others are ``other state``."""
_CLOCK = "seconds"
"""The only entry of a checkpoint's state that depends on a clock."""
_DATED = "metadata.json"
"""The only part of a Keras file that contains a date."""


@dataclass(frozen=True)
class Comparison:
    """The comparison of one field of two runs."""

    field: str
    compared: int
    """Number of arrays, values, steps or files compared."""
    differing: tuple[str, ...] = ()
    """Differences in words; empty if everything is equal to the bit."""


def kill_steps(steps: int, kills: int, seed: int) -> list[int]:
    """``kills`` different steps of a run, in order; all steps if there are fewer."""
    return sorted(random.Random(seed).sample(range(steps), min(kills, steps)))


def checkpoint_every(steps: int, kills: int) -> int:
    """Steps between checkpoints, chosen so that a session between two kills saves about four."""
    return max(1, steps // (4 * (kills + 1)))


def compare(straight: RunPaths, interrupted: RunPaths) -> Iterator[Comparison]:
    """Compare every field of two finished runs.

    Raises:
        RunError: one of them has no intact checkpoint.
        OSError: a file cannot be read.
    """
    one, other = (last_checkpoint(run) for run in (straight, interrupted))
    yield from _arrays(one, other)
    yield _values("loop state", _state(one), _state(other))
    yield _history(straight, interrupted)
    yield _values("metrics of epochs", _epochs(straight), _epochs(interrupted))
    yield _values("results", _results(straight), _results(interrupted))
    yield _values("model files", _files(straight), _files(interrupted))


def steps_of(run: RunPaths) -> int:
    """Number of optimizer steps of a finished run."""
    steps: int = _results(run)["steps"]
    return steps


def last_checkpoint(run: RunPaths) -> Checkpoint:
    """The newest checkpoint of a run that is intact.

    Raises:
        RunError: there is none, or one that no run writes; the message says what is wrong.
        OSError: a file cannot be read.
    """
    found, broken = newest_checkpoint(run.checkpoints(read_lock(run).get("generation", 0)))
    if found is None:
        why = "; ".join(broken) or "none was written"
        raise RunError(printable(f"{run.root} has no intact checkpoint: {why}"))
    return found


def _arrays(one: Checkpoint, other: Checkpoint) -> Iterator[Comparison]:
    groups: dict[str, list[str]] = {}
    for name in sorted({**one.arrays, **other.arrays}):
        groups.setdefault(GROUPS.get(name.split(".")[0], "other state"), []).append(name)
    for group, names in groups.items():
        found = (_array_difference(name, one.arrays.get(name), other.arrays.get(name)) for name in names)
        yield Comparison(group, len(names), tuple(filter(None, found)))


def _array_difference(name: str, one: Any, other: Any) -> str | None:
    if one is None or other is None:
        return f"{name}: only in one of the runs"
    if one.dtype != other.dtype or one.shape != other.shape:
        return f"{name}: {one.dtype} {one.shape} and {other.dtype} {other.shape}"
    if one.tobytes() == other.tobytes():
        return None
    unequal = int(np.count_nonzero(one != other))
    return f"{name}: {unequal:,} of {one.size:,} values, such as {one[one != other][:1]} and {other[one != other][:1]}"


def _state(checkpoint: Checkpoint) -> dict[str, Any]:
    return {"step": checkpoint.step} | {key: value for key, value in checkpoint.state.items() if key != _CLOCK}


def _history(straight: RunPaths, interrupted: RunPaths) -> Comparison:
    count, differing = 0, []
    for one, other in zip_longest(history_rows(straight.events), history_rows(interrupted.events)):
        count += 1
        if repr(one) != repr(other):  # compared as text, in which NaN equals itself
            differing.append(f"step {count - 1}: {one} and {other}")
    return Comparison("history", count, tuple(differing))


def _epochs(run: RunPaths) -> dict[str, Any]:
    """Metrics by epoch; an epoch repeated by a later session counts once, with the later values."""
    ended = [event for event in read_events(run.events) if isinstance(event, EpochEnded)]
    return {str(event.epoch + 1): dict(event.metrics) for event in ended}


def _results(run: RunPaths) -> dict[str, Any]:
    *_, last = [event for event in read_events(run.events) if isinstance(event, RunEnded)]
    return {"status": last.status, "steps": last.steps, "metrics": last.metrics, "best": last.best}


def _files(run: RunPaths) -> dict[str, str]:
    """SHA-256 of each part of the saved models."""
    found: dict[str, str] = {}
    for path in (run.model, run.best):
        if path.exists():
            with zipfile.ZipFile(path) as archive:
                parts = [name for name in archive.namelist() if name != _DATED]
                found |= {f"{path.name} {name}": hashlib.sha256(archive.read(name)).hexdigest() for name in parts}
    return found


def _values(field: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Comparison:
    return Comparison(field, _leaves(one), tuple(map(str, differences(_text(one), _text(other)))))


def _leaves(value: Any) -> int:
    return sum(map(_leaves, value.values())) if isinstance(value, Mapping) else 1


def _text(value: Any) -> Any:
    """Numbers as text: NaN equals itself, and 1 differs from 1.0."""
    if isinstance(value, Mapping):
        return {key: _text(item) for key, item in value.items()}
    return repr(value)
