"""Rows and texts with targets, for ``recipe evaluate --data`` of a run that a table or texts trained."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.examples import Examples, joined
from runner.data.folders import class_folders
from runner.data.tables.columns import TableOptions, check_columns
from runner.data.tables.source import TableFiles
from runner.data.tables.strings import columns_as_texts
from runner.data.targets import label_value
from runner.data.tfds.rows import rows_of
from runner.errors import DataError, InputError
from runner.inference.inputs.csv_rows import numbers
from runner.inference.inputs.table_rows import blocks, lacking_rows
from runner.inference.inputs.taken import Array, TakenColumns, TakenTexts, Takes
from runner.inference.inputs.texts import SUFFIXES, read_text
from runner.inference.preprocess import Preprocess
from runner.text import printable
from schemas.data import Data, Fallback, TextColumns, TfdsData, text_columns
from schemas.table_data import TableData

_TEXTS = 1024
"""Texts that become numbers at a time."""


def read_labelled_rows(
    path: Path,
    taken: Takes,
    data: Data | Fallback,
    names: Sequence[str],
    settings: dict[str, Any],
    note: Callable[[str], None],
    *,
    labels: Collection[str] = (),
    several: Mapping[str, Sequence[str]] | None = None,
) -> Examples:
    """Inputs of the trained model, targets, and weights where the recipe has some.

    Args:
        path: CSV or Parquet file with the recipe's columns; of texts also a folder with a folder for each class.
        taken: what the saved model takes.
        data: what trained.
        names: of the classes; empty for a regression.
        settings: how rows become numbers, as :func:`runner.inference.raw_settings.raw_settings` has it.
        note: hears of rows that are left out.
        labels: names of the targets that are labels, each 0 or 1.
        several: of several outputs the classes of each target, none of a number.

    Raises:
        InputError: a column is missing, a row is broken, or a target is none; it names the row.
    """
    name, preprocess = printable(str(path)), Preprocess({"raw": settings})
    if not path.exists():
        raise InputError(f"{name} is missing")
    try:
        table = rows_of(data) if isinstance(taken, TakenColumns) and isinstance(data, TfdsData) else data
        if isinstance(taken, TakenColumns) and isinstance(table, TableData):
            classes = dict.fromkeys(table.targets, names) if several is None else several
            parts = _table(path, name, taken, table, classes, preprocess, note, labels=labels)
        else:
            assert isinstance(taken, TakenTexts)
            asked = text_columns(data)
            classes = dict.fromkeys(asked.targets, names) if several is None else several
            parts = _texts(path, name, asked, classes, preprocess, labels=labels)
    except DataError as error:
        raise InputError(str(error), *error.help) from error
    if not sum(map(len, parts)):
        raise InputError(f"{name} holds no examples")
    return joined(parts)


def _table(
    path: Path,
    name: str,
    taken: TakenColumns,
    data: TableData,
    classes: Mapping[str, Sequence[str]],
    preprocess: Preprocess,
    note: Callable[[str], None],
    *,
    labels: Collection[str],
) -> list[Examples]:
    """Rows as training takes them: those without a target or a value that is needed are left out."""
    weight = {} if data.weight is None else {data.weight: True}
    words = {column: column in labels or bool(classes[column]) for column in data.targets}
    wanted = replace(taken, numbers={**taken.numbers, **{column: not word for column, word in words.items()}, **weight})
    parts, left_out = [], 0
    for first, x in blocks(path, name, wanted):
        targets = {column: x.pop(column)[:, 0] for column in data.targets}
        weights = x.pop(data.weight)[:, 0] if data.weight is not None else None
        kept = np.logical_and.reduce(
            [found != "" if words[column] else found == found for column, found in targets.items()]
        )
        lacking = lacking_rows(x, taken)
        places = np.flatnonzero(kept if lacking is None else kept & ~lacking)
        left_out += len(kept) - len(places)
        rows = first + places
        read = partial(_targets, file=name, rows=rows)
        found = [
            read(values[places], classes[column], column, labels=column in labels) for column, values in targets.items()
        ]
        y = _beside(found, labels)
        w = None if weights is None else _weights(weights[places], data.weight, name, rows)
        columns = [values[places, 0] if values.ndim == 2 else values[places] for values in x.values()]
        inputs = preprocess([dict(zip(x, row, strict=True)) for row in zip(*columns, strict=True)])
        parts.append(Examples(np.asarray(inputs), y, w))
    if left_out:
        word, verb = ("row", "is") if left_out == 1 else ("rows", "are")
        note(f"{name}: {left_out:,} {word} without a target or a value that training needs {verb} left out")
    return parts


def _beside(found: Sequence[Array], labels: Collection[str]) -> Array:
    """Targets of one column as they are, those of several side by side: labels, or numbers."""
    only_labels = len(labels) == len(found)
    return np.stack(found, axis=1, dtype=None if only_labels else np.float32) if len(found) > 1 else found[0]


def _targets(values: Array, names: Sequence[str], column: str, file: str, rows: Array, *, labels: bool) -> Array:
    if labels:
        return _labels(values, column, file, rows)
    return _classes(values, names, column, file, rows) if names else values


def _texts(
    path: Path,
    name: str,
    asked: TextColumns,
    classes: Mapping[str, Sequence[str]],
    preprocess: Preprocess,
    *,
    labels: Collection[str],
) -> list[Examples]:
    texts, said, weights = _folder(path, asked) if path.is_dir() else _columns(path, asked)
    if weights is not None:
        weights = _weights(weights, asked.weight, name, np.arange(len(weights)))
    parts = []
    for start in range(0, len(said[0]), _TEXTS):
        rows = np.arange(start, min(start + _TEXTS, len(said[0])))
        found = []
        for column, values in zip(asked.targets, said, strict=True):
            part: Array = np.array(values[start : start + _TEXTS], object)
            if not classes[column] and column not in labels:
                part = _numbers(part, f"{name}, {column}", start)
            found.append(_targets(part, classes[column], column, name, rows, labels=column in labels))
        w = None if weights is None else weights[start : start + len(rows)]
        parts.append(Examples(np.asarray(preprocess(islice(texts, len(rows)))), _beside(found, labels), w))
    return parts


def _numbers(words: Sequence[str] | Array, place: str, start: int = 0) -> Array:
    return np.array([numbers([word], place, row)[0] for row, word in enumerate(words, start + 1)], np.float32)


def _folder(path: Path, asked: TextColumns) -> tuple[Any, list[list[str]], Array | None]:
    if len(asked.targets) > 1:
        raise InputError(f"{printable(str(path))} is a folder, whose folders are classes; the run has several targets",
                         f"give a CSV file with the columns {', '.join(asked.targets)}")  # fmt: skip
    found = class_folders(path, SUFFIXES)
    files = [file for part in found.parts.values() for file in part.paths]
    labels = [found.classes[label] for part in found.parts.values() for label in part.labels]
    return (read_text(file, printable(str(file))) for file in files), [labels], None


def _columns(path: Path, asked: TextColumns) -> tuple[Any, list[list[str]], Array | None]:
    files = TableFiles([path], TableOptions())
    named = [asked.text, *asked.targets, *([asked.weight] if asked.weight is not None else [])]
    check_columns(named, files.names, path.name)
    read = columns_as_texts(files, named)
    weights = None
    if asked.weight is not None:
        weights = _numbers(read[asked.weight], f"{path.name}, {asked.weight}")
    return iter(read[asked.text]), [read[column] for column in asked.targets], weights


def _classes(words: Array, names: Sequence[str], column: str, file: str, rows: Array) -> Array:
    known = {word: number for number, word in enumerate(names)}
    wrong = next((k for k, word in enumerate(words) if word not in known), None)
    if wrong is not None:
        some, shown = ", ".join(map(printable, names[:10])), printable(str(words[wrong]))[:40]
        message = f"{file}: row {rows[wrong] + 1:,}, column {column!r}: must be a class of the run ({some}); "
        raise InputError(f"{message}received {shown!r}")
    return np.array([known[word] for word in words], np.int32)


def _labels(words: Array, column: str, file: str, rows: Array) -> Array:
    found = [label_value(word) for word in words]
    if None in found:
        k = found.index(None)
        shown = printable(str(words[k]))[:40]
        raise InputError(
            f"{file}: row {rows[k] + 1:,}, column {column!r}: must be a label, 0 or 1, no or yes, false or true; "
            f"received {shown!r}"
        )
    return np.array(found, np.uint8)


def _weights(values: Array, column: str | None, file: str, rows: Array) -> Array:
    bad = ~(values >= 0)
    if bad.any():
        k = int(bad.argmax())
        raise InputError(
            f"{file}: row {rows[k] + 1:,}, column {column!r}: a weight must be 0 or more; received {values[k]}"
        )
    return values
