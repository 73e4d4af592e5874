"""Predictions of a model with several outputs as rows: a number, or a class with its probability, for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runner.errors import InputError, ModelUnusable
from runner.inference.predictions import Outputs, Row, number_of
from schemas.model import Model


@dataclass(frozen=True)
class OutputColumns:
    """The columns of one output.

    Attributes:
        name: of the output.
        classes: their names; empty for a number.
        first: of its columns in what the model gives.
    """

    name: str
    classes: tuple[str, ...]
    first: int

    @property
    def stop(self) -> int:
        """One past its last column."""
        return self.first + max(len(self.classes), 1)

    def cells(self, values: NDArray[np.float32]) -> Row:
        """A number; or the class and its probability, nothing where that is not known."""
        own = values[self.first : self.stop]
        if not self.classes:
            return (number_of(own[0]),)
        if not np.isfinite(own).all():
            return (None, None)
        most = int(np.argmax(own))
        return self.classes[most], number_of(own[most])


def columns_of(model: Model, names: Sequence[str]) -> tuple[OutputColumns, ...]:
    """The columns of each output, by the names that a saved model gives what it predicts.

    Args:
        model: of the recipe.
        names: of all columns: ``price``, or ``origin: usa`` for each class.

    Raises:
        ModelUnusable: they are not those of the recipe's outputs.
    """
    found, place = [], 0
    for name, output in model.outputs.items():
        start = place
        if output.task == "regression":
            place += tuple(names[place : place + 1]) == (name,)
        else:
            while place < len(names) and names[place].startswith(f"{name}: "):
                place += 1
        if place == start:
            break
        classes = tuple(one.removeprefix(f"{name}: ") for one in names[start:place])
        found.append(OutputColumns(name, classes if output.task == "classification" else (), start))
    if len(found) < len(model.outputs) or place < len(names):
        raise ModelUnusable("the names that are saved with the model are not those of the recipe's outputs")
    return tuple(found)


@dataclass(frozen=True)
class OutputWording:
    """How the outputs are told.

    Attributes:
        outputs: in the order of the recipe.
    """

    outputs: tuple[OutputColumns, ...]

    @classmethod
    def checked(
        cls, outputs: tuple[OutputColumns, ...], threshold: float | None, top: int, samples: int
    ) -> "OutputWording":
        """The wording, if nothing is asked that is for a model of one output.

        Raises:
            InputError: something is.
        """
        asked = {"--threshold": threshold is not None, "--top-k": top > 0, "--mc-samples": samples > 0}
        for option, given in asked.items():
            if given:
                raise InputError(f"{option} is for a model of one output, and this run has {len(outputs)}")
        return cls(outputs)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the cells of a row."""
        named = ((one.name, f"{one.name}_probability") if one.classes else (one.name,) for one in self.outputs)
        return ("id", *(name for names in named for name in names))

    @property
    def texts(self) -> frozenset[str]:
        """Columns that hold text; all others hold numbers."""
        return frozenset({"id", *(one.name for one in self.outputs if one.classes)})

    def rows(self, ids: Sequence[str], outputs: Outputs) -> Iterator[Row]:
        """A row for each example."""
        for name, values in zip(ids, outputs.values, strict=True):
            yield (name, *(cell for one in self.outputs for cell in one.cells(values)))
