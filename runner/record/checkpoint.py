"""Checkpoints: files that are whole or recognised as broken.

A checkpoint is a safetensors file (arrays and text, no code). Its metadata holds the state as JSON and a SHA-256
over state and arrays. It is written beside, flushed and renamed; the one before is kept until the new one has been
read back and verified. Names carry the step, and order is by step, never by a clock.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from runner.record.atomic import remove_leftovers, replacing
from runner.record.fields import STEPS_AT_MOST, shown

KEEP = 2
"""Verified checkpoints that stay."""

_NAME = re.compile(r"step-(\d{12})\.safetensors")
_OS_ERROR = re.compile(r"\(os error (\d+)\)")

Arrays = Mapping[str, NDArray[Any]]


class CheckpointBroken(Exception):
    """The file is torn, flipped or of another form; the message says how."""


class CheckpointUnfit(Exception):
    """The file is whole, but holds what no run writes; the message says where.

    No chance breaks a file so that its checksum still fits: it is refused, and no older one taken in its place.
    """


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


def list_checkpoints(folder: Path) -> list[Path]:
    """All checkpoints of a run, newest first by step."""
    found = [path for path in folder.glob("step-*.safetensors") if _NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: path.name, reverse=True)


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write a checkpoint, verify it, and only then let the older ones go.

    Raises:
        OSError: the disk is full or read-only; the checkpoints before are as they were.
        CheckpointBroken: what was read back is not what was written; the checkpoints before are as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    remove_leftovers(folder)
    path = path_of(folder, checkpoint.step)
    state = json.dumps({"step": checkpoint.step, **checkpoint.state}, sort_keys=True)
    arrays = {name: np.asarray(array, order="C") for name, array in checkpoint.arrays.items()}
    metadata = {"state": state, "sha256": _digest(state, arrays)}
    with replacing(path) as temporary:
        _save(arrays, temporary, metadata)
        read_checkpoint(temporary)
    for older in list_checkpoints(folder)[KEEP:]:
        older.unlink()
    return path


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
        CheckpointBroken: it is torn, its checksum does not match, or it has another form.
        CheckpointUnfit: its checksum matches, but its state is none.
        OSError: it cannot be opened.
    """
    try:
        with safe_open(path, framework="np") as file:
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
