"""A canvas of dots within characters: braille, or dots and colons if a terminal supports only ASCII."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runner.plots.polyline import dense


@dataclass(frozen=True)
class Cell:
    """The dots of one character."""

    weights: tuple[tuple[int, ...], ...]
    """Bit of each dot, row by row."""
    characters: str
    """The character for every combination of bits; the first is empty."""

    @property
    def down(self) -> int:
        """Number of rows of dots."""
        return len(self.weights)

    @property
    def across(self) -> int:
        """Number of columns of dots."""
        return len(self.weights[0])


BRAILLE = Cell(((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)), " " + "".join(map(chr, range(0x2801, 0x2900))))
"""2 by 4 dots. The empty character is a space rather than the empty braille pattern, so that lines can be stripped."""
ASCII = Cell(((1,), (2,)), " '.:")
"""1 by 2 dots."""


class Canvas:
    """Curves over the unit square, drawn with dots."""

    def __init__(self, columns: int, rows: int, cell: Cell) -> None:
        """Create an empty canvas.

        Args:
            columns: width in characters, at least 1.
            rows: height in lines, at least 1.
            cell: the kind of character.
        """
        self._cell = cell
        self._dots = np.zeros((rows * cell.down, columns * cell.across), dtype=bool)

    def trace(self, x: NDArray[np.float64], y: NDArray[np.float64], *, dashed: bool = False) -> None:
        """Draw a line through points, with x from left to right and y from bottom to top, both in [0, 1]."""
        down, across = (side - 1 for side in self._dots.shape)
        path = np.rint(dense(np.column_stack([x * across, (1 - y) * down]), 0.5)).astype(np.int64)
        if dashed:
            path = path[path[:, 0] // self._cell.across % 2 == 0]
        self._dots[path[:, 1], path[:, 0]] = True

    def lines(self) -> list[str]:
        """The canvas as text, top line first, without trailing spaces."""
        cell = self._cell
        rows, columns = self._dots.shape[0] // cell.down, self._dots.shape[1] // cell.across
        blocks = self._dots.reshape(rows, cell.down, columns, cell.across).astype(np.int64)
        bits = np.einsum("rdca,da->rc", blocks, np.array(cell.weights))
        return ["".join(cell.characters[b] for b in row).rstrip() for row in bits.tolist()]
