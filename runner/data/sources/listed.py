"""Files of a folder a class, or of the rows of a table, as one list with labels."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from runner.data.files import WHOLE, FileFacts, file_facts, outside, total_size
from runner.data.folders import Folders
from runner.data.known_files import KnownFiles
from runner.data.path_list import Paths
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

    paths: Sequence[File]
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
    paths: list[str] = []
    labels: list[str] = []
    own: dict[str, Indices] = {}
    for part, found in folders.parts.items():
        own[part] = np.arange(len(paths), len(paths) + len(found.paths))
        paths += found.paths.texts
        labels += [folders.classes[label] for label in found.labels]
    return Listed(Paths(paths), tuple(labels), own)


def chosen(files: Listed[File], places: Sequence[int]) -> Listed[File]:
    """Some of the files, at the given rising places."""
    if len(places) == len(files.paths):
        return files
    new = {old: place for place, old in enumerate(places)}
    own = {part: np.array([new[k] for k in held.tolist() if k in new], np.int64) for part, held in files.own.items()}
    return Listed(tuple(files.paths[k] for k in places), tuple(files.labels[k] for k in places), own)


def known_files(paths: Sequence[Path]) -> KnownFiles:
    """What is known of files, to notice a change: their content where that is less than 4 GiB, read on all cores.

    Raises:
        DataError: one cannot be read, or changes meanwhile.
    """
    with ThreadPoolExecutor(cores()) as pool:
        return KnownFiles.of(pool.map(file_facts if total_size(Paths.of(paths).texts) <= WHOLE else _outside, paths))


def _outside(path: Path) -> FileFacts:
    try:
        return outside(path)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from error


def manifest_hash(files: KnownFiles, labels: Sequence[str], root: Path, more: Mapping[str, object]) -> str:
    """SHA-256 of names, contents and labels of files, and of what else the examples depend on."""
    digest = hashlib.sha256(repr(sorted(more.items())).encode())
    start = os.path.join(root, "")
    for (path, sha256), label in zip(files.named(), labels, strict=True):
        # Path.relative_to would take most of the time
        name = path[len(start) :] if path.startswith(start) else str(Path(path).relative_to(root))
        digest.update(f"{name}\0{sha256}\0{label}\n".encode())
    return digest.hexdigest()
