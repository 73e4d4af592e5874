"""Whether a replayed stretch is the run: held to what the run recorded, and to its checkpoint after the step."""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.events import Steps
from runner.record.checkpoint import Checkpoint
from runner.record.history import HistoryRow

_TOLD = 3
Arrays = Mapping[str, NDArray[Any]]
Values = tuple[float | None, ...]
"""Learning rate, momentum, weight decay and loss of a step."""


@dataclass(frozen=True)
class Proof:
    """What was compared, to the bit."""

    steps: int
    """Recorded steps with which loss, learning rate and momentum were compared."""
    differing: tuple[str, ...]
    """The first steps that differ, in words."""
    weights: str
    """SHA-256 of the weights after the step."""
    recorded_weights: str | None
    """The same of the run's checkpoint; None: it has none of that step."""
    variables: tuple[str, ...] = ()
    """Variables that differ from the checkpoint's."""

    @property
    def holds(self) -> bool:
        """Whether everything that could be compared is equal."""
        return not self.differing and not self.variables


def prove(
    recorded: Mapping[int, HistoryRow], made: Sequence[Steps], after: Arrays, checkpoint: Checkpoint | None
) -> Proof:
    """Compare a replay with its run.

    Args:
        recorded: what the run recorded of the replayed steps.
        made: the replayed steps, in order, up to the one that was looked into.
        after: all variables after it.
        checkpoint: the run's state after it; None: there is none.
    """
    ours = {step: values for event in made for step, values in _rows(event)}
    compared = [step for step in recorded if step in ours]
    differing = [
        f"step {step:,}: recorded {_said(_values(recorded[step]))}; replayed {_said(ours[step])}"
        for step in compared
        if not _equal(_values(recorded[step]), ours[step])
    ]
    unequal = () if checkpoint is None else tuple(_unequal(after, checkpoint.arrays))
    theirs = None if checkpoint is None else weights_digest(checkpoint.arrays)
    return Proof(len(compared), tuple(differing[:_TOLD]), weights_digest(after), theirs, unequal)


def weights_digest(arrays: Arrays) -> str:
    """SHA-256 of the model's variables: of name, type, shape and bytes of each, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(name for name in arrays if name.startswith("model.")):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _unequal(after: Arrays, recorded: Arrays) -> Iterator[str]:
    for name in sorted({*after, *(name for name in recorded if not name.startswith("best."))}):
        one, other = after.get(name), recorded.get(name)
        if one is None or other is None or one.shape != other.shape or one.tobytes() != other.tobytes():
            yield name


def _rows(event: Steps) -> Iterator[tuple[int, Values]]:
    driven = event.hyperparameters
    for k, loss in enumerate(event.loss):
        acted = (driven[name][k] if name in driven else None for name in Steps.HYPERPARAMETERS)
        yield event.first_step + k, (*acted, loss)


def _values(row: HistoryRow) -> Values:
    return (*(getattr(row, name) for name in Steps.HYPERPARAMETERS), row.loss)


def _equal(one: Values, other: Values) -> bool:
    def same(a: float | None, b: float | None) -> bool:
        return a == b or (a is not None and b is not None and math.isnan(a) and math.isnan(b))

    return all(same(a, b) for a, b in zip(one, other, strict=True))


def _said(values: Values) -> str:
    names = (*Steps.HYPERPARAMETERS, "loss")
    pairs = zip(names, values, strict=True)
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in pairs if value is not None)
