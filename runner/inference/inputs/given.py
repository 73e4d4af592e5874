"""From what a person names to batches: files, folders and stdin, one after another."""

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from runner.errors import InputError
from runner.inference.inputs import images
from runner.inference.inputs.arrays import array_batches
from runner.inference.inputs.csv_rows import row_batches
from runner.inference.inputs.taken import Batch, Taken
from runner.text import printable

STDIN = "-"
_ARRAYS = (".npy", ".npz")
_STARTS = ((b"\x93NUMPY", "array"), (b"PK\x03\x04", "array"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"),
           (b"GIF8", "image"), (b"BM", "image"), (b"RIFF", "image"))  # fmt: skip
"""How files of each kind begin, where there is no name to go by."""


@dataclass(frozen=True)
class _Given:
    """Inputs of one kind that are read together."""

    kind: str
    files: tuple[tuple[str, Path], ...]


def batches(
    inputs: Sequence[str], taken: Taken, size: int, stdin: BinaryIO, note: Callable[[str], None]
) -> Iterator[Batch]:
    """All examples of what a person names, in that order, at most ``size`` at a time.

    Args:
        inputs: files, folders of images, or ``-``.
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


def _given(text: str, taken: Taken, note: Callable[[str], None]) -> _Given:
    if text == STDIN:
        return _Given("stdin", ())
    path, name = Path(text), printable(text)
    if path.is_dir():
        return _folder(path, name, taken, note)
    if not path.exists():
        raise InputError(f"{name} is missing: inputs are files, folders of images, or '-' for stdin")
    kind = _kind(path)
    if kind is None:
        raise InputError(f"{name}: inputs end in .npy, .npz, .csv or {', '.join(images.SUFFIXES)}")
    _require_kind(kind, name, taken)
    return _Given(kind, ((name, path),))


def _kind(path: Path) -> str | None:
    suffix = path.suffix.lower()
    if suffix in images.SUFFIXES:
        return "image"
    return "array" if suffix in _ARRAYS else "rows" if suffix in (".csv", ".txt") else None


def _require_kind(kind: str, name: str, taken: Taken) -> None:
    if kind == "image" and not taken.is_image:
        raise InputError(f"{name} is an image; the model takes {taken}")
    if kind == "rows" and not taken.is_vector:
        raise InputError(f"{name} has rows of numbers; the model takes {taken}", "give image files or .npy arrays")


def _folder(path: Path, name: str, taken: Taken, note: Callable[[str], None]) -> _Given:
    if not taken.is_image:
        raise InputError(f"{name} is a folder, which is for images; the model takes {taken}", "name the files")
    files = sorted(file for file in path.rglob("*") if file.is_file() and not _is_hidden(file.relative_to(path)))
    found = [file for file in files if _kind(file) == "image"]
    if not found:
        raise InputError(f"{name} holds no image ({', '.join(images.SUFFIXES)})")
    if len(found) < len(files):
        others = len(files) - len(found)
        note(f"{name}: passed over {others:,} file{'s' if others > 1 else ''} of other kinds")
    return _Given("image", tuple((printable(str(file)), file) for file in found))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _grouped(given: Sequence[_Given]) -> Iterator[_Given]:
    """Images that follow one another are read as one, so that batches are full."""
    for image, group in itertools.groupby(given, key=lambda one: one.kind == "image"):
        if image:
            yield _Given("image", tuple(file for one in group for file in one.files))
        else:
            yield from group


def _read(given: Sequence[_Given], taken: Taken, size: int, stdin: BinaryIO, *, only: bool) -> Iterator[Batch]:
    for one in given:
        if one.kind == "stdin":
            yield from _stdin(stdin, taken, size, only=only)
        elif one.kind == "image":
            yield from images.image_batches(one.files, taken, size)
        else:
            (name, path), *_ = one.files
            if one.kind == "array":
                yield from array_batches(path, name, taken, size, only=only)
            else:
                with path.open(encoding="utf-8-sig", newline="") as file:
                    yield from row_batches(file, name, taken, size, only=only)


def _stdin(stdin: BinaryIO, taken: Taken, size: int, *, only: bool) -> Iterator[Batch]:
    """Stdin by how it begins: an array, an image, or else rows."""
    buffered = stdin if isinstance(stdin, io.BufferedReader) else io.BufferedReader(stdin)  # type: ignore[type-var]
    start = buffered.peek(8)
    kind = next((kind for magic, kind in _STARTS if start.startswith(magic)), "rows")
    _require_kind(kind, "stdin", taken)
    if kind == "rows":
        yield from row_batches(io.TextIOWrapper(buffered, "utf-8-sig", newline=""), "stdin", taken, size, only=only)
    elif kind == "array":
        yield from array_batches(buffered.read(), "stdin", taken, size, only=only)
    else:
        decoded = images.decode(buffered.read(), "stdin", taken)
        yield Batch(["stdin"], decoded[None].astype("float32"))
