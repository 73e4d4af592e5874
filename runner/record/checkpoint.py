"""Checkpoints: files that are either intact or recognised as broken.

A checkpoint is a safetensors file (arrays and text, no code). Its metadata contains the state as JSON and a SHA-256
of state and arrays. It is written to a temporary file, flushed and renamed; the previous one is kept until the new one
has been read back and verified. File names contain the step, and the order is by step, never by time.
"""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from runner.disk.atomic import replacing
from runner.disk.folder import Folder, open_plain
from runner.errors import CheckpointBroken, CheckpointUnfit
from runner.fields import STEPS_AT_MOST, shown
from runner.record.contents import CHANGED, CHECKPOINT, remove_leftovers
from runner.record.tensor_file import Arrays, digest_of, holds, leave_to_disk, write_tensors

KEEP = 2
"""Number of verified checkpoints to keep."""


@dataclass(frozen=True)
class Checkpoint:
    """Everything that a run needs to continue."""

    step: int
    state: dict[str, Any]
    """Plain values: position, sums, plateau, early stopping, best epoch so far, fingerprints."""
    arrays: Arrays
    """The variables of model and optimizer, and the best weights."""


def _require_written(path: Path, metadata: Mapping[str, str], arrays: Arrays) -> None:
    """Raise unless the file has this metadata and these arrays, to the bit.

    Raises:
        CheckpointBroken: it has not.
    """
    try:
        with safe_open(path, framework="np") as opened:
            same = opened.metadata() == metadata and set(opened.keys()) == set(arrays)
        same = same and holds(path, arrays)
    except (SafetensorError, KeyError, ValueError) as error:
        raise CheckpointBroken(f"{path.name}: {error}") from error
    if not same:
        raise CheckpointBroken(f"{path.name}: what was read back differs from what was written")


def path_of(folder: Path, step: int) -> Path:
    """Path of the checkpoint of a step."""
    return folder / f"step-{step:012}.safetensors"


@contextmanager
def _opened(folder: Path, *, create: bool = False) -> Iterator[Folder]:
    """Open the folder of checkpoints through its parent, without following links within the run."""
    own = folder.parts[-2:] if CHANGED.fullmatch(folder.name) else folder.parts[-1:]
    with ExitStack() as stack:
        held = stack.enter_context(Folder(folder.parents[len(own) - 1]))
        for name in own:
            held = stack.enter_context(held.child(name, create=create))
        yield held


def list_checkpoints(folder: Path) -> list[Path]:
    """Paths of all checkpoints of a run, newest step first.

    Raises:
        NotPlain: the folder is a link or a file.
    """
    try:
        with _opened(folder) as held:
            return _listed(held)
    except FileNotFoundError:
        return []


def newest_step(folder: Path) -> int | None:
    """Step of the newest checkpoint, intact or not; None if there is none."""
    return next((int(path.stem.removeprefix("step-")) for path in list_checkpoints(folder)), None)


def _listed(folder: Folder) -> list[Path]:
    return [folder.path / name for name in reversed(folder.names()) if CHECKPOINT.fullmatch(name)]


def write_checkpoint(folder: Path, checkpoint: Checkpoint, *, create: bool = True) -> Path:
    """Write a checkpoint, verify it, and only then remove older ones.

    Args:
        folder: the folder of checkpoints; the run directory must exist.
        checkpoint: the checkpoint to write.
        create: whether to create ``folder`` if it is missing.

    Raises:
        NotPlain: the folder is a link or a file.
        OSError: the disk is full or read-only; earlier checkpoints are unchanged.
        CheckpointBroken: the data read back differs from the data written; earlier checkpoints are unchanged.
    """
    path = path_of(folder, checkpoint.step)
    state = json.dumps({"step": checkpoint.step, **checkpoint.state}, sort_keys=True)
    arrays = {name: np.asarray(array, order="C") for name, array in checkpoint.arrays.items()}
    with _opened(folder, create=create) as held:
        remove_leftovers(held)
        with replacing(path, held) as temporary:
            _require_written(temporary, write_tensors(temporary, arrays, {"state": state}, "state"), arrays)
        leave_to_disk(held.reach(path.name))
        # checkpoints of later steps must be broken, or the run would have resumed from them: do not count them as kept
        whole = [older for older in _listed(held) if older.name <= path.name and not _is_directory(held, older.name)]
        for older in whole[KEEP:]:
            held.unlink(older.name)
    return path


