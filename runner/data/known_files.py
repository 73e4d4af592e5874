"""What is known of many files, in columns."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from runner.data.files import FileFacts, file_content
from runner.data.path_list import Paths
from runner.errors import DataError

_DIGEST = 32
"""Bytes."""


@dataclass(frozen=True, eq=False)
class KnownFiles(Sequence[FileFacts]):
    """Facts of files in a row, each put together when it is asked for.

    Attributes:
        paths: of the files.
        sizes: in bytes, int64.
        modified: times of the last change in nanoseconds, int64.
        digests: SHA-256 of each content, one after another, 32 bytes each.
    """

    paths: Paths
    sizes: NDArray[np.int64]
    modified: NDArray[np.int64]
    digests: bytes

    @classmethod
    def of(cls, files: Iterable[FileFacts]) -> "KnownFiles":
        """The same facts."""
        held = list(files)
        return cls(
            Paths.of(file.path for file in held),
            np.array([file.size for file in held], np.int64),
            np.array([file.modified for file in held], np.int64),
            bytes.fromhex("".join(file.sha256 for file in held)),
        )

    def __len__(self) -> int:
        return len(self.paths)

    @overload
    def __getitem__(self, place: int) -> FileFacts: ...
    @overload
    def __getitem__(self, place: slice) -> "KnownFiles": ...
    def __getitem__(self, place: int | slice) -> "FileFacts | KnownFiles":
        if isinstance(place, slice):
            return self.at(range(len(self))[place])
        return FileFacts(
            self.paths[place], int(self.sizes[place]), int(self.modified[place]), self.sha256(place % len(self))
        )

    def sha256(self, place: int) -> str:
        """Of the content of a file, in hexadecimal digits."""
        return self.digests[place * _DIGEST : (place + 1) * _DIGEST].hex()

    def at(self, places: Sequence[int]) -> "KnownFiles":
        """Some of them."""
        chosen = np.array(places, np.int64)
        digests = np.frombuffer(self.digests, np.uint8).reshape(-1, _DIGEST)[chosen].tobytes()
        return KnownFiles(self.paths.at(places), self.sizes[chosen], self.modified[chosen], digests)

    def named(self) -> Iterator[tuple[str, str]]:
        """Path and SHA-256 of each."""
        return ((path, self.sha256(place)) for place, path in enumerate(self.paths.texts))

    def content(self, place: int) -> bytes:
        """Read a file, which has the size and the time that the plan saw.

        Raises:
            OSError: it cannot be read.
            DataError: it has changed since.
        """
        path = self.paths.texts[place]
        content, now = file_content(path)
        assert content is not None
        if (now.st_size, now.st_mtime_ns) != (self.sizes[place], self.modified[place]):
            raise _changed(Path(path))
        return content

    def require_same(self, places: NDArray[np.integer] | None = None) -> None:
        """Whether files have the size and the time that the plan saw; nothing is read, and each is looked at once.

        Args:
            places: of the files; None: all.

        Raises:
            DataError: one has not, or is gone.
        """
        asked = self if places is None else self.at(places.tolist())
        known = zip(asked.paths.texts, asked.sizes.tolist(), asked.modified.tolist(), strict=True)
        for path, size, modified in dict.fromkeys(known):
            try:
                now = os.stat(path)
            except OSError as error:
                raise DataError(f"{os.path.basename(path)} can no longer be read: {error.strerror or error}") from error
            if (now.st_size, now.st_mtime_ns) != (size, modified):
                raise _changed(Path(path))


def _changed(path: Path) -> DataError:
    return DataError(
        f"{path.parent.name}/{path.name} has changed since the run was planned",
        "restore the file, or start a new run",
    )
