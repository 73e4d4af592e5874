"""Examples in memory."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Examples:
    """Inputs and targets of one split, and their weights where they have some.

    ``x`` has shape ``(n, *input_shape)`` and is kept as it is stored (uint8 for images): the device scales
    it. ``y`` has shape ``(n,)``: int32 classes or float32 numbers. ``weight`` has shape ``(n,)``, float32.
    """

    x: Array
    y: Array
    weight: Array | None = None

    def __len__(self) -> int:
        return len(self.x)

    def at(self, places: NDArray[Any] | slice) -> "Examples":
        """Some of them."""
        return Examples(self.x[places], self.y[places], None if self.weight is None else self.weight[places])

    def apart(self) -> "Examples":
        """They have inputs of their own."""
        return self

    def put(self, start: int, part: "Examples") -> None:
        """Fill in a part from ``start`` on, which has weights if these have."""
        places = slice(start, start + len(part))
        self.x[places], self.y[places] = part.x, part.y
        if self.weight is not None:
            self.weight[places] = part.weight

    def digest(self) -> str:
        """SHA-256 of inputs, targets and weights, with their types and shapes."""
        return digest_of((self.x, self.y, self.weight))

    def blocks(self, size: int) -> Iterator["Examples"]:
        """All of them at once: they are in memory already."""
        yield self

    def each_target(self) -> Iterator[Array]:
        """All targets at once."""
        yield self.y


def digest_of(arrays: Iterable[Array | None]) -> str:
    """SHA-256 of those that are there, with their types and shapes."""
    digest = hashlib.sha256()
    for array in arrays:
        if array is not None:
            digest.update(f"{array.dtype.str} {array.shape}\n".encode())
            digest.update(np.ascontiguousarray(array).data.cast("B"))
    return digest.hexdigest()


Put = Callable[[Array], Any]
"""Puts an array on every replica's device."""


class AssembledExamples(ABC):
    """Examples in memory whose inputs are put together where they are taken, because that is smaller.

    They are a :class:`Split`.
    """

    weight: Array | None

    @abstractmethod
    def __len__(self) -> int:
        """Number of examples."""

    @property
    @abstractmethod
    def y(self) -> Array:
        """Targets of all examples."""

    @abstractmethod
    def at(self, places: NDArray[Any] | slice) -> Self:
        """Some of them."""

    @abstractmethod
    def apart(self) -> Examples:
        """Examples with inputs of their own: for a few of them."""

    @abstractmethod
    def placed(self, put: Put) -> tuple[Any, Any]:
        """Inputs and targets on a device, for :func:`runner.data.feed.taken_at`."""

    @abstractmethod
    def digest(self) -> str:
        """What they are, in 64 hexadecimal digits."""

    @abstractmethod
    def blocks(self, size: int) -> Iterator[Examples]:
        """All of them in their order, ``size`` at a time."""

    @abstractmethod
    def each_target(self) -> Iterator[Array]:
        """Targets of all examples, a part at a time."""


class Split(Protocol):
    """Examples that serve for one purpose, in memory or on a disk."""

    def __len__(self) -> int:
        """Number of examples."""

    def digest(self) -> str:
        """What they are, in 64 hexadecimal digits."""

    def blocks(self, size: int) -> Iterator[Examples]:
        """All of them in the files' order, a part at a time; ``size`` examples where they have to be read."""

    def each_target(self) -> Iterator[Array]:
        """The targets of all of them in the files' order, a part at a time, without the inputs where that can be."""


@dataclass(frozen=True)
class Dataset:
    """The three splits; validation and test may be missing."""

    train: Split
    validation: Split | None
    test: Split | None


class Splits(Protocol):
    """A dataset, or one that is on its way."""

    @property
    def train(self) -> Split:
        """Examples that train."""

    @property
    def validation(self) -> Split | None:
        """Examples evaluated after every epoch."""

    @property
    def test(self) -> Split | None:
        """Examples evaluated once, at the end."""


def joined(parts: Sequence[Examples]) -> Examples:
    """The examples of all parts, one part after another."""
    if len(parts) == 1:
        return parts[0]
    weights = [part.weight for part in parts if part.weight is not None]
    x, y = np.concatenate([part.x for part in parts]), np.concatenate([part.y for part in parts])
    return Examples(x, y, np.concatenate(weights) if weights else None)


BLOCK = 4096
"""Examples that are read at a time where each is looked at once."""


def labels(split: Split) -> Array:
    """All targets of a split, in the files' order, shape ``(n,)``."""
    return np.concatenate(list(split.each_target()))


def digests(dataset: Splits) -> dict[str, str]:
    """SHA-256 of every split."""
    splits = {"train": dataset.train, "validation": dataset.validation, "test": dataset.test}
    return {name: split.digest() for name, split in splits.items() if split is not None}


def example_order(seed: int, epoch: int, n: int) -> NDArray[np.int32]:
    """RunRequest of the training examples in an epoch: a pure function of (seed, epoch).

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
