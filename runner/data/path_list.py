"""Many paths, held as texts."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import overload


class Paths(Sequence[Path]):
    """Paths in a row, each made when it is asked for.

    A ``Path`` takes some 500 bytes, and the collector of garbage looks at each again and again, which for 100,000 files
    takes longer than to list them.

    Args:
        texts: of the paths.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    @classmethod
    def of(cls, paths: Iterable[Path]) -> "Paths":
        """The same paths."""
        return paths if isinstance(paths, cls) else cls([str(path) for path in paths])

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> Path: ...
    @overload
    def __getitem__(self, place: slice) -> "Paths": ...
    def __getitem__(self, place: int | slice) -> "Path | Paths":
        return Paths(self.texts[place]) if isinstance(place, slice) else Path(self.texts[place])

    def at(self, places: Sequence[int]) -> "Paths":
        """Some of them."""
        return Paths([self.texts[k] for k in places])
