"""``source: npz``: arrays of an npz file, or npy files that are read by position."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from runner.data.access import DataAccess
from runner.data.arrays.named import NamedArrays
from runner.data.arrays.stored import stored, stored_type
from runner.data.examples import Array, Dataset, Examples, Split
from runner.data.facts import DataFacts
from runner.data.files import FileFacts, check_unchanged, content_hash, file_facts
from runner.data.placement import Placement, Window
from runner.data.sources.own_parts import ALL, divided, sizes_of
from runner.data.splits.shares import Indices, Parts
from runner.data.streaming.block_order import Range, StreamedSplit, WindowOrder
from runner.data.targets import Targets, require_trained, targets_of
from runner.errors import DataError, KeyPath
from schemas.array_data import NpzData, PartArrays
from schemas.recipe import Recipe

_IN_FILE_ORDER = Window(1024, 1)


@dataclass(frozen=True)
class _Piece:
    """The arrays of one part, or of all."""

    part: str
    inputs: str
    target: str
    place: KeyPath
    first: int = 0
    """Place of its first example among those of all pieces."""
    examples: int = 0


@dataclass(frozen=True)
class ArrayDetails:
    """What loading needs of the facts."""

    files: tuple[FileFacts, ...]
    targets: Targets
    parts: Parts
    pieces: tuple[_Piece, ...]
    dtype: np.dtype[Any]


class NpzSource:
    """Arrays by the names that the recipe gives."""

    def __init__(self, data: NpzData, access: DataAccess, recipe: Recipe) -> None:
        self.data, self.access, self.recipe = data, access, recipe

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """Headers of the arrays, their targets, and a hash of the files, which are read once for it.

        Raises:
            DataError: a file or an array is missing or broken, or the arrays do not go together.
        """
        arrays = self._arrays()
        pieces = tuple(_placed(arrays, self._pieces()))
        dtype, shape = _inputs(arrays, pieces)
        targets = self._targets(arrays, pieces)
        own = {piece.part: np.arange(piece.first, piece.first + piece.examples) for piece in pieces}
        classes = targets.values if targets.names else None
        parts = divided(own, classes, self.data.splits, self.recipe.seed)
        require_trained(targets, parts, lambda k: _called(pieces, k), pieces[0].place)
        files = tuple(file_facts(path) for path in dict.fromkeys(arrays.files.values()))
        sha256 = content_hash(files)
        return DataFacts(
            "npz",
            self._name(),
            sha256[:12],
            *sizes_of(parts),
            shape,
            targets.classes,
            dtype.itemsize,
            class_names=targets.names,
            sha256=sha256,
            details=ArrayDetails(files, targets, parts, pieces, dtype),
        )

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """Read the arrays into memory, or make ready to read them by position.

        Raises:
            DataError: a file has changed, a value is not finite, or an npz file is larger than what may be in memory.
        """
        details = facts.details
        assert isinstance(details, ArrayDetails)
        check_unchanged(details.files)
        arrays = self._arrays()
        if placement.window is not None and arrays.packed:
            raise DataError(
                f"{facts.name} takes more than data.resident_limit, {self.recipe.data.resident_limit}, and an npz file "
                "is not read by position",
                "save each array in an npy file, or raise the limit",
                path=("data", "file"),
            )
        values = arrays.read([piece.inputs for piece in details.pieces])
        made = {part: _split(details, facts, values, part, placement) for part in ("train", "validation", "test")}
        check_unchanged(details.files)
        train = made["train"]
        assert train is not None
        return Dataset(train, made["validation"], made["test"])

    def _name(self) -> str:
        pieces = self._pieces()
        return self.data.file if self.data.file is not None else pieces[0].inputs

    def _pieces(self) -> list[_Piece]:
        data = self.data
        if data.inputs is not None and data.target is not None:
            first = [_Piece(ALL, data.inputs, data.target, ("data",))]
        else:
            assert data.train is not None
            first = [_of_part("train", data.train)]
        others = {"validation": data.validation, "test": data.test}
        return first + [_of_part(part, arrays) for part, arrays in others.items() if arrays is not None]

    def _arrays(self) -> NamedArrays:
        named = {
            name: (*piece.place, key)
            for piece in self._pieces()
            for key, name in (("inputs", piece.inputs), ("target", piece.target))
        }
        return NamedArrays(self.data.file, named, self.access)

    def _targets(self, arrays: NamedArrays, pieces: tuple[_Piece, ...]) -> Targets:
        values = arrays.read([piece.target for piece in pieces])
        columns = [_column(np.asarray(values[piece.target]), piece) for piece in pieces]
        place = (*pieces[0].place, "target")
        return targets_of(np.concatenate(columns), self.recipe.task, lambda k: _called(pieces, k), place)


def _of_part(part: str, arrays: PartArrays) -> _Piece:
    return _Piece(part, arrays.inputs, arrays.target, ("data", part))


def _placed(arrays: NamedArrays, pieces: list[_Piece]) -> Iterator[_Piece]:
    """Pieces with their numbers of examples, one after another."""
    first = 0
    for piece in pieces:
        try:
            examples = arrays.together([piece.inputs, piece.target])
        except DataError as error:
            raise DataError(str(error), *error.help, path=piece.place) from error
        if not examples:
            raise DataError(f"array {piece.inputs!r} has no examples", path=(*piece.place, "inputs"))
        yield _Piece(piece.part, piece.inputs, piece.target, piece.place, first, examples)
        first += examples


def _inputs(arrays: NamedArrays, pieces: tuple[_Piece, ...]) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """Type in which inputs are kept, and the shape of one: the same in all parts."""
    found = []
    for piece in pieces:
        array, place = arrays.facts(piece.inputs), (*piece.place, "inputs")
        found.append((stored_type(array.dtype, piece.inputs, place), array.shape[1:] or (1,)))
        if found[-1] != found[0]:
            (dtype, shape), (other, another) = found[0], found[-1]
            raise DataError(
                f"inputs of all parts must be alike; {pieces[0].inputs!r} has {dtype} of {shape}, "
                f"{piece.inputs!r} has {other} of {another}",
                path=place,
            )
        if 0 in found[-1][1]:
            raise DataError(f"array {piece.inputs!r} has the shape {array.shape}: no values", path=place)
    return found[0]


def _column(values: Array, piece: _Piece) -> Array:
    """Targets as one column."""
    if values.ndim == 2 and values.shape[1] == 1:
        return values[:, 0]
    if values.ndim != 1:
        one_hot = values.ndim == 2 and values.dtype.kind in "biuf" and bool((values.sum(axis=1) == 1).all())
        help = "save `labels.argmax(axis=1)` in place of one-hot labels" if one_hot else "save one target an example"
        raise DataError(
            f"array {piece.target!r} must have one target for each example; its shape is {values.shape}",
            help,
            path=(*piece.place, "target"),
        )
    return values


def _called(pieces: tuple[_Piece, ...], k: int) -> str:
    piece = next(piece for piece in reversed(pieces) if k >= piece.first)
    return f"array {piece.target!r}, example {k - piece.first:,}"


def _split(
    details: ArrayDetails, facts: DataFacts, values: dict[str, Array], part: str, placement: Placement
) -> Split | None:
    chosen = details.parts.get(part)
    if chosen is None:
        return None
    piece = next(piece for piece in reversed(details.pieces) if chosen[0] >= piece.first)
    array, place = values[piece.inputs], (*piece.place, "inputs")

    def taken(places: Indices) -> Examples:
        examples = places - piece.first
        x = stored(array[examples], details.dtype, examples, piece.inputs, place)
        return Examples(x, details.targets.values[places])

    resident = placement.window is None if part == "train" else placement.evaluation
    if resident:
        return taken(chosen)

    def read(ranges: Iterator[Range]) -> Iterator[Examples]:
        for start, stop in ranges:
            check_unchanged(details.files)
            yield taken(chosen[start:stop])

    window = placement.window or _IN_FILE_ORDER
    order = WindowOrder(len(chosen), window.block, window.blocks)
    identity = hashlib.sha256(f"{facts.sha256} {part}".encode()).hexdigest()
    return StreamedSplit(order, read, facts.shape, details.dtype, details.targets.values.dtype, identity)
