"""At which key of a recipe an error about its data is reported."""

from collections.abc import Iterator
from contextlib import contextmanager

from runner.errors import DataError, KeyPath

FILES: KeyPath = ("data", "files")
TARGET: KeyPath = ("data", "target")
WEIGHT: KeyPath = ("data", "weight")
SPLITS: KeyPath = ("data", "splits")
SPLIT_COLUMN: KeyPath = ("data", "splits", "column")


def column_place(name: str) -> KeyPath:
    """Where a recipe says how a column is read."""
    return ("data", "columns", name)


@contextmanager
def reported_at(place: KeyPath) -> Iterator[None]:
    """Errors of the block that say no place of their own are about this key."""
    try:
        yield
    except DataError as error:
        if error.place == DataError.path:
            error.at(place)
        raise
