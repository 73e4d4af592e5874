"""Windows in memory: the series is there once, and the values of a window are taken from it by position."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Array, AssembledExamples, Examples, Put

WINDOWS = 512
"""Windows that are looked at together where each is looked at once: their rows overlap, their values do not."""


class Rolling(NamedTuple):
    """Values of windows that overlap: of window i, ``values[starts[i] + offsets]``.

    On the host its fields are arrays, on a device tensors.
    """

    values: Any
    """Of all rows, shape ``(rows, …)``."""
    starts: Any
    """Place of each window's first row, shape ``(n,)``, int64."""
    offsets: Any
    """Places that are taken, counted from the first, shape ``(k,)``, or ``()`` for one; int64."""

    def taken(self, places: NDArray[Any] | slice) -> Array:
        """Values of some windows, shape ``(b, k, …)``; on the host."""
        found: Array = self.values[np.add.outer(self.starts[places], self.offsets)]
        return found

    def of(self, places: NDArray[Any] | slice) -> "Rolling":
        """Some of the windows; nothing is copied but their starts."""
        return self._replace(starts=self.starts[places])


@dataclass(frozen=True)
class WindowedExamples(AssembledExamples):
    """Windows of one part as examples in memory.

    Attributes:
        inputs: of the windows, ``(n, length, inputs)`` when taken.
        targets: of the windows, ``(n,)`` or ``(n, horizon · targets)`` when taken.
    """

    inputs: Rolling
    targets: Rolling
    weight: None = None

    def __len__(self) -> int:
        return len(self.inputs.starts)

    @property
    def x(self) -> Array:
        """Inputs of all windows, each with values of its own: for a few windows."""
        return self.inputs.taken(slice(None))

    @property
    def y(self) -> Array:
        """Targets of all windows."""
        return self.targets.taken(slice(None))

    def at(self, places: NDArray[Any] | slice) -> "WindowedExamples":
        """Some of them."""
        return WindowedExamples(self.inputs.of(places), self.targets.of(places))

    def apart(self) -> Examples:
        """Examples with values of their own: for a few windows."""
        return Examples(self.x, self.y)

    def placed(self, put: Put) -> tuple[Any, Any]:
        """Inputs and targets on a device."""
        return Rolling(*map(put, self.inputs)), Rolling(*map(put, self.targets))

    def digest(self) -> str:
        """SHA-256 of the values, of where windows start, and of what is taken."""
        digest = hashlib.sha256()
        for array in (*self.inputs, *self.targets):
            digest.update(f"{array.dtype.str} {array.shape}\n".encode())
            digest.update(np.ascontiguousarray(array).data.cast("B"))
        return digest.hexdigest()

    def blocks(self, size: int) -> Iterator[Examples]:
        """All of them in the order of time, ``size`` at a time."""
        for start in range(0, len(self), size):
            yield self.at(slice(start, start + size)).apart()

    def windows(self) -> Iterator["WindowedExamples"]:
        """All of them in the order of time, a part at a time."""
        return (self.at(slice(start, start + WINDOWS)) for start in range(0, len(self), WINDOWS))

    def each_target(self) -> Iterator[Array]:
        """Targets of all windows, a part at a time."""
        return (part.y for part in self.windows())
