"""``source: custom``: examples that a function of the person's own returns."""

import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from runner.custom_import import call
from runner.data.access import DataAccess
from runner.data.examples import Array, Dataset, Examples
from runner.data.facts import DataFacts
from runner.data.placement import Placement
from runner.data.sample_weights import weights_of
from runner.data.sources.custom_parts import PLACE, CustomPart, parts_of
from runner.data.sources.own_parts import divided, sizes_of
from runner.data.sources.reading import Reading, dataset_of
from runner.data.splits.shares import Indices, Parts
from runner.data.targets import Targets, require_trained, targets_of
from runner.errors import CodeError, DataError
from schemas.custom_data import CustomData
from schemas.recipe import Recipe


@dataclass(frozen=True)
class CustomDetails:
    """What loading needs of the facts: the function is called once, when the run is planned."""

    made: tuple[CustomPart, ...]
    firsts: tuple[int, ...]
    """Place of each part's first example among those of all."""
    targets: Targets
    weights: Array | None
    parts: Parts

    def called(self, place: int) -> str:
        """An example by its place among those of all parts."""
        k = self.part_of(place)
        return f"{self.made[k].name}, example {place - self.firsts[k]:,}"

    def part_of(self, place: int) -> int:
        """Number of the part that has an example."""
        return int(np.searchsorted(self.firsts, place, side="right")) - 1


class CustomSource:
    """Examples from custom code.

    Args:
        data: of the recipe.
        access: says whether the code may be imported, and from where.
        recipe: says what the targets are for.
    """

    def __init__(self, data: CustomData, access: DataAccess, recipe: Recipe) -> None:
        self.data, self.access, self.recipe = data, access, recipe

    def facts(self, report: Callable[[str], None]) -> DataFacts:
        """Call the function, and look at every example once.

        Raises:
            CodeError: the code may not be imported, raises, or returns what is none of the forms.
            DataError: what it returns are no examples of the task.
        """
        made = self._made()
        for part in made[1:]:
            if (part.dtype, part.shape) != (made[0].dtype, made[0].shape):
                raise DataError(
                    f"inputs of all parts must be alike; {made[0].name} has {made[0].dtype} of {made[0].shape}, "
                    f"{part.name} has {part.dtype} of {part.shape}",
                    path=PLACE,
                )
        details = self._divided(made)
        sha256 = hashlib.sha256("".join(f"{part.name} {part.sha256}\n" for part in made).encode()).hexdigest()
        targets = details.targets
        return DataFacts(
            "custom",
            self.data.target,
            sha256[:12],
            *sizes_of(details.parts),
            made[0].shape,
            targets.classes,
            made[0].dtype.itemsize,
            class_names=targets.names,
            sha256=sha256,
            weighted=details.weights is not None,
            targets=targets.several,
            labels=targets.labels,
            details=details,
        )

    def load(self, facts: DataFacts, placement: Placement, seed: int) -> Dataset:
        """The examples in memory, or to be asked for by their places as the model trains."""
        details = facts.details
        assert isinstance(details, CustomDetails)
        return dataset_of(details.parts, lambda chosen: _reading(details, facts, chosen), placement)

    def _made(self) -> tuple[CustomPart, ...]:
        """What the function returns; TensorFlow is set up later, which it must not be by then."""
        before = "tensorflow" in sys.modules
        try:
            returned = call(self.data, self.access.code)
        except CodeError as error:
            raise CodeError(str(error), *error.help, path=PLACE) from error
        made = tuple(parts_of(returned, self.data.target))
        if "tensorflow" in sys.modules and not before:
            raise CodeError(
                f"{self.data.target} imports tensorflow, before the program has set it up",
                "read the data without it, such as with NumPy",
                path=PLACE,
            )
        return made

    def _divided(self, made: tuple[CustomPart, ...]) -> CustomDetails:
        firsts = tuple(np.cumsum([0, *map(len, made)])[:-1].tolist())
        try:
            together = np.concatenate([part.targets for part in made])
        except ValueError as error:
            raise DataError(f"targets of all parts must have one shape: {error}", path=PLACE) from error

        def where(place: int) -> str:
            return details.called(place)

        own = {part.name: np.arange(first, first + len(part)) for part, first in zip(made, firsts, strict=True)}
        details = CustomDetails(made, firsts, Targets(together, ()), None, {})
        targets = targets_of(_column(together, self.recipe.task), self.recipe.task, where, PLACE)
        parts = divided(own, targets.values if targets.names else None, self.data.splits, self.recipe.seed)
        require_trained(targets, parts, where, PLACE)
        return CustomDetails(made, firsts, targets, _weights(made, parts["train"], where), parts)


def _column(targets: Array, task: str) -> Array:
    if targets.ndim == 1 or (targets.ndim == 2 and task != "classification" and targets.shape[1] > 1):
        return targets
    if targets.ndim == 2 and targets.shape[1] == 1 and task != "multi_label":
        return targets[:, 0]
    raise DataError(
        f"targets of {task} must have one value per example{'' if task == 'classification' else ', or several'}; their "
        f"shape is {targets.shape}",
        *(["return `labels.argmax(axis=1)` in place of one-hot labels"] if task == "classification" else []),
        path=PLACE,
    )


def _weights(made: tuple[CustomPart, ...], train: Indices, where: Callable[[int], str]) -> Array | None:
    """Weights of all examples; those of a part without any weigh 1."""
    if all(part.weights is None for part in made):
        return None
    found = [np.ones(len(part)) if part.weights is None else np.asarray(part.weights) for part in made]
    for part, weights in zip(made, found, strict=True):
        if weights.shape != (len(part),) or weights.dtype.kind not in "biuf":
            message = f"weights of {part.name} must be one number for each example; received {weights.dtype} of "
            raise DataError(f"{message}{weights.shape}", path=PLACE)
    return weights_of(np.concatenate(found), train, where, PLACE)


def _reading(details: CustomDetails, facts: DataFacts, chosen: Indices) -> Reading:
    k = details.part_of(int(chosen[0]))
    source, first, targets = details.made[k], details.firsts[k], details.targets.values

    def taken(places: Indices) -> Examples:
        weight = None if details.weights is None else details.weights[places]
        return Examples(source.stored(places - first), targets[places], weight)

    return Reading(
        lambda asked: map(taken, asked), facts.shape, source.dtype, targets, str(facts.sha256), facts.weighted
    )
