"""What comes from stdin, by how it begins."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from runner.inference.inputs import images
from runner.inference.inputs.arrays import array_batches
from runner.inference.inputs.csv_rows import row_batches
from runner.inference.inputs.input_kinds import require_kind
from runner.inference.inputs.table_rows import column_batches
from runner.inference.inputs.taken import Batch, Taken, TakenColumns, TakenTexts, Takes
from runner.inference.inputs.texts import line_batches

NAME = "stdin"
_STARTS = ((b"\x93NUMPY", "array"), (b"PK\x03\x04", "array"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"),
           (b"GIF8", "image"), (b"BM", "image"), (b"RIFF", "image"))  # fmt: skip
"""How files of each kind begin, where there is no name to go by."""


def stdin_batches(stdin: BinaryIO, taken: Takes, size: int, *, only: bool) -> Iterator[Batch]:
    """The examples of stdin: a table, texts a line each, an array, an image, or rows of numbers.

    Args:
        stdin: that is read to its end.
        taken: what the model takes.
        size: most examples of a batch.
        only: whether there is no other input.

    Raises:
        InputError: it is not what the model takes.
    """
    buffered: Any = stdin if isinstance(stdin, io.BufferedReader) else io.BufferedReader(stdin)
    if isinstance(taken, TakenColumns):
        return _table(buffered, taken, size, only=only)
    if isinstance(taken, TakenTexts):
        return line_batches(buffered, size, only=only)
    return _of_shape(buffered, taken, size, only=only)


def _table(stdin: io.BufferedReader, taken: TakenColumns, size: int, *, only: bool) -> Iterator[Batch]:
    """From a file on the disk: Parquet is read from its end, and a broken row of CSV is looked for from the start."""
    with TemporaryDirectory(prefix="recipe-stdin-") as folder:
        path = Path(folder) / (f"{NAME}.parquet" if stdin.peek(4).startswith(b"PAR1") else NAME)
        with path.open("wb") as file:
            shutil.copyfileobj(stdin, file)
        yield from column_batches(path, NAME, taken, size, only=only)


def _of_shape(stdin: io.BufferedReader, taken: Taken, size: int, *, only: bool) -> Iterator[Batch]:
    start = stdin.peek(8)
    kind = next((kind for magic, kind in _STARTS if start.startswith(magic)), "rows")
    require_kind(kind, NAME, taken)
    if kind == "rows":
        yield from row_batches(io.TextIOWrapper(stdin, "utf-8-sig", newline=""), NAME, taken, size, only=only)
    elif kind == "array":
        yield from array_batches(stdin.read(), NAME, taken, size, only=only)
    else:
        decoded = images.decode(stdin.read(), NAME, taken)
        yield Batch([NAME], decoded[None].astype("float32"))
