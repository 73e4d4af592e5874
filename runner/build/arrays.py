"""Examples in memory."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Examples:
    """Inputs and targets of one split.

    ``x`` has shape ``(n, *input_shape)`` and is kept as it is stored (uint8 for images): the device scales
    it. ``y`` has shape ``(n,)``: int32 classes or float32 numbers.
    """

    x: Array
    y: Array

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Dataset:
    """The three splits; validation and test may be missing."""

    train: Examples
    validation: Examples | None
    test: Examples | None


def digests(dataset: Dataset) -> dict[str, str]:
    """SHA-256 of every split's inputs and targets, with their types and shapes."""
    splits = {"train": dataset.train, "validation": dataset.validation, "test": dataset.test}
    return {name: _digest(examples) for name, examples in splits.items() if examples is not None}


def _digest(examples: Examples) -> str:
    digest = hashlib.sha256()
    for array in (examples.x, examples.y):
        digest.update(f"{array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).data.cast("B"))
    return digest.hexdigest()


def example_order(seed: int, epoch: int, n: int) -> NDArray[np.int32]:
    """Order of the training examples in an epoch: a pure function of (seed, epoch).

    A counter-based generator keyed by both numbers, so that any epoch's order is known without drawing
    those before it; a checkpoint needs no iterator state.

    Args:
        seed: the recipe's seed.
        epoch: 0-based.
        n: number of examples.

    Returns:
        A permutation of ``0 … n-1``, int32.
    """
    generator = np.random.Generator(np.random.Philox(key=np.array([seed, epoch], dtype=np.uint64)))
    return generator.permutation(n).astype(np.int32)
