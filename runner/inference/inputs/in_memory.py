"""Examples that a program has in memory: an array, or rows as mappings."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from runner.errors import InputError
from runner.inference.inputs.arrays import require_finite, shaped
from runner.inference.inputs.table_rows import lacking_rows
from runner.inference.inputs.taken import Array, Batch, Taken, TakenColumns, TakenTexts, Takes, as_float32
from runner.inference.preprocess import Preprocess

Rows = Sequence[Mapping[str, Any]]
"""Values by column, None where one is missing; a text by the name of its column."""
_NAME = "inputs"


def memory_batches(examples: Array | Rows, taken: Takes, size: int) -> Iterator[Batch]:
    """The examples, ``size`` at a time, by their numbers from 0.

    Args:
        examples: an array for a model of arrays, rows for one of a table or of texts.
        taken: what the model takes.
        size: most examples of a batch.

    Raises:
        InputError: they are not what the model takes; it names the row, from 1.
    """
    if isinstance(taken, Taken):
        yield from _of_array(examples, taken, size)
        return
    if isinstance(examples, np.ndarray):
        raise InputError(f"{_NAME}: the model takes {taken}; received an array", "give rows: [{'column': value}]")
    preprocess, rows, first = _preprocess(taken), iter(examples), 0
    while part := list(islice(rows, size)):
        try:
            x: Any = preprocess(part)
        except ValueError as error:
            raise InputError(f"{_NAME} from {first}: {error}") from error
        lacking = lacking_rows(x, taken) if isinstance(taken, TakenColumns) else None
        yield Batch([str(first + k) for k in range(len(part))], x, lacking)
        first += len(part)


def _of_array(examples: Array | Rows, taken: Taken, size: int) -> Iterator[Batch]:
    if not isinstance(examples, np.ndarray):
        raise InputError(f"{_NAME}: the model takes {taken}; give a NumPy array")
    x = shaped(examples, taken, _NAME)
    for start in range(0, len(x), size):
        part = as_float32(x[start : start + size])
        require_finite(part, _NAME, start)
        yield Batch([str(start + k) for k in range(len(part))], part)


def _preprocess(taken: TakenColumns | TakenTexts) -> Preprocess:
    """Into what the saved model takes; it has the words itself."""
    if isinstance(taken, TakenTexts):
        raw: dict[str, Any] = {"kind": "texts", "takes": "texts", "column": taken.column, "words": []}
        return Preprocess({"raw": raw})
    columns = [_column(name, taken) for name in taken.numbers]
    return Preprocess({"raw": {"kind": "columns", "takes": "columns", "missing": taken.missing, "columns": columns}})


def _column(name: str, taken: TakenColumns) -> dict[str, Any]:
    if name in taken.images:
        return {"name": name, "kind": "image", "needed": True, "shape": taken.images[name].shape}
    if name in taken.dates:
        return {"name": name, "kind": "date", "needed": False, "format": taken.dates[name], "parts": []}
    return {"name": name, "kind": "number" if taken.numbers[name] else "words", "needed": False, "words": []}
