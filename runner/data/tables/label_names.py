"""Names of classes that a file itself gives for numbers, as Hugging Face's datasets do."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from runner.errors import DataError

_SAID = b"huggingface"
"""Where a schema has the features of a dataset."""
_LARGEST = 1 << 20
"""Bytes of what it says at most."""


def label_names(schema: Any) -> dict[str, tuple[str, ...]]:
    """Names of the classes of each column of class numbers; what a schema says otherwise is passed over."""
    said = (schema.metadata or {}).get(_SAID, b"")
    if len(said) > _LARGEST:
        return {}
    try:
        features = json.loads(said)["info"]["features"]
        kinds = {name: feature for name, feature in features.items() if isinstance(feature, dict)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    labels = {name: feature.get("names") for name, feature in kinds.items() if feature.get("_type") == "ClassLabel"}
    return {
        name: tuple(names)
        for name, names in labels.items()
        if name in schema.names and isinstance(names, list) and names and all(isinstance(one, str) for one in names)
    }


def with_names(batch: Any, names: Mapping[str, tuple[str, ...]], path: Path, first: int) -> Any:
    """A batch with words in place of class numbers; −1 stands for a missing class.

    Args:
        batch: of a file.
        names: of its columns of class numbers.
        path: of the file.
        first: number of the batch's first row, from 0.

    Raises:
        DataError: a number has no name; it names the row.
    """
    for column, words in names.items():
        codes = batch.column(column)
        if not pa.types.is_integer(codes.type):
            continue
        known = pc.if_else(pc.equal(codes, -1), pa.scalar(None, codes.type), codes)
        wrong = pc.or_(pc.less(known, 0), pc.greater_equal(known, len(words))).fill_null(False)
        if pc.any(wrong).as_py():
            row = pc.index(wrong, True).as_py()
            raise DataError(
                f"{path.name}: row {first + row + 1:,}, column {column!r}: class {codes[row].as_py()} has no name; "
                f"the file names {len(words):,}"
            )
        place = batch.schema.get_field_index(column)
        batch = batch.set_column(place, column, pa.array(words, pa.string()).take(known))
    return batch
