"""From what a person names to batches: files, folders and stdin, one after another."""

import io
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from runner.errors import InputError
from runner.inference.inputs import images, texts
from runner.inference.inputs.arrays import array_batches
from runner.inference.inputs.csv_rows import row_batches
from runner.inference.inputs.in_memory import memory_batches
from runner.inference.inputs.input_kinds import TOGETHER, kind_of, of_a_folder
from runner.inference.inputs.series_rows import series_batches
from runner.inference.inputs.standard_input import stdin_batches
from runner.inference.inputs.table_rows import column_batches
from runner.inference.inputs.taken import Batch, Taken, TakenColumns, TakenTexts, TakenWindows, Takes
from runner.text import printable

STDIN = "-"


@dataclass(frozen=True)
class _Given:
    """Inputs of one kind that are read together."""

    kind: str
    files: tuple[tuple[str, Path], ...]


def batches(
    inputs: Sequence[str], taken: Takes, size: int, stdin: BinaryIO, note: Callable[[str], None]
) -> Iterator[Batch]:
    """All examples of what a person names, in that order, at most ``size`` at a time.

    Args:
        inputs: files, folders of images or texts, or ``-``.
        taken: what the model takes.
        size: most examples of a batch.
        stdin: read for ``-``.
        note: hears of files of a folder that are not read.

    Raises:
        InputError: at once for what is missing or of a kind that the model does not take; for what is wrong within a
            file when it is reached.
    """
    if inputs.count(STDIN) > 1:
        raise InputError("'-' is stdin, which can be read once")
    given = list(_grouped([_given(text, taken, note) for text in inputs]))
    return _read(given, taken, size, stdin, only=len(inputs) == 1)


def batches_of(inputs: Any, taken: Takes, size: int) -> Iterator[Batch]:
    """The examples that a program gives: a file, several, an array, or rows.

    Raises:
        InputError: as of :func:`batches` and :func:`runner.inference.inputs.in_memory.memory_batches`.
    """
    if isinstance(inputs, str | os.PathLike):
        inputs = [inputs]
    if not isinstance(inputs, np.ndarray) and inputs and all(isinstance(one, str | os.PathLike) for one in inputs):
        return batches(list(map(os.fspath, inputs)), taken, size, io.BytesIO(), lambda _: None)
    return memory_batches(inputs, taken, size)


def _given(text: str, taken: Takes, note: Callable[[str], None]) -> _Given:
    if text == STDIN:
        return _Given("stdin", ())
    path, name = Path(text), printable(text)
    if path.is_dir():
        return _folder(path, name, taken, note)
    if not path.exists():
        raise InputError(f"{name} is missing: inputs are files, folders of images or texts, or '-' for stdin")
    return _Given(kind_of(path, name, taken), ((name, path),))


def _folder(path: Path, name: str, taken: Takes, note: Callable[[str], None]) -> _Given:
    kind, endings = of_a_folder(taken, name)
    files = sorted(file for file in path.rglob("*") if file.is_file() and not _is_hidden(file.relative_to(path)))
    found = [file for file in files if file.suffix.lower() in endings]
    if not found:
        raise InputError(f"{name} holds no {kind} ({', '.join(endings)})")
    if len(found) < len(files):
        others = len(files) - len(found)
        note(f"{name}: passed over {others:,} file{'s' if others > 1 else ''} of other kinds")
    return _Given(kind, tuple((printable(str(file)), file) for file in found))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _grouped(given: Sequence[_Given]) -> Iterator[_Given]:
    """Files of one example each that follow one another are read as one, so that batches are full."""
    for kind, group in itertools.groupby(given, key=lambda one: one.kind if one.kind in TOGETHER else None):
        if kind is not None:
            yield _Given(kind, tuple(file for one in group for file in one.files))
        else:
            yield from group


def _read(given: Sequence[_Given], taken: Takes, size: int, stdin: BinaryIO, *, only: bool) -> Iterator[Batch]:
    for one in given:
        if one.kind == "stdin":
            yield from stdin_batches(stdin, taken, size, only=only)
        else:
            yield from _of_files(one, taken, size, only=only)


def _of_files(given: _Given, taken: Takes, size: int, *, only: bool) -> Iterator[Batch]:
    if given.kind == "text":
        yield from texts.text_batches(given.files, size)
        return
    if given.kind == "image":
        assert isinstance(taken, Taken)
        yield from images.image_batches(given.files, taken, size)
        return
    (name, path), *_ = given.files
    match taken:
        case TakenColumns():
            yield from column_batches(path, name, taken, size, only=only)
        case TakenTexts():
            yield from texts.cell_batches(path, name, taken, size, only=only)
        case TakenWindows() if given.kind == "series":
            yield from series_batches(path, name, taken, size, only=only)
        case Taken() if given.kind == "array":
            yield from array_batches(path, name, taken, size, only=only)
        case Taken():
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield from row_batches(file, name, taken, size, only=only)
