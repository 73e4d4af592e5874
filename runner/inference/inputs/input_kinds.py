"""Which kind of input a file is, and whether a model takes it."""

from pathlib import Path
from typing import Literal, assert_never

from runner.errors import InputError
from runner.inference.inputs import images, texts
from runner.inference.inputs.taken import Taken, TakenColumns, TakenTexts, TakenWindows, Takes

Kind = Literal["image", "array", "rows", "table", "text", "cells", "series"]
"""``rows`` of numbers; a ``table`` with named columns; a file of one ``text``, or ``cells`` that hold a text each;
a ``series`` of rows that follow one another."""
TOGETHER = ("image", "text")
"""Kinds of which a file is one example."""
_ARRAYS = (".npy", ".npz")
_ROWS = (".csv", ".txt")


def kind_of(path: Path, name: str, taken: Takes) -> Kind:
    """What a file is for the model.

    Raises:
        InputError: it is nothing that the model takes.
    """
    suffix = path.suffix.lower()
    match taken:
        case TakenColumns():
            return "table"
        case TakenTexts():
            return _of_texts(suffix, name)
        case TakenWindows() if suffix not in _ARRAYS:
            return "series"
        case Taken():
            kind: Kind | None = "image" if suffix in images.SUFFIXES else "array" if suffix in _ARRAYS else None
            kind = "rows" if suffix in _ROWS else kind
            if kind is None:
                raise InputError(f"{name}: inputs end in .npy, .npz, .csv or {', '.join(images.SUFFIXES)}")
            require_kind(kind, name, taken)
            return kind
        case _:
            assert_never(taken)


def _of_texts(suffix: str, name: str) -> Kind:
    if suffix in texts.SUFFIXES:
        return "text"
    if suffix in texts.TABLES:
        return "cells"
    raise InputError(f"{name}: the model takes texts; inputs end in {', '.join((*texts.SUFFIXES, *texts.TABLES))}")


def require_kind(kind: str, name: str, taken: Taken) -> None:
    """Refuse what a model of arrays does not take.

    Raises:
        InputError: saying what it takes.
    """
    if kind == "image" and not taken.is_image:
        raise InputError(f"{name} is an image; the model takes {taken}")
    if kind == "rows" and not taken.is_vector:
        shape = ", ".join(["n", *map(str, taken.shape)])
        files = "image files, or " if taken.is_image else ""
        ways = f"give {files}examples as a .npy file with an array of the shape ({shape})"
        raise InputError(f"{name} has rows of numbers; the model takes {taken}", ways)


def of_a_folder(taken: Takes, name: str) -> tuple[str, tuple[str, ...]]:
    """What the files of a folder are called and how they end.

    Raises:
        InputError: the model takes no file as one example.
    """
    if isinstance(taken, TakenTexts):
        return "text", texts.SUFFIXES
    if isinstance(taken, Taken) and taken.is_image:
        return "image", images.SUFFIXES
    raise InputError(f"{name} is a folder, which is for images and texts; the model takes {taken}", "name the files")
