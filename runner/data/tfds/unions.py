"""Unions of splits: the examples of one after those of another."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from runner.data.tfds.ranges import Piece, Shards


class JoinedShards:
    """Examples of several slices, one slice after another.

    Args:
        parts: each slice's files and its number of examples.
        split: as the recipe writes it, for messages.
    """

    def __init__(self, parts: Sequence[tuple[Shards, int]], split: str) -> None:
        self.split = split
        self._parts = parts

    def pieces(self, start: int, stop: int) -> Iterator[Piece]:
        """Where examples ``start … stop - 1``, counted through all slices, lie.

        Raises:
            BrokenRecords: a file has not the records that the metadata says.
            OSError: it cannot be read.
        """
        before = 0
        for shards, count in self._parts:
            first, last = max(start - before, 0), min(stop - before, count)
            if first < last:
                yield from shards.pieces(first, last)
            before += count

    def identity(self, folder: Path) -> str:
        """SHA-256 of which examples of which files are wanted; of a single slice, that slice's own."""
        found = [shards.identity(folder, count) for shards, count in self._parts]
        return found[0] if len(found) == 1 else hashlib.sha256(json.dumps(found).encode()).hexdigest()
