"""Arrays that together are a set of examples."""

from collections.abc import Iterable

from runner.data.arrays.npy_header import ArrayFacts
from runner.diagnostics.spelling import suggest
from runner.errors import DataError


def number_of_examples(arrays: Iterable[ArrayFacts], names: Iterable[str], file: str) -> int:
    """Length of the first axis that the named arrays share.

    Args:
        arrays: of the file.
        names: of those that are used.
        file: how the source is called in errors.

    Raises:
        DataError: one is not there, has no axis, or another length.
    """
    by_name = {array.name: array for array in arrays}
    lengths: dict[str, int] = {}
    for name in names:
        if name not in by_name:
            meant = suggest(name, by_name)
            help = [f"did you mean {meant!r}?"] if meant else []
            raise DataError(f"array {name!r} not found in {file}; it has {', '.join(map(repr, by_name))}", *help)
        if not by_name[name].shape:
            raise DataError(f"{file}: array {name!r} is a single value, not examples")
        lengths[name] = by_name[name].shape[0]
    if len(set(lengths.values())) != 1:
        said = ", ".join(f"{name!r} has {length:,}" for name, length in lengths.items())
        raise DataError(f"{file}: arrays have as many examples as each other; {said or 'none is named'}")
    return next(iter(lengths.values()))
