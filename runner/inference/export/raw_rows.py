"""Rows of a split as they stand in the person's files, for examples that an export carries."""

import base64
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.cache import cache_folder
from runner.data.sources.image_columns import column_pixels
from runner.data.sources.text import TextDetails
from runner.data.statistics.date_treatment import FittedDate
from runner.data.statistics.image_treatment import FittedImage
from runner.data.statistics.number_treatment import FittedNumber
from runner.data.statistics.text_treatment import FittedText
from runner.data.tables.column_values import date_words
from runner.data.tables.store import stored_table
from runner.data.tabular.prepared import PreparedTable
from runner.inference.preprocess import Row
from runner.plan.plan import Plan

RawRows = Callable[[NDArray[np.int64]], list[Row]]
"""Positions in a split → its rows: columns with None where a value is missing and pixels of images, or texts."""


def raw_rows(plan: Plan, part: str) -> RawRows | None:
    """How to get the rows of a part; None for data that is numbers already.

    Args:
        plan: of the run.
        part: train, validation or test.

    Raises:
        DataError: the files have changed.
    """
    match plan.data.details:
        case PreparedTable() as table:
            return _of_table(table, part)
        case TextDetails() as texts:
            places = texts.parts[part]
            return lambda positions: [texts.texts[k] for k in places[positions]]
        case _:
            return None


def _of_table(prepared: PreparedTable, part: str) -> RawRows:
    table = stored_table(prepared.facts, cache_folder())
    places = prepared.parts[part]

    def rows(positions: NDArray[np.int64]) -> list[Row]:
        columns = table.take(places[positions], prepared.inputs)
        values = {name: _values(prepared, name, columns[name]) for name in prepared.inputs}
        for image in prepared.images:
            (pixels,) = column_pixels(prepared, image, iter([places[positions]]))
            values[image.name] = list(pixels)
        return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]

    return rows


def _values(prepared: PreparedTable, name: str, found: NDArray[Any]) -> list[Any]:
    learnt = prepared.fitted[name]
    if isinstance(learnt, FittedNumber):
        return [None if value != value else _shortest(value) for value in found.tolist()]
    if isinstance(learnt, FittedDate):
        words: list[Any] = date_words(found, prepared.facts.options.date_formats.get(name)).to_pylist()
        return words
    if isinstance(learnt, FittedText | FittedImage):
        return list(found)
    known = prepared.facts.column(name).words
    return [None if code < 0 else known[code] for code in found.tolist()]


def _shortest(value: float) -> float | int:
    """A whole number without a point, as it most likely stands in the file."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _in_base_64(pixels: NDArray[np.uint8]) -> str:
    return base64.b64encode(np.ascontiguousarray(pixels).data).decode()


def write_rows(path: Path, parts: Iterable[list[Row]]) -> None:
    """A line of JSON a row; pixels are bytes in base 64."""
    with path.open("w", encoding="utf-8") as file:
        for rows in parts:
            file.writelines(json.dumps(row, ensure_ascii=False, default=_in_base_64) + "\n" for row in rows)
