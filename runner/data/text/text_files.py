"""Texts in files of a folder a class."""

from collections.abc import Iterable
from pathlib import Path

from runner.data.folders import Folders, class_folders
from runner.errors import DataError

ENDINGS = (".txt",)
"""Of names of files that are one text."""


def text_folders(folder: Path) -> Folders:
    """Text files in a folder a class, or in ``train``, ``validation`` and ``test`` with folders of classes.

    Raises:
        DataError: as of :func:`runner.data.folders.class_folders`.
    """
    return class_folders(folder, ENDINGS)


def read_texts(paths: Iterable[Path]) -> list[str]:
    """What files hold, without a byte order mark.

    Raises:
        DataError: one cannot be read, or is not in UTF-8.
    """
    return [_read(path) for path in paths]


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path.parent.name}/{path.name} is not in UTF-8: byte {error.object[error.start]:#x} "
            f"at place {error.start:,}",
            "save it in UTF-8",
        ) from error
