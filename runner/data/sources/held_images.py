"""Images in rows of Arrow and Parquet files, with their labels: datasets of Hugging Face, without their library."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from runner.data.cache import cache_folder
from runner.data.files import FileFacts, check_unchanged, file_facts
from runner.data.folders import said_part
from runner.data.images.held import HeldImage
from runner.data.sources.listed import Listed
from runner.data.sources.own_parts import ALL
from runner.data.splits.shares import Indices
from runner.data.tables.arrow_batches import arrow_batches, arrow_schema
from runner.data.tables.column_values import kind_of
from runner.data.tables.label_names import label_names, with_names
from runner.data.tables.parquet_batches import parquet_batches, parquet_schema
from runner.data.tables.source import ARROW, PARQUET
from runner.data.tables.strings import texts_of
from runner.diagnostics.spelling import suggest
from runner.disk.atomic import replacing
from runner.errors import DataError

_FORM = 1
"""Of what is kept of Parquet files; a new one makes the old files unused."""


@dataclass(frozen=True)
class Held:
    """What files of images hold.

    Attributes:
        images: all of them with their labels, one file after another, and which of them are of which part.
        files: by their place in the order.
        file_of: place of each image's file.
        weights: of each image, as texts; None: they have none.
    """

    images: Listed[HeldImage, str]
    files: tuple[FileFacts, ...]
    file_of: Indices
    weights: tuple[str, ...] | None


def held_images(paths: Sequence[Path], column: str | None, target: str, weight: str | None = None) -> Held:
    """List the images of files.

    Args:
        paths: of Arrow files (as ``save_to_disk`` writes them) or Parquet files, in the images' order.
        column: of the images, structs with a field ``bytes``, or bytes; None: the only one that has such.
        target: column of the labels; numbers for which the file has names become these names.
        weight: column of their weights; None: they have none.

    Raises:
        DataError: a file is neither, is broken, or lacks a column.
    """
    files = tuple(file_facts(path) for path in paths)
    images: list[HeldImage] = []
    labels: list[str] = []
    weights: list[str] = []
    rows = []
    for file in files:
        before = len(images)
        for batch, first in _batches(file, column, target, weight):
            images += _images(batch.column(0), file.path, first)
            labels += texts_of(batch.column(1))
            weights += texts_of(batch.column(2)) if weight is not None else []
        rows.append(len(images) - before)
    check_unchanged(files)
    if not images:
        raise DataError(f"{paths[0].name} has no rows")
    file_of = np.repeat(np.arange(len(files)), rows)
    return Held(Listed(tuple(images), tuple(labels), _own(paths, file_of)), files, file_of, tuple(weights) or None)


def held_columns(path: Path) -> tuple[list[str], list[str]]:
    """Names of the columns of images of an Arrow or Parquet file, and of those of texts."""
    schema = _schema(path)
    images = [field.name for field in schema if _holds_images(field.type)]
    return images, [field.name for field in schema if kind_of(field.type) == "text"]


def _schema(path: Path) -> Any:
    return arrow_schema(path) if path.suffix.lower() in ARROW else parquet_schema(path)


def _own(paths: Sequence[Path], file_of: Indices) -> dict[str, Indices]:
    """Places by the part that the names of files or their folders say; all where they say none that trains."""
    said = [said_part(path) for path in paths]
    if "train" not in said:
        return {ALL: np.arange(len(file_of))}
    strange = next((path for path, part in zip(paths, said, strict=True) if part is None), None)
    if strange is not None:
        raise DataError(
            f"{strange.parent.name}/{strange.name} is in no part: neither its name nor its folder names one, "
            "as those of other files do",
            "use only files that name their part: train-00000.parquet, test/data.arrow",
        )
    return {part: np.flatnonzero([said[k] == part for k in file_of]) for part in dict.fromkeys(said) if part}


def _batches(file: FileFacts, column: str | None, target: str, weight: str | None) -> Iterator[tuple[Any, int]]:
    """Batches of images and labels with the number of their first row, from 1; images are mapped, not copied."""
    suffix = file.path.suffix.lower()
    if suffix not in (*ARROW, *PARQUET):
        raise DataError(f"{file.path.name} is not a file of images: {', '.join((*ARROW, *PARQUET))}")
    schema = _schema(file.path)
    names = [_image_column(schema, column, file.path), _column(schema, target, file.path, "target")]
    names += [_column(schema, weight, file.path, "weight")] if weight is not None else []
    labels, first = {name: words for name, words in label_names(schema).items() if name in names}, 1
    for batch in arrow_batches(file.path if suffix in ARROW else _kept(file, names)):
        chosen = batch.select(names)
        yield with_names(chosen, labels, file.path, first - 1) if labels else chosen, first
        first += batch.num_rows


def _kept(file: FileFacts, names: list[str]) -> Path:
    """Columns of a Parquet file as a stream of Arrow's in the cache: any image by its place, without decompression."""
    folder = cache_folder()
    path = folder / f"{file.sha256[:32]}.images-{_FORM}-{'-'.join(name.encode().hex()[:40] for name in names)}.arrow"
    if path.is_file():
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            _copy(file.path, names, temporary)
    except OSError as error:
        raise DataError(
            f"images of {file.path.name} cannot be kept in {folder}: {error.strerror or error}",
            "set RECIPE_CACHE_DIR to cache data in another folder",
        ) from error
    return path


def _copy(source: Path, names: list[str], path: Path) -> None:
    schema = parquet_schema(source)
    with (
        pa.OSFile(str(path), "wb") as file,
        pa.ipc.new_stream(file, pa.schema([schema.field(name) for name in names])) as writer,
    ):
        for batch in parquet_batches(source):
            writer.write_batch(batch.select(names))


def _image_column(schema: Any, column: str | None, path: Path) -> str:
    there = [field.name for field in schema if _holds_images(field.type)]
    if column is None:
        if len(there) != 1:
            found = f"several: {', '.join(map(repr, there))}" if there else "none"
            raise DataError(f"{path.name} must have a column of images; it has {found}", "write `column: NAME`")
        return str(there[0])
    if _column(schema, column, path, "column") not in there:
        raise DataError(
            f"column {column!r} of {path.name} holds no images; its type is {schema.field(column).type}",
            path=("data", "column"),
        )
    return column


def _column(schema: Any, name: str, path: Path, key: str) -> str:
    if name not in schema.names:
        meant = suggest(name, schema.names)
        has = ", ".join(map(repr, schema.names))
        help = [f"did you mean {meant!r}?"] if meant else []
        raise DataError(f"column {name!r} not found in {path.name}; it has {has}", *help, path=("data", key))
    return name


def _holds_images(kind: Any) -> bool:
    if pa.types.is_struct(kind):
        return any(field.name == "bytes" and _is_bytes(field.type) for field in kind)
    return _is_bytes(kind)


def _is_bytes(kind: Any) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _images(column: Any, path: Path, first: int) -> Iterator[HeldImage]:
    fields = {"bytes": column}
    if pa.types.is_struct(column.type):
        fields = dict(zip((field.name for field in column.type), column.flatten(), strict=True))
    named = fields["path"].to_pylist() if "path" in fields else [None] * len(column)
    for row, content in enumerate(fields["bytes"]):
        buffer = content.as_buffer()
        yield HeldImage(path, first + row, buffer, named[row] if buffer is None else None)
