"""The chief's checkpoint for all workers: they need no common disk."""

import json

import numpy as np
from safetensors.numpy import load, save

from runner.engine.distributed.workers import Workers
from runner.record.checkpoint import Checkpoint

_STATE = "state"


def share(workers: Workers, checkpoint: Checkpoint | None) -> Checkpoint | None:
    """What the chief found, on all workers; None where it found nothing.

    Args:
        workers: of the run.
        checkpoint: the chief's; others give None.
    """
    if workers.count == 1:
        return checkpoint
    data = workers.broadcast(b"" if checkpoint is None else _packed(checkpoint))
    return _unpacked(data) if data else None


def _packed(checkpoint: Checkpoint) -> bytes:
    state = json.dumps({"step": checkpoint.step, **checkpoint.state}).encode()
    arrays = {f"array.{name}": np.asarray(array, order="C") for name, array in checkpoint.arrays.items()}
    return save({**arrays, _STATE: np.frombuffer(state, dtype=np.uint8)})


def _unpacked(data: bytes) -> Checkpoint:
    arrays = load(data)
    state = json.loads(arrays.pop(_STATE).tobytes())
    return Checkpoint(state.pop("step"), state, {name.removeprefix("array."): a for name, a in arrays.items()})
