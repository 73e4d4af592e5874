"""Rows of CSV and Parquet files with the columns that a model takes, a block at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from runner.data.tables.column_values import date_words, dates, numbers, with_missing
from runner.data.tables.columns import TableOptions, check_columns
from runner.data.tables.number_form import NumberForm
from runner.data.tables.source import TableFiles
from runner.errors import DataError, InputError
from runner.inference.inputs.column_images import pixels_of
from runner.inference.inputs.taken import Array, Batch, TakenColumns, as_float32, joined
from runner.text import printable

_ROWS = 4096
"""Rows that are converted at a time."""
_ROWS_OF_IMAGES = 256
"""The same where their images are decoded."""
_NAMED = 10
"""Columns that a way out names."""


def column_batches(path: Path, name: str, taken: TakenColumns, size: int, *, only: bool) -> Iterator[Batch]:
    """The rows of a table, ``size`` at a time: columns that the model does not take are not looked at.

    A missing number is NaN and a missing word the empty one, which the model fills as it did in training.

    Args:
        path: of the file.
        name: as the person calls it.
        taken: the columns.
        size: most rows of a batch.
        only: whether it is the only input, so that a row goes by its number alone.

    Raises:
        InputError: a column is not there, a row is broken, or a value is not what its column holds; it names the row.
    """
    wanted = taken if taken.id is None else replace(taken, numbers={taken.id: False, **taken.numbers})
    for first, x in blocks(path, name, wanted):
        ids = _ids(x, taken, name, first, only=only)
        lacking = lacking_rows(x, taken)
        for start in range(0, len(ids), size):
            part = slice(start, start + size)
            yield Batch(ids[part], {c: v[part] for c, v in x.items()}, None if lacking is None else lacking[part])


def _ids(x: dict[str, Array], taken: TakenColumns, name: str, first: int, *, only: bool) -> list[str]:
    """What the rows go by; a column that is for that alone is taken out of the others."""
    if taken.id is None:
        rows = len(next(iter(x.values())))
        return [joined(name, first + row, only=only) for row in range(rows)]
    column = x[taken.id] if taken.id in taken.numbers else x.pop(taken.id)
    return [_called(value) for value in column[:, 0].tolist()]


def _called(value: str | float) -> str:
    """What a row goes by: a word, or a number as it most likely stands in the file; nothing where it is missing."""
    if isinstance(value, str):
        return value
    return "" if value != value else f"{value:.0f}" if value.is_integer() else str(np.float32(value))


def blocks(path: Path, name: str, taken: TakenColumns) -> Iterator[tuple[int, dict[str, Array]]]:
    """Number of the first row, from 0, and the columns: numbers as float32, words as ``str``, pixels of images."""
    rows = _ROWS if not taken.images else _ROWS_OF_IMAGES
    try:
        files = TableFiles([path], TableOptions(delimiter=taken.delimiter))
        _check_columns(taken.numbers, files.names, path.name)
        missing = pa.array(taken.missing, pa.string())
        for _, first, batch in files.batches():
            for start in range(0, batch.num_rows, rows):
                part = batch.slice(start, rows)
                yield first + start, _columns(part, taken, missing, files, first + start)
    except DataError as error:
        raise InputError(str(error), *error.help) from error
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}") from error


def _check_columns(wanted: Iterable[str], there: Sequence[str], file: str) -> None:
    """Whether all columns are there; the way out names all that are not, so that one look is enough."""
    lacking = [name for name in wanted if name not in there]
    try:
        check_columns(lacking, there, file)
    except DataError as error:
        named = ", ".join(map(repr, lacking[:_NAMED])) + (", …" if len(lacking) > _NAMED else "")
        raise DataError(str(error), *error.help, f"add {named}; where a value is not known, leave it empty") from error


def _columns(batch: Any, taken: TakenColumns, missing: Any, files: TableFiles, first: int) -> dict[str, Array]:
    found = {}
    for column, is_number in taken.numbers.items():
        dated = partial(_dates, form=taken.dates.get(column))
        plain = partial(_numbers, form=taken.form)
        convert = plain if is_number else dated if column in taken.dates else _words
        values, fault = convert(with_missing(_plain(batch.column(column)), missing))
        if fault is not None:
            row = first + fault[0] + 1
            raise InputError(
                f"{files.paths[0].name}: row {row:,}, column {column!r}: {printable(fault[1])}", *files.line(0, row)
            )
        found[column] = values[:, None]
    for column, pixels in taken.images.items():
        found[column] = pixels_of(
            found[column][:, 0], pixels, files.paths[0], column, first, missing=column in taken.needed
        )
    return found


def _plain(array: Any) -> Any:
    """A column of which the file says nothing but that it is missing is one of words that are."""
    return array.cast(pa.string()) if pa.types.is_null(array.type) else array


def _numbers(array: Any, form: NumberForm) -> tuple[Array, tuple[int, str] | None]:
    try:
        values = numbers(array, form)
    except TypeError as error:
        return np.empty(0), (0, str(error))
    if values.fault is not None:
        return np.empty(0), (values.fault.row, values.fault.reason)
    found = values.array.to_numpy(zero_copy_only=False)
    result = as_float32(found)
    endless = np.isinf(result)
    if endless.any():
        row = int(endless.argmax())
        return result, (row, f"{found[row]:g} is beyond the range of float32 (3.4e38)")
    return result, None


def _dates(array: Any, form: str | None) -> tuple[Array, tuple[int, str] | None]:
    """Dates as the model reads them."""
    try:
        values = dates(array, form)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return np.empty(0), (0, f"{array.type} holds no dates")
    if values.fault is not None:
        return np.empty(0), (values.fault.row, values.fault.reason)
    return date_words(values.array, form).fill_null("").to_numpy(zero_copy_only=False), None


def _words(array: Any) -> tuple[Array, tuple[int, str] | None]:
    try:
        text = array.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return np.empty(0), (0, f"{array.type} holds no words")
    return text.fill_null("").to_numpy(zero_copy_only=False), None


def lacking_rows(x: Mapping[str, Array], taken: TakenColumns) -> Array | None:
    """Which rows, shape ``(n,)``, lack a value that they need; None: no value is needed."""
    if not taken.needed:
        return None
    without = [_is_missing(x[c]) for c in taken.numbers if c in taken.needed]
    return np.logical_or.reduce(without) if without else None


def _is_missing(values: Array) -> Array:
    """Of a column where its values are missing, shape ``(n,)``: of an image the first pixel is looked at."""
    first = values.reshape(len(values), -1)[:, 0]
    found: Array = first == "" if first.dtype.kind in "OUS" else first != first
    return np.asarray(found, bool)
