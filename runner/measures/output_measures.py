"""Metrics of whole splits of a model with several outputs: those of each, by names that begin with the output's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.measures.split_measures import Measures, Measuring

Array = NDArray[Any]


@dataclass(frozen=True)
class OutputPart:
    """What is measured of one output."""

    name: str
    places: Sequence[int]
    """Of its targets among those of an example; several for labels."""
    columns: slice
    """Of what the model gives."""
    of: Measuring

    def add(self, measures: Measures, truth: Array, outputs: Array) -> None:
        """Count a batch: all targets ``(b, k)`` and all columns ``(b, u)``."""
        own = truth[:, list(self.places)] if self.of.labels else truth[:, self.places[0]]
        whole = self.of.classes is not None or self.of.labels
        measures.add(own.astype(np.int64) if whole else own, outputs[:, self.columns])


@dataclass(frozen=True)
class OutputsMeasuring:
    """What is measured of all outputs."""

    parts: Sequence[OutputPart]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the metrics, with the outputs' names before them."""
        return tuple(f"{part.name}_{name}" for part in self.parts for name in part.of.names)

    def start(self) -> "OutputsMeasures":
        """Nothing measured yet."""
        return OutputsMeasures(self.parts)


class OutputsMeasures:
    """The measures of all outputs so far.

    Args:
        parts: the outputs.
    """

    def __init__(self, parts: Sequence[OutputPart]) -> None:
        self._parts = [(part, part.of.start()) for part in parts]

    def add(self, truth: Array, outputs: Array) -> None:
        """Count a batch: all targets ``(b, k)`` and all columns ``(b, u)``."""
        for part, measures in self._parts:
            part.add(measures, truth, outputs)

    def values(self) -> dict[str, float]:
        """Every metric of all examples so far."""
        return {
            f"{part.name}_{name}": value for part, measures in self._parts for name, value in measures.values().items()
        }
