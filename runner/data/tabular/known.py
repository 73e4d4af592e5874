"""Facts of a table that was looked at before: a large one takes seconds, its content hash far less."""

import hashlib
import json
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

from runner.data.files import FileFacts, content_hash, file_facts
from runner.data.tables.columns import Column, TableFacts, TableOptions
from runner.data.tables.scan import table_facts
from runner.disk.atomic import write_atomic
from runner.errors import DataError

_FORM = 4
"""Of the kept facts, and of how types are inferred; a new one makes the old files unused."""


def known_facts(paths: list[Path], options: TableOptions, folder: Path) -> TableFacts:
    """Facts of a table, from the folder where its content has been looked at in the same way before.

    Args:
        paths: of the files.
        options: how they are read.
        folder: of the cache; it is made where there is none.

    Raises:
        DataError: a file cannot be read or used, or the cache cannot be written.
    """
    files = tuple(file_facts(path) for path in paths)
    path = folder / f"{_key(files, options)}.json"
    found = _read(path, files, options)
    if found is not None:
        return found
    facts = table_facts(paths, options)
    if [file.sha256 for file in facts.files] != [file.sha256 for file in files]:
        raise DataError(f"{paths[0].name} changed while it was read", "wait until it is written, and try again")
    _write(path, facts)
    return facts


def _key(files: tuple[FileFacts, ...], options: TableOptions) -> str:
    # Formats matter too: the same bytes as .parquet are read otherwise than as .csv.
    said = [_FORM, content_hash(files), [file.path.suffix.lower() for file in files], sorted(options.types.items())]
    said += [options.missing, sorted(options.date_formats.items()), options.delimiter, astuple(options.numbers)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _read(path: Path, files: tuple[FileFacts, ...], options: TableOptions) -> TableFacts | None:
    """None where there are none, or they are not what is written here."""
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        columns = tuple(Column(**{**column, "words": tuple(column["words"])}) for column in kept["columns"])
        rows = tuple(int(count) for count in kept["rows"])
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None
    return TableFacts(files, rows, columns, options) if len(rows) == len(files) else None


def _write(path: Path, facts: TableFacts) -> None:
    kept = {"rows": facts.rows, "columns": [asdict(column) for column in facts.columns]}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, json.dumps(kept))
    except OSError as error:
        message = f"{path.parent} cannot be written: {error.strerror or error}"
        raise DataError(message, "set RECIPE_CACHE_DIR to cache data in another folder") from error
