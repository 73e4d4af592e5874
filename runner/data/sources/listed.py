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
from runner.errors import DataError
from runner.hardware.cores import cores

File = TypeVar("File")
Said = str | tuple[str, ...]
"""A class, or a column's value; of several columns the value of each."""
Label = TypeVar("Label", bound=Said)


@dataclass(frozen=True)
class Listed(Generic[File, Label]):
    """Files and their labels.

    Attributes:
        paths: of the files.
        labels: of each, a class folder's name or what the columns of targets say.
        own: places of the files by the folder of the part that they lie in, or all of them under ``all``.
    """

    paths: Sequence[File]
    labels: tuple[Label, ...]
    own: dict[str, Indices]


def listed(folders: Folders) -> Listed[Path, str]:
    """All files of the folders, one part after another."""
    paths: list[str] = []
    labels: list[str] = []
    own: dict[str, Indices] = {}
    for part, found in folders.parts.items():
        own[part] = np.arange(len(paths), len(paths) + len(found.paths))
        paths += found.paths.texts
        labels += [folders.classes[label] for label in found.labels]
    return Listed(Paths(paths), tuple(labels), own)


def chosen(files: Listed[File, Label], places: Sequence[int]) -> Listed[File, Label]:
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


def manifest_hash(files: KnownFiles, labels: Sequence[Said], root: Path, more: Mapping[str, object]) -> str:
    """SHA-256 of names, contents and labels of files, and of what else the examples depend on."""
    digest = hashlib.sha256(repr(sorted(more.items())).encode())
    start = os.path.join(root, "")
    for (path, sha256), label in zip(files.named(), labels, strict=True):
        # Path.relative_to would take most of the time
        name = path[len(start) :] if path.startswith(start) else str(Path(path).relative_to(root))
        digest.update(f"{name}\0{sha256}\0{label}\n".encode())
    return digest.hexdigest()
