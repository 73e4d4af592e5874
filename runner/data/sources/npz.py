"""``source: npz``: arrays of an npz file, or npy files that are read by position."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from runner.data.access import DataAccess
from runner.data.arrays.named import NamedArrays
from runner.data.arrays.stored import stored
from runner.data.examples import Array, Dataset, Examples
from runner.data.facts import DataFacts
from runner.data.files import FileFacts, check_unchanged, content_hash, file_facts
from runner.data.placement import Placement
from runner.data.sources.array_pieces import Piece, called, inputs_of, piece_targets, piece_weights, pieces_of, placed
from runner.data.sources.own_parts import divided, sizes_of
from runner.data.sources.reading import Reading, dataset_of
from runner.data.splits.shares import Indices, Parts
from runner.data.targets import Targets, require_trained
from runner.errors import DataError
from schemas.array_data import NpzData
from schemas.recipe import Recipe


@dataclass(frozen=True)
class ArrayDetails:
    """What loading needs of the facts."""

    files: tuple[FileFacts, ...]
    targets: Targets
    weights: Array | None
    parts: Parts
    pieces: tuple[Piece, ...]
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
        pieces = tuple(placed(arrays, pieces_of(self.data)))
        dtype, shape = inputs_of(arrays, pieces)
        targets = piece_targets(arrays, pieces, self.recipe.task, self.recipe.model.target_tasks)
        own = {piece.part: np.arange(piece.first, piece.first + piece.examples) for piece in pieces}
        classes = targets.values if targets.names else None
        parts = divided(own, classes, self.data.splits, self.recipe.seed)
        for which, one in enumerate(targets.apart.values() or [targets]):
            require_trained(one, parts, partial(called, pieces, which=which), pieces[0].place)
        weights = piece_weights(arrays, pieces, parts["train"])
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
            weighted=weights is not None,
            targets=targets.several,
            target_classes=targets.classes_of,
            labels=targets.labels,
            details=ArrayDetails(files, targets, weights, parts, pieces, dtype),
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
        dataset = dataset_of(details.parts, lambda chosen: _reading(details, facts, values, chosen), placement)
        check_unchanged(details.files)
        return dataset

    def _name(self) -> str:
        pieces = pieces_of(self.data)
        return self.data.file if self.data.file is not None else pieces[0].inputs

    def _arrays(self) -> NamedArrays:
        named = {name: place for piece in pieces_of(self.data) for name, place in piece.places.items()}
        return NamedArrays(self.data.file, named, self.access)


def _reading(details: ArrayDetails, facts: DataFacts, values: dict[str, Array], chosen: Indices) -> Reading:
    piece = next(piece for piece in reversed(details.pieces) if chosen[0] >= piece.first)
    array, place = values[piece.inputs], (*piece.place, "inputs")
    targets = details.targets.values

    def taken(places: Indices) -> Examples:
        examples = places - piece.first
        x = stored(array[examples], details.dtype, examples, piece.inputs, place)
        weight = None if details.weights is None else details.weights[places]
        return Examples(x, targets[places], weight)

    def blocks(asked: Iterator[Indices]) -> Iterator[Examples]:
        for places in asked:
            check_unchanged(details.files)
            yield taken(places)

    return Reading(blocks, facts.shape, details.dtype, targets, str(facts.sha256), facts.weighted)
