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

KEEP = 2
"""Verified checkpoints that stay."""

_NAME = re.compile(r"step-(\d{12})\.safetensors")
_OS_ERROR = re.compile(r"\(os error (\d+)\)")

Arrays = Mapping[str, NDArray[Any]]


class CheckpointBroken(Exception):
    """The file is torn, flipped or of another form; the message says how."""


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


def newest_step(folder: Path) -> int | None:
    """Step of the newest checkpoint, whole or not; None: there is none."""
    return next((int(path.stem.removeprefix("step-")) for path in list_checkpoints(folder)), None)


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
        OSError: it cannot be opened.
    """
    try:
        with safe_open(path, framework="np") as file:
            metadata = file.metadata() or {}
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
        state = metadata["state"]
        if metadata["sha256"] != _digest(state, arrays):
            raise CheckpointBroken(f"{path.name}: the checksum does not match")
        values = json.loads(state)
        return Checkpoint(values.pop("step"), values, arrays)
    except (SafetensorError, KeyError, ValueError) as error:
        raise CheckpointBroken(f"{path.name}: {error}") from error


def newest_checkpoint(folder: Path) -> tuple[Checkpoint | None, list[str]]:
    """The newest checkpoint that is whole, and what was wrong with those passed over.

    Raises:
        OSError: a file cannot be opened.
    """
    broken: list[str] = []
    for path in list_checkpoints(folder):
        try:
            return read_checkpoint(path), broken
        except CheckpointBroken as error:
            broken.append(str(error))
    return None, broken
