"""The arrays of a recipe's parts: inputs, targets and weights that go together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from runner.data.arrays.named import NamedArrays
from runner.data.arrays.stored import stored_type
from runner.data.examples import Array
from runner.data.sample_weights import weights_of
from runner.data.sources.own_parts import ALL
from runner.data.splits.shares import Indices
from runner.data.targets import Targets, targets_of
from runner.errors import DataError, KeyPath
from schemas.array_data import NpzData, PartArrays
from schemas.data_base import several


@dataclass(frozen=True)
class Piece:
    """The arrays of one part, or of all."""

    part: str
    inputs: str
    targets: tuple[str, ...]
    place: KeyPath
    weight: str | None = None
    first: int = 0
    """Place of its first example among those of all pieces."""
    examples: int = 0

    @property
    def names(self) -> list[str]:
        """Of its arrays."""
        return list(self.places)

    @property
    def places(self) -> dict[str, KeyPath]:
        """Its arrays, with the place of each in the recipe."""
        of_targets = dict.fromkeys(self.targets, (*self.place, "target"))
        weight = {} if self.weight is None else {self.weight: (*self.place, "weight")}
        return {self.inputs: (*self.place, "inputs"), **of_targets, **weight}


def pieces_of(data: NpzData) -> list[Piece]:
    """What the recipe names, in the order of the parts."""
    if data.inputs is not None and data.target is not None:
        first = [Piece(ALL, data.inputs, several(data.target), ("data",), data.weight)]
    else:
        assert data.train is not None
        first = [_of_part("train", data.train)]
    others = {"validation": data.validation, "test": data.test}
    return first + [_of_part(part, arrays) for part, arrays in others.items() if arrays is not None]


def _of_part(part: str, arrays: PartArrays) -> Piece:
    return Piece(part, arrays.inputs, several(arrays.target), ("data", part), arrays.weight)


def placed(arrays: NamedArrays, pieces: list[Piece]) -> Iterator[Piece]:
    """Pieces with their numbers of examples, one after another."""
    first = 0
    for piece in pieces:
        try:
            examples = arrays.together(piece.names)
        except DataError as error:
            raise DataError(str(error), *error.help, path=piece.place) from error
        if not examples:
            raise DataError(f"array {piece.inputs!r} has no examples", path=(*piece.place, "inputs"))
        yield replace(piece, first=first, examples=examples)
        first += examples


def inputs_of(arrays: NamedArrays, pieces: tuple[Piece, ...]) -> tuple[np.dtype[Any], tuple[int, ...]]:
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


def piece_targets(
    arrays: NamedArrays, pieces: tuple[Piece, ...], task: str, tasks: Mapping[str, str] | None = None
) -> Targets:
    """Of the examples of all pieces.

    Args:
        arrays: of the recipe.
        pieces: that name them.
        task: of the recipe.
        tasks: for ``multi_output`` the task of each target, by the name that it has in the first piece.

    Raises:
        DataError: an array is not one of targets, as the task wants them.
    """
    if task != "multi_output":
        return _targets(arrays, pieces, task, 0, most=None)
    names = enumerate(pieces[0].targets)
    return Targets.together(
        {name: _targets(arrays, pieces, (tasks or {})[name], which, most=1) for which, name in names}
    )


def _targets(arrays: NamedArrays, pieces: tuple[Piece, ...], task: str, which: int, *, most: int | None) -> Targets:
    """Of one of the arrays that each piece has, with at most so many numbers of an example; labels may be more."""
    named = [piece.targets[which] for piece in pieces]
    values = arrays.read(named)
    pairs = zip(named, pieces, strict=True)
    columns = [_column(np.asarray(values[name]), name, piece, task, most) for name, piece in pairs]
    place = (*pieces[0].place, "target")
    for piece, column in zip(pieces, columns, strict=True):
        if column.shape[1:] != columns[0].shape[1:]:
            raise DataError(
                f"targets of all parts must be alike; {named[0]!r} has the shape {columns[0].shape}, "
                f"{piece.targets[which]!r} has {column.shape}",
                path=(*piece.place, "target"),
            )
    return targets_of(np.concatenate(columns), task, lambda k: called(pieces, k, which=which), place)


def piece_weights(arrays: NamedArrays, pieces: tuple[Piece, ...], train: Indices) -> Array | None:
    """Of the examples of all pieces; those of a piece without weights weigh 1. None where no piece has any.

    Raises:
        DataError: an array is not one of weights.
    """
    named = [piece.weight for piece in pieces if piece.weight is not None]
    if not named:
        return None
    values = arrays.read(named)
    columns = [
        np.ones(piece.examples) if piece.weight is None else _numbers(np.asarray(values[piece.weight]), piece)
        for piece in pieces
    ]
    place = next((*piece.place, "weight") for piece in pieces if piece.weight is not None)
    return weights_of(np.concatenate(columns), train, lambda k: called(pieces, k, weight=True), place)


def _column(values: Array, name: str, piece: Piece, task: str, most: int | None) -> Array:
    """Targets as one column, or as several of numbers or labels."""
    if task == "multi_label":
        if (values.ndim == 2 and values.shape[1] > 1) or (values.ndim == 1 and most is not None):
            return values
        what, help = "two labels or more for each example", "save an array of 0 and 1 with a column for each label"
    else:
        if values.ndim == 2 and values.shape[1] == 1:
            return values[:, 0]
        if values.ndim == 1 or (values.ndim == 2 and values.shape[1] > 1 and task == "regression" and most is None):
            return values
        one_hot = values.ndim == 2 and values.dtype.kind in "biuf" and bool((values.sum(axis=1) == 1).all())
        what, help = "one target for each example", "save one target per example"
        if values.ndim == 2 and task == "classification":
            help = "for labels of which each is 0 or 1 write `task: multi_label`"
        help = "save `labels.argmax(axis=1)` in place of one-hot labels" if one_hot else help
    raise DataError(
        f"array {name!r} must have {what}; its shape is {values.shape}", help, path=(*piece.place, "target")
    )


def _numbers(values: Array, piece: Piece) -> Array:
    """Weights as one column of numbers."""
    if values.shape not in ((piece.examples,), (piece.examples, 1)) or values.dtype.kind not in "biuf":
        raise DataError(
            f"array {piece.weight!r} must have one number for each example; it has {values.dtype} of {values.shape}",
            path=(*piece.place, "weight"),
        )
    return values.reshape(-1)


def called(pieces: tuple[Piece, ...], k: int, which: int = 0, *, weight: bool = False) -> str:
    """Such as ``array 'y', example 7``, of an example by its place among those of all pieces.

    Args:
        pieces: in their order.
        k: the place.
        which: of several arrays of targets.
        weight: whether the array of weights is meant in place of that of targets.
    """
    piece = next(piece for piece in reversed(pieces) if k >= piece.first)
    return f"array {(piece.weight if weight else piece.targets[which])!r}, example {k - piece.first:,}"
