"""Every example of a dataset, read once: what is kept of it is small."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import BLOCK, Examples, Splits
from runner.workflows.dataset_check.looks import Looks, are_images, looks_of

Array = NDArray[Any]
_SAMPLE = 200_000
"""Rows of the training part whose inputs are kept to be compared with the target."""
_WIDEST = 10_000
"""Inputs of a row that are compared with the target."""


@dataclass(frozen=True)
class Scan:
    """What is kept of one part."""

    hashes: Array
    """Of the inputs of each example, 16 bytes in two numbers, shape ``(n, 2)``."""
    targets: Array
    """Shape ``(n,)`` or ``(n, targets)``."""
    uniform: NDArray[np.bool_]
    """Whether all inputs of an example are one number."""
    rows: Array | None
    """The first rows as they are, for inputs of one axis."""
    looks: Looks | None
    """Of images."""

    def __len__(self) -> int:
        return len(self.targets)


def scanned(dataset: Splits) -> dict[str, Scan]:
    """All parts, in the order train, validation, test."""
    parts = {"train": dataset.train, "validation": dataset.validation, "test": dataset.test}
    return {
        name: _scan(split.blocks(BLOCK), keep=name == "train") for name, split in parts.items() if split is not None
    }


def _scan(blocks: Iterator[Examples], *, keep: bool) -> Scan:
    hashes, targets, uniform, rows, kept = [], [], [], [], 0
    looks: list[Looks] = []
    for block in blocks:
        flat = np.ascontiguousarray(block.x.reshape(len(block), -1))
        hashes.append(_hashes(flat))
        targets.append(np.array(block.y))
        uniform.append((flat == flat[:, :1]).all(axis=1))
        if are_images(block.x.shape, block.x.dtype):
            looks.append(looks_of(block.x))
        if keep and block.x.ndim == 2 and block.x.shape[1] <= _WIDEST and kept < _SAMPLE:
            rows.append(np.array(flat[: _SAMPLE - kept]))
            kept += len(rows[-1])
    return Scan(
        np.concatenate(hashes),
        np.concatenate(targets),
        np.concatenate(uniform),
        np.concatenate(rows) if rows else None,
        _joined(looks) if looks else None,
    )


def _joined(looks: list[Looks]) -> Looks:
    return Looks(np.concatenate([look.hashes for look in looks]), np.concatenate([look.pictures for look in looks]))


def _hashes(flat: Array) -> Array:
    joined = b"".join(blake2b(row.data, digest_size=16).digest() for row in flat)
    return np.frombuffer(joined, np.uint64).reshape(-1, 2)
