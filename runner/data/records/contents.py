"""What is in records: every one is held against the features that the recipe declares."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Array
from runner.data.records.index import Index
from runner.data.records.message import BrokenMessage, Values, features_of
from runner.diagnostics.spelling import suggest
from runner.errors import DataError
from schemas.record_data import RecordFeature

Where = Callable[[int], str]
"""Such as ``part-1.tfrecord: record 7``, of a record by its place among all."""
_LISTED = 20


@dataclass(frozen=True)
class Records:
    """Records of several files, one file after another.

    Attributes:
        paths: of the files.
        indices: where the records of each lie.
    """

    paths: tuple[Path, ...]
    indices: tuple[Index, ...]

    def __len__(self) -> int:
        return sum(map(len, self.indices))

    def at(self, places: NDArray[np.integer[Any]]) -> Iterator[bytes]:
        """Records at the places, in their order."""
        starts = np.cumsum([0, *map(len, self.indices)])
        opened = [np.memmap(path, np.uint8, "r") if len(index) else None
                  for path, index in zip(self.paths, self.indices, strict=True)]  # fmt: skip
        for place in places:
            file = int(np.searchsorted(starts, place, side="right")) - 1
            start, size = self.indices[file][int(place) - int(starts[file])]
            content = opened[file]
            assert content is not None
            yield content[start : start + size].tobytes()

    def called(self, place: int) -> str:
        """Such as ``part-1.tfrecord: record 7``, counted from 1 in its file."""
        for path, index in zip(self.paths, self.indices, strict=True):
            if place < len(index):
                return f"{path.name}: record {place + 1:,}"
            place -= len(index)
        raise IndexError("there is no such record")


def targets_in(
    records: Records, features: dict[str, RecordFeature], seen: tuple[str, ...], targets: tuple[str, ...]
) -> dict[str, Array]:
    """Values of each target of every record, by its name; the inputs are held against what is declared, and not kept.

    Args:
        records: of the files.
        features: that the recipe declares.
        seen: names of the inputs.
        targets: names of the targets.

    Raises:
        DataError: a record lacks a feature, or has another one than is declared; it is named by file and number.
    """
    found: dict[str, list[Any]] = {name: [] for name in targets}
    for place, record in enumerate(records.at(np.arange(len(records)))):
        try:
            there = features_of(record)
        except BrokenMessage as error:
            raise DataError(f"{records.called(place)} is not a tf.train.Example: {error}") from error
        for name in seen:
            _read(there, name, features[name], partial(records.called, place))
        for name, values in found.items():
            values.append(_read(there, name, features[name], partial(records.called, place)))
    return {
        name: np.asarray(values) if features[name].dtype != "text" else np.array(values, object)
        for name, values in found.items()
    }


def _read(there: dict[str, Values], name: str, declared: RecordFeature, where: Callable[[], str]) -> Any:
    """Values of a feature as they are declared; of an image None, which only decoding tells."""
    if name not in there:
        meant = suggest(name, there)
        listed = ", ".join(map(repr, sorted(there)[:_LISTED])) or "none"
        help = [f"did you mean {meant!r}?"] if meant else []
        raise DataError(f"{where()} has no feature {name!r}; it has {listed}", *help)
    kind, values = there[name]
    wanted = "bytes" if declared.encoding or declared.dtype == "text" else _list_of(declared.dtype)
    if kind != wanted:
        raise DataError(f"{where()}: feature {name!r} holds {kind}; declared is {_said(declared)}, which are {wanted}",
                        _other_way(kind))  # fmt: skip
    count = 1 if wanted == "bytes" else math.prod(declared.shape)
    if len(values) != count:
        raise DataError(f"{where()}: feature {name!r} has {len(values):,} values; declared are {count:,}")
    if wanted == "bytes":
        return _of_bytes(values[0], name, declared, where)
    return _checked(np.asarray(values), name, declared, where)


def _list_of(dtype: str) -> str:
    return "floats" if dtype.startswith("float") else "integers"


def _other_way(kind: str) -> str:
    ways = {
        "bytes": "`encoding: raw`, png or jpeg, or `dtype: text`",
        "floats": "`dtype: float32`",
        "integers": "`dtype: int64`",
    }
    return f"what it holds is declared by {ways[kind]}"


def _said(declared: RecordFeature) -> str:
    form = "" if declared.encoding is None else f" as {declared.encoding}"
    return f"{declared.dtype} values{form}"


def _of_bytes(content: bytes, name: str, declared: RecordFeature, where: Callable[[], str]) -> Any:
    if declared.dtype == "text":
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise DataError(f"{where()}: feature {name!r} is not UTF-8 text") from error
    if declared.encoding != "raw":
        return None
    dtype = np.dtype(declared.dtype).newbyteorder("<")
    size = math.prod(declared.shape) * dtype.itemsize
    if len(content) != size:
        wanted = f"{list(declared.shape)} of {dtype.name} are {size:,}"
        message = f"{where()}: feature {name!r} has {len(content):,} bytes; {wanted}"
        raise DataError(message, "declare the shape and dtype that were written")
    return _checked(np.frombuffer(content, dtype), name, declared, where)


def _checked(values: Array, name: str, declared: RecordFeature, where: Callable[[], str]) -> Array:
    if values.dtype.kind == "f":
        bad = ~np.isfinite(values)
        rule = "is not a finite number"
    else:
        bounds = np.iinfo(declared.dtype)
        bad, rule = (values < bounds.min) | (values > bounds.max), f"does not fit into {declared.dtype}"
    if bad.any():
        raise DataError(f"{where()}: feature {name!r}: {values[bad][0]} {rule}", "fix the record, or its declaration")
    return values.reshape(declared.shape)
