"""Predicts on what a person gives, batch by batch, into a file or a stream."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import TextIO

import numpy as np

from runner.disk.atomic import replacing
from runner.errors import InputError
from runner.inference.inputs.taken import Batch
from runner.inference.predictions import Row, Table
from runner.inference.unseen_words import UnseenWords
from runner.inference.writers import TEXT_WRITERS, Form, ParquetWriter, Writer

_HIGH, _LOW = 4.0, 1 / 64
"""Inputs that are trained on are scaled to about 1; beyond these bounds they are likely of another range."""


def require_free(path: Path, *, force: bool) -> None:
    """Refuse to write where something is.

    Raises:
        InputError: there is a file and no ``force``, or the folder is missing.
    """
    if path.is_dir() or not path.parent.is_dir():
        what = "is a folder" if path.is_dir() else "would lie in a folder that is missing"
        raise InputError(f"--output: must name a file in an existing folder; {path} {what}")
    if path.exists() and not force:
        raise InputError(f"--output: {path} already exists", "name another file, or use --force to replace it")


@contextmanager
def opened(wording: Table, form: Form, output: Path | None, stdout: TextIO) -> Iterator[Writer]:
    """A writer to a file, which is there once all is written, or to stdout."""
    with ExitStack() as stack:
        path = stack.enter_context(replacing(output)) if output is not None else None
        if form == "parquet":
            assert path is not None
            writer: Writer = ParquetWriter(wording, path)
        else:
            out = stack.enter_context(path.open("x", encoding="utf-8", newline="")) if path is not None else stdout
            writer = TEXT_WRITERS[form](wording, out)
        yield writer
        writer.close()


def predict_all(
    batches: Iterable[Batch], rows: Callable[[Batch], Iterable[Row]], writer: Writer, unseen: UnseenWords
) -> int:
    """Write a row for every example, and count those that have no prediction because they lack a value.

    Args:
        batches: the examples.
        rows: a batch to its rows.
        writer: takes the rows.
        unseen: counts the categories that the model does not know.

    Raises:
        InputError: there is no example, or one cannot be used.
    """
    count = lacking = 0
    for batch in batches:
        writer.write(rows(batch), unseen.look(batch.x))
        count += len(batch.ids)
        lacking += 0 if batch.lacking is None else int(batch.lacking.sum())
    if count == 0:
        raise InputError("there is no example in the inputs")
    return lacking


def watched(batches: Iterator[Batch], scale: object, note: Callable[[str], None]) -> Iterator[Batch]:
    """The same batches; a remark where the first one is of another range than the model was trained on.

    Args:
        batches: the examples.
        scale: the recipe's ``data.scale``; a number is what inputs are multiplied by.
        note: hears the remark.
    """
    first = next(batches, None)
    if first is None:
        return iter(())
    if isinstance(scale, float) and isinstance(first.x, np.ndarray) and first.x.dtype.kind == "f":
        largest = float(abs(first.x).max())
        if largest > 0 and not _LOW <= largest * scale <= _HIGH:
            note(
                f"the largest input is {largest:g}, which the model scales to {largest * scale:g}; "
                "it takes values as they are stored in its data, such as pixels from 0 to 255"
            )
    return chain([first], batches)
