"""Folders of files in which a folder is a class, or a part that has folders of classes."""

import itertools
import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.data.path_list import Paths
from runner.diagnostics.spelling import suggest
from runner.errors import DataError

_PART_WORDS = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}


def said_part(path: Path) -> str | None:
    """The part that a file's name begins with, or that of its folder: ``train-00000.parquet``, ``test/data.arrow``."""
    begins = re.split(r"[-_.]", path.name.casefold())[0]
    return _PART_WORDS.get(begins) or _PART_WORDS.get(path.parent.name.casefold())


@dataclass(frozen=True)
class Labelled:
    """Files and their classes.

    Attributes:
        paths: by class, and by name within a class.
        labels: place of each file's class.
    """

    paths: Paths
    labels: tuple[int, ...]


@dataclass(frozen=True)
class Folders:
    """What a folder holds.

    Attributes:
        classes: names, sorted; those of the training part.
        parts: ``train``, ``validation`` and ``test`` as far as there are such folders; else all under ``all``.
        others: files that are of none of the endings, and are not read.
    """

    classes: tuple[str, ...]
    parts: dict[str, Labelled]
    others: int


def class_folders(folder: Path, endings: Collection[str]) -> Folders:
    """List the files of a folder a class, or of a folder a part with folders of classes.

    Names that begin with a dot are passed over, links to folders are not followed.

    Args:
        folder: that is listed.
        endings: of the files that are read, in small letters: ``.png``.

    Raises:
        DataError: there is no such folder, no class, an empty class, or a class that training lacks.
    """
    roots = _parts(folder)
    others, found = 0, {}
    for part, root in roots.items():
        found[part], ignored = _by_class(root, folder, endings)
        others += ignored
    first = next(iter(found))
    classes = tuple(sorted(found[first]))
    for part, by_class in found.items():
        _check_known(part, by_class, classes, folder)
    parts = {part: _labelled(by_class, classes) for part, by_class in found.items()}
    return Folders(classes, parts, others)


def document_files(folder: Path, endings: Collection[str]) -> dict[str, list[str]]:
    """Files of a folder and of those in it, sorted by their paths; by part where its folders are named for parts.

    Names that begin with a dot are passed over, links to folders are not followed, and only files are taken.

    Args:
        folder: that is listed.
        endings: of the files that are read, in small letters: ``.txt``.

    Raises:
        DataError: there is no such file, or a file is beside folders of parts.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise DataError(f"folder {folder} cannot be listed: {error.strerror or error}") from error
    within = [path for path in entries if path.is_dir() and not path.name.startswith(".")]
    apart = bool(within) and all(path.name.casefold() in _PART_WORDS for path in within)
    roots = _parts(folder) if apart else {"all": folder}
    found = {part: _of_endings(root, endings) for part, root in roots.items()}
    beside = [path.name for path in entries if apart and path.is_file() and path.suffix.lower() in endings]
    if beside:
        what = f"{folder.name} has folders of parts, and {beside[0]} beside them"
        raise DataError(what, "move it into one of them, or rename the folders")
    for part, files in found.items():
        if not files:
            where = roots[part].relative_to(folder.parent)
            raise DataError(f"{where} has no {' or '.join(sorted(endings))} file", "put files into it")
    return found


def _of_endings(root: Path, endings: Collection[str]) -> list[str]:
    files = sorted(_files(root), key=_by_parts)
    return [file for file in files if os.path.splitext(file)[1].lower() in endings and os.path.isfile(file)]


def _parts(folder: Path) -> dict[str, Path]:
    """Folders of parts, training first; or the folder itself."""
    named = {path: _PART_WORDS.get(path.name.casefold()) for path in _subfolders(folder)}
    if None in named.values():
        return {"all": folder}
    parts: dict[str, Path] = {}
    for path, part in named.items():
        assert part is not None
        if part in parts:
            raise DataError(f"{folder.name} has two folders for {part}: {parts[part].name} and {path.name}")
        parts[part] = path
    if "train" not in parts:
        raise DataError(f"{folder.name} has {', '.join(path.name for path in named)}, and no folder train")
    return {part: parts[part] for part in ("train", "validation", "test") if part in parts}


def _subfolders(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise DataError(f"folder {folder} cannot be listed: {error.strerror or error}") from error
    found = [path for path in entries if path.is_dir() and not path.name.startswith(".")]
    if not found:
        raise DataError(f"{folder.name} has no folders", "a folder for each class holds its files: cats/1.jpg")
    return found


def _by_class(root: Path, folder: Path, endings: Collection[str]) -> tuple[dict[str, list[str]], int]:
    found, others = {}, 0
    for path in _subfolders(root):
        files = sorted(_files(path), key=_by_parts)
        found[path.name] = [file for file in files if os.path.splitext(file)[1].lower() in endings]
        others += len(files) - len(found[path.name])
        if not found[path.name]:
            raise DataError(
                f"class folder {path.relative_to(folder.parent)} has no {' or '.join(sorted(endings))} file",
                "put files into it, or remove it",
            )
    return found, others


def _files(folder: Path) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(where, name) for name in names if not name.startswith("."))


def _by_parts(file: str) -> str:
    """What paths are sorted by, for the order of ``Path``: no character comes before the one that ends a part."""
    return file.replace(os.sep, "\0")


def _check_known(part: str, by_class: Collection[str], classes: tuple[str, ...], folder: Path) -> None:
    for name in sorted(by_class):
        if name not in classes:
            meant = suggest(name, classes)
            help = [f"did you mean {meant!r}?"] if meant else []
            raise DataError(f"{folder.name}: class {name!r} of {part} is not in train", *help)


def _labelled(by_class: dict[str, list[str]], classes: tuple[str, ...]) -> Labelled:
    files = [by_class.get(name, []) for name in classes]
    labels = [label for label, held in enumerate(files) for _ in held]
    return Labelled(Paths(list(itertools.chain.from_iterable(files))), tuple(labels))
