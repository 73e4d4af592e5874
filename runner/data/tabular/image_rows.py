"""Rows with images in memory: numbers as float32, pixels as bytes, put beside one another where they are taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Array, AssembledExamples, Examples, Put, digest_of

_LARGEST = 1 << 26
"""Bytes of rows in float32 that are looked at together."""


class Beside(NamedTuple):
    """Numbers and pixels of rows, which are one row of numbers when taken.

    On the host its fields are arrays, on a device tensors.
    """

    numbers: Any
    """Shape ``(n, numbers)``, float32."""
    pixels: Any
    """Of all images of a row, one after another, shape ``(n, pixels)``, uint8."""


@dataclass(frozen=True)
class ImageRows(AssembledExamples):
    """Rows with images as examples in memory.

    Attributes:
        inputs: of the rows, ``(n, numbers + pixels)`` when taken.
        targets: of the rows.
        weight: their weights, where they have some.
    """

    inputs: Beside
    targets: Array
    weight: Array | None = None

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def y(self) -> Array:
        """Targets of all rows."""
        return self.targets

    @property
    def x(self) -> Array:
        """Inputs of all rows in float32: for a few rows."""
        return np.concatenate(self.inputs, axis=1, dtype=np.float32)

    def at(self, places: NDArray[Any] | slice) -> "ImageRows":
        """Some of them."""
        numbers, pixels = (part[places] for part in self.inputs)
        return ImageRows(Beside(numbers, pixels), self.y[places], None if self.weight is None else self.weight[places])

    def apart(self) -> Examples:
        """Examples with their inputs in float32: for a few rows."""
        return Examples(self.x, self.y, self.weight)

    def placed(self, put: Put) -> tuple[Any, Any]:
        """Inputs and targets on a device."""
        targets = put(self.y)
        return Beside(*map(put, self.inputs)), targets if self.weight is None else (targets, put(self.weight))

    def digest(self) -> str:
        """SHA-256 of numbers, pixels, targets and weights, with their types and shapes."""
        return digest_of((*self.inputs, self.y, self.weight))

    def blocks(self, size: int) -> Iterator[Examples]:
        """All of them in the files' order, ``size`` at a time, or fewer where their pixels in float32 are many."""
        row = 4 * sum(part.shape[1] for part in self.inputs)
        step = max(min(size, _LARGEST // row), 1)
        for start in range(0, len(self), step):
            yield self.at(slice(start, start + step)).apart()

    def each_target(self) -> Iterator[Array]:
        """All targets at once."""
        yield self.y
