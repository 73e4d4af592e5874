"""Checkpoints: files that are whole or recognised as broken.

A checkpoint is a safetensors file (arrays and text, no code). Its metadata holds the state as JSON and a SHA-256
over state and arrays. It is written beside, flushed and renamed; the one before is kept until the new one has been
read back and verified. Names carry the step, and order is by step, never by a clock.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from runner.disk.atomic import replacing
from runner.disk.folder import Folder, open_plain
from runner.errors import CheckpointBroken, CheckpointUnfit
from runner.fields import STEPS_AT_MOST, shown
from runner.record.contents import CHANGED, CHECKPOINT, remove_leftovers

KEEP = 2
"""Verified checkpoints that stay."""

_OS_ERROR = re.compile(r"\(os error (\d+)\)")

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Checkpoint:
    """What a run needs to go on."""

    step: int
    state: dict[str, Any]
    """Plain values: position, sums, plateau, stopping, best so far, fingerprints."""
    arrays: Arrays
    """Variables of model and optimizer, and the best weights."""


def _digest(state: str, arrays: Arrays) -> str:
    """SHA-256 over the state and every array's name, type, shape and bytes."""
    digest = hashlib.sha256(state.encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.asarray(array, order="C").reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def path_of(folder: Path, step: int) -> Path:
    """File of the checkpoint of a step."""
    return folder / f"step-{step:012}.safetensors"


@contextmanager
def _opened(folder: Path, *, create: bool = False) -> Iterator[Folder]:
    """The folder of checkpoints, and that above it, opened without following a link within the run."""
    own = folder.parts[-2:] if CHANGED.fullmatch(folder.name) else folder.parts[-1:]
    with ExitStack() as stack:
        held = stack.enter_context(Folder(folder.parents[len(own) - 1]))
        for name in own:
            held = stack.enter_context(held.child(name, create=create))
        yield held


def list_checkpoints(folder: Path) -> list[Path]:
    """All checkpoints of a run, newest first by step.

    Raises:
        NotPlain: the folder is a link or a file.
    """
    try:
        with _opened(folder) as held:
            return _listed(held)
    except FileNotFoundError:
        return []


def newest_step(folder: Path) -> int | None:
    """Step of the newest checkpoint, whole or not; None: there is none."""
    return next((int(path.stem.removeprefix("step-")) for path in list_checkpoints(folder)), None)


def _listed(folder: Folder) -> list[Path]:
    return [folder.path / name for name in reversed(folder.names()) if CHECKPOINT.fullmatch(name)]


def write_checkpoint(folder: Path, checkpoint: Checkpoint, *, create: bool = True) -> Path:
    """Write a checkpoint, verify it, and only then let the older ones go.

    Args:
        folder: of the checkpoints; the folder of the run exists.
        checkpoint: what is written.
        create: whether to make ``folder`` when it is missing.

    Raises:
        NotPlain: the folder is a link or a file.
        OSError: the disk is full or read-only; the checkpoints before are as they were.
        CheckpointBroken: what was read back is not what was written; the checkpoints before are as they were.
    """
    path = path_of(folder, checkpoint.step)
    state = json.dumps({"step": checkpoint.step, **checkpoint.state}, sort_keys=True)
    arrays = {name: np.asarray(array, order="C") for name, array in checkpoint.arrays.items()}
    metadata = {"state": state, "sha256": _digest(state, arrays)}
    with _opened(folder, create=create) as held:
        remove_leftovers(held)
        with replacing(path, held) as temporary:
            _save(arrays, temporary, metadata)
            read_checkpoint(temporary)
        # newer ones are not whole, or this one would not be written: none of them is worth an older one
        whole = [older for older in _listed(held) if older.name <= path.name and not _is_directory(held, older.name)]
        for older in whole[KEEP:]:
            held.unlink(older.name)
    return path


def remove_checkpoints(folder: Path) -> None:
    """Remove every checkpoint of a folder; what else stands in it is left.

    Raises:
        OSError: one cannot be removed.
    """
    for path in list_checkpoints(folder):
        with _opened(folder) as held:
            if not _is_directory(held, path.name):
                held.unlink(path.name)


def _is_directory(folder: Folder, name: str) -> bool:
    mode = folder.mode(name)
    return mode is not None and stat.S_ISDIR(mode)


def _save(arrays: dict[str, NDArray[Any]], path: Path, metadata: dict[str, str]) -> None:
    try:
        save_file(arrays, path, metadata)
    except SafetensorError as error:  # its own wrapping of a full disk, which has the number in its text alone
        number = _OS_ERROR.search(str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1]))) from error


def read_checkpoint(path: Path) -> Checkpoint:
    """Read and verify a checkpoint.

    Raises:
        CheckpointBroken: it is torn, its checksum does not match, it has another form or is a directory.
        CheckpointUnfit: its checksum matches, but its state is none.
        NotPlain: it is a link, a FIFO or a device.
        OSError: it cannot be opened.
    """
    try:
        with _openable(path) as plain, safe_open(plain, framework="np") as file:
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
        state = metadata["state"]
        if metadata["sha256"] != _digest(state, arrays):
            raise CheckpointBroken(f"{path.name}: the checksum does not match")
    except (SafetensorError, KeyError, ValueError) as error:
        raise CheckpointBroken(f"{path.name}: {error}") from error
    values = _values(path, state)
    return Checkpoint(values.pop("step"), values, arrays)


def _values(path: Path, state: str) -> dict[str, Any]:
    try:
        values = json.loads(state)
    except (ValueError, RecursionError) as error:
        said = "nested too deeply" if isinstance(error, RecursionError) else error
        raise CheckpointUnfit(f"{path.name}: its state is not JSON: {said}") from error
    step = values.get("step") if isinstance(values, dict) else None
    if type(step) is not int or not 0 <= step <= STEPS_AT_MOST:
        raise CheckpointUnfit(f"{path.name}: its state must have a step from 0 to {STEPS_AT_MOST:,}, got {shown(step)}")
    return dict(values)


@contextmanager
def _openable(path: Path) -> Iterator[str]:
    """A path to the very file that was opened as a plain one.

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
    """The newest checkpoint that is whole, and what was wrong with those passed over.

    Raises:
        CheckpointUnfit: it holds what no run writes.
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
            raise CheckpointUnfit(f"{path.name}: its state is of step {checkpoint.step}")
        return checkpoint, broken
    return None, broken
