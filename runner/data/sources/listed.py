"""Files of a folder a class, or of the rows of a table, as one list with labels."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from runner.data.files import WHOLE, FileFacts, file_facts, outside, sizes_of
from runner.data.folders import Folders
from runner.data.splits.shares import Indices
from runner.errors import DataError, KeyPath
from runner.hardware.cores import cores
from schemas.array_data import ImagesData, TextData

File = TypeVar("File")


@dataclass(frozen=True)
class Listed(Generic[File]):
    """Files and their labels.

    Attributes:
        paths: of the files.
        labels: of each, a class folder's name or a column's value.
        own: places of the files by the folder of the part that they lie in, or all of them under ``all``.
    """

    paths: tuple[File, ...]
    labels: tuple[str, ...]
    own: dict[str, Indices]


def keys_of_columns(data: ImagesData | TextData, example: str) -> dict[str, KeyPath]:
    """The columns that a recipe reads from its file, each with the key that names it.

    A column whose key is left out has the key of the file.

    Args:
        data: The source.
        example: The key of the column with the examples, ``text`` or ``path``.
    """
    keys = [example, "target", *(["weight"] if data.weight is not None else [])]
    return {getattr(data, key): ("data", key if key in data.model_fields_set else "file") for key in keys}


def listed(folders: Folders) -> Listed[Path]:
    """All files of the folders, one part after another."""
    paths: list[Path] = []
    labels: list[str] = []
    own: dict[str, Indices] = {}
    for part, found in folders.parts.items():
        own[part] = np.arange(len(paths), len(paths) + len(found.paths))
        paths += found.paths
        labels += [folders.classes[label] for label in found.labels]
    return Listed(tuple(paths), tuple(labels), own)


def chosen(files: Listed[File], places: Sequence[int]) -> Listed[File]:
    """Some of the files, at the given rising places."""
    new = {old: place for place, old in enumerate(places)}
    own = {part: np.array([new[k] for k in held.tolist() if k in new], np.int64) for part, held in files.own.items()}
    return Listed(tuple(files.paths[k] for k in places), tuple(files.labels[k] for k in places), own)


def known_files(paths: Sequence[Path]) -> tuple[FileFacts, ...]:
    """What is known of files, to notice a change: their content where that is less than 4 GiB, read on all cores.

    Raises:
        DataError: one cannot be read, or changes meanwhile.
    """
    with ThreadPoolExecutor(cores()) as pool:
        return tuple(pool.map(file_facts if sum(sizes_of(paths)) <= WHOLE else _outside, paths))


def _outside(path: Path) -> FileFacts:
    try:
        return outside(path)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from error


def manifest_hash(files: Sequence[FileFacts], labels: Sequence[str], root: Path, more: Mapping[str, object]) -> str:
    """SHA-256 of names, contents and labels of files, and of what else the examples depend on."""
    digest = hashlib.sha256(repr(sorted(more.items())).encode())
    start = os.path.join(root, "")
    for file, label in zip(files, labels, strict=True):
        path = str(file.path)  # Path.relative_to would take most of the time
        name = path[len(start) :] if path.startswith(start) else str(file.path.relative_to(root))
        digest.update(f"{name}\0{file.sha256}\0{label}\n".encode())
    return digest.hexdigest()


def require_same(files: Sequence[FileFacts]) -> None:
    """Whether files have the size and the time that the plan saw; nothing is read.

    Raises:
        DataError: one has not, or is gone.
    """
    for file in files:
        try:
            now = file.path.stat()
        except OSError as error:
            raise DataError(f"{file.path.name} can no longer be read: {error.strerror or error}") from error
        if (now.st_size, now.st_mtime_ns) != (file.size, file.modified):
            raise DataError(
                f"{file.path.parent.name}/{file.path.name} has changed since the run was planned",
                "restore the file, or start a new run",
            )