def remove_checkpoints(folder: Path) -> None:
    """Remove every checkpoint in a folder and leave all other files.

    Raises:
        OSError: a checkpoint cannot be removed.
    """
    for path in list_checkpoints(folder):
        with _opened(folder) as held:
            if not _is_directory(held, path.name):
                held.unlink(path.name)


def _is_directory(folder: Folder, name: str) -> bool:
    mode = folder.mode(name)
    return mode is not None and stat.S_ISDIR(mode)


def read_checkpoint(path: Path) -> Checkpoint:
    """Read and verify a checkpoint.

    Raises:
        CheckpointBroken: it is truncated, its checksum does not match, its format is wrong, or it is a directory.
        CheckpointUnfit: its checksum matches, but its state is invalid.
        NotPlain: it is a link, a FIFO or a device.
        OSError: it cannot be opened.
    """
    try:
        state, arrays = read_sealed(path, "state")
    except (SafetensorError, KeyError, ValueError) as error:
        raise CheckpointBroken(f"{path.name}: {error}") from error
    values = _values(path, state)
    return Checkpoint(values.pop("step"), values, arrays)


def read_sealed(path: Path, key: str) -> tuple[str, Arrays]:
    """The text and the arrays of a file that has a checksum of both.

    Args:
        path: of the file.
        key: of the text among the file's metadata.

    Raises:
        SafetensorError: the file is torn, or in another format.
        KeyError: it lacks the text or the checksum.
        ValueError: the checksum does not match.
        CheckpointBroken: it is a directory.
        NotPlain: it is a link, a FIFO or a device.
        OSError: it cannot be opened.
    """
    with openable(path) as plain, safe_open(plain, framework="np") as file:
        metadata = file.metadata() or {}
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
    text = metadata[key]
    if metadata["sha256"] != digest_of(text, arrays):
        raise ValueError("the checksum does not match")
    return text, arrays


def _values(path: Path, state: str) -> dict[str, Any]:
    try:
        values = json.loads(state)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        raise CheckpointUnfit(f"{path.name}: its state is not JSON: {reason}") from error
    step = values.get("step") if isinstance(values, dict) else None
    if type(step) is not int or not 0 <= step <= STEPS_AT_MOST:
        raise CheckpointUnfit(f"{path.name}: its state must have a step from 0 to {STEPS_AT_MOST:,}, got {shown(step)}")
    return dict(values)


@contextmanager
def openable(path: Path) -> Iterator[str]:
    """A path to exactly the file that was opened and found to be plain.

    Raises:
        CheckpointBroken: it is a directory.
        NotPlain: it is a link, a FIFO or a device.
        OSError: it cannot be opened.
    """
    if path.is_dir() and not path.is_symlink():
        raise CheckpointBroken(f"{path.name}: it is a directory")
    descriptor = open_plain(path)
    try:
        yield f"/dev/fd/{descriptor}"
    finally:
        os.close(descriptor)


def newest_checkpoint(folder: Path) -> tuple[Checkpoint | None, list[str]]:
    """The newest intact checkpoint, and the faults of newer, broken ones.

    Raises:
        CheckpointUnfit: it contains something that no run writes.
        OSError: a file cannot be opened.
    """
    broken: list[str] = []
    for path in list_checkpoints(folder):
        try:
            checkpoint = read_checkpoint(path)
        except CheckpointBroken as error:
            broken.append(str(error))
            continue
        if path.name != path_of(folder, checkpoint.step).name:
            raise CheckpointUnfit(f"{path.name}: its state belongs to step {checkpoint.step}")
        return checkpoint, broken
    return None, broken
