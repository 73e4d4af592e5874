"""What is known of the runs of a folder from the last time they were listed: a cache, never needed and never trusted.

An entry counts while its events file has the size and the time of change that it had. The file is rebuilt when it is
stale, missing or damaged, and may be deleted at any time.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from runner.disk.atomic import write_atomic
from runner.lookback.entry import Entry

NAME = ".index.json"
WORTHWHILE = 200
"""Runs from which on an index is written; fewer are read faster than anybody notices."""
_VERSION = 1
_BYTES_AT_MOST = 1 << 28
_TEXT, _WHOLE, _NUMBER, _NUMBERS = (str, type(None)), (int, type(None)), (int, float, type(None)), (dict, type(None))
_TYPES: tuple[tuple[type, ...], ...] = (
    _TEXT, _NUMBER, _TEXT, (int,), _WHOLE, _NUMBER, _TEXT, _TEXT, _WHOLE, _TEXT, (dict,), _NUMBERS,
)  # fmt: skip
"""Of the fields of an entry, in their order."""


class Known(NamedTuple):
    """An entry, and the events file that it was read from."""

    changed: int
    """Time of its last change, in nanoseconds."""
    size: int
    entry: Entry


def read_index(base: Path) -> dict[str, Known]:
    """The index of a folder by ``NAME/TIME-FINGERPRINT``; empty where there is none that can be used."""
    path = base / NAME
    try:
        if path.stat().st_size > _BYTES_AT_MOST:
            return {}
        values = from_json(path.read_bytes())
        if not isinstance(values, dict) or values.get("version") != _VERSION:
            return {}
        return _all_known(values["runs"])
    except (OSError, ValueError, TypeError, RecursionError, KeyError, AttributeError):
        return {}  # whatever it is, it is no index; the runs themselves are read


def write_index(base: Path, known: Mapping[str, Known]) -> None:
    """Write the index, where the folder can be written."""
    rows = {name: (row.changed, row.size, tuple(row.entry)) for name, row in known.items()}
    with suppress(OSError, ValueError):  # it only saves time; a read-only folder is listed without one
        write_atomic(base / NAME, to_json({"version": _VERSION, "runs": rows}, inf_nan_mode="constants"))


def _all_known(rows: Mapping[str, Any]) -> dict[str, Known]:
    """The rows that are as they were written; anything else is as good as unknown."""
    fitting: dict[tuple[type, ...], bool] = {}
    found = {}
    for name, (changed, size, fields) in rows.items():
        kinds = tuple(map(type, fields))
        # there are many rows, and few ways to be one
        if kinds not in fitting:
            fitting[kinds] = len(kinds) == len(_TYPES) and all(map(_either, kinds, _TYPES))
        if fitting[kinds] and _numeric(fields[-2]) and (fields[-1] is None or _numeric(fields[-1])):
            found[name] = Known(changed, size, Entry(*fields))
    return found


def _either(kind: type, kinds: tuple[type, ...]) -> bool:
    return kind in kinds


def _numeric(values: Mapping[str, Any]) -> bool:
    return {float, int}.issuperset(map(type, values.values()))
