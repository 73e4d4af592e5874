"""Predictions of a model with several outputs as rows: a number, a class with its probability, or labels, for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.errors import InputError, ModelUnusable
from runner.inference.predictions import Outputs, Row, different, each_class, number_of
from runner.inference.standalone import decide, labels_of
from runner.measures.decisions import Threshold
from schemas.model import Model
from schemas.model_outputs import OutputTask


@dataclass(frozen=True)
class OutputColumns:
    """The columns of one output.

    Attributes:
        name: of the output.
        task: what it predicts.
        classes: their names, or those of labels; empty for a number.
        first: of its columns in what the model gives.
        threshold: above which it decides for class 1 or a label, or one for each label; None: one half.
    """

    name: str
    task: OutputTask
    classes: tuple[str, ...]
    first: int
    threshold: Threshold | None = None

    @property
    def stop(self) -> int:
        """One past its last column."""
        return self.first + (1 if self.task == "binary" else max(len(self.classes), 1))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its cells in a row."""
        if self.task == "multi_label":
            return (self.name, *(f"{self.name}_{label}" for label in self.classes))
        return (self.name, f"{self.name}_probability") if self.classes else (self.name,)

    def decided(self, outputs: NDArray[Any]) -> NDArray[np.int64]:
        """What all columns of the model ``(b, u)`` decide for: a class ``(b,)``, or 0 or 1 of each label."""
        own = outputs[:, self.first : self.stop]
        if self.task == "multi_label":
            return labels_of(own, self.threshold)
        assert not isinstance(self.threshold, tuple)
        return decide(own, self.threshold)

    def cells(self, outputs: NDArray[np.float32]) -> list[Row]:
        """Of each example a number; a class and its probability; or the labels that are there and all probabilities.

        Nothing where that is not known.
        """
        own = outputs[:, self.first : self.stop]
        if not self.classes:
            return [(number_of(value),) for value in own[:, 0]]
        decided, known = self.decided(outputs), [bool(np.isfinite(row).all()) for row in own]
        if self.task == "multi_label":
            pairs = zip(decided, known, own, strict=True)
            return [(self._said(there) if sure else None, *map(number_of, row)) for there, sure, row in pairs]
        shares = each_class(own)[np.arange(len(own)), decided]
        triples = zip(decided.tolist(), shares, known, strict=True)
        return [(self.classes[n], number_of(share)) if sure else (None, None) for n, share, sure in triples]

    def _said(self, there: NDArray[np.int64]) -> str:
        return "; ".join(label for label, found in zip(self.classes, there, strict=True) if found)


def columns_of(
    model: Model, names: Sequence[str], thresholds: Mapping[str, Threshold] | None = None
) -> tuple[OutputColumns, ...]:
    """The columns of each output, by the names that a saved model gives what it predicts.

    Args:
        model: of the recipe.
        names: of all columns: ``price``, or ``origin: usa`` for each class or label, for both of one column as well.
        thresholds: that are saved with the model, by output.

    Raises:
        ModelUnusable: they are not those of the recipe's outputs.
    """
    found: list[OutputColumns] = []
    rest = list(names)
    for name, output in model.outputs.items():
        own: tuple[str, ...] = ()
        if output.task == "regression":
            taken = rest[:1] == [name]
        else:
            own = tuple(one.removeprefix(f"{name}: ") for one in _leading(rest, f"{name}: "))
            taken = len(own) == 2 if output.task == "binary" else bool(own)
        if not taken:
            raise _unknown_columns()
        rest = rest[max(len(own), 1) :]
        cut = _fitting((thresholds or {}).get(name), output.task, len(own))
        found.append(OutputColumns(name, output.task, own, found[-1].stop if found else 0, cut))
    if rest:
        raise _unknown_columns()
    return tuple(found)


def _leading(names: Sequence[str], beginning: str) -> Iterator[str]:
    for name in names:
        if not name.startswith(beginning):
            return
        yield name


def _fitting(found: Threshold | None, task: OutputTask, labels: int) -> Threshold | None:
    """A saved threshold, of labels one for each.

    Raises:
        ModelUnusable: there are others than there are labels, or the output decides by none.
    """
    if found is None:
        return None
    if task == "multi_label":
        each = found if isinstance(found, tuple) else (found,) * labels
        if len(each) == labels:
            return each
    elif task == "binary" and isinstance(found, float):
        return found
    raise ModelUnusable("the thresholds that are saved with the model are not those of the recipe's outputs")


def _unknown_columns() -> ModelUnusable:
    return ModelUnusable("the names that are saved with the model are not those of the recipe's outputs")


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
        return different(("id",), [name for one in self.outputs for name in one.names])

    @property
    def texts(self) -> frozenset[str]:
        """Columns that hold text; all others hold numbers."""
        first, *cells = self.columns
        words = (bool(one.classes) and place == 0 for one in self.outputs for place in range(len(one.names)))
        return frozenset({first, *(name for name, word in zip(cells, words, strict=True) if word)})

    def rows(self, ids: Sequence[str], outputs: Outputs) -> Iterator[Row]:
        """A row for each example."""
        each = [one.cells(outputs.values) for one in self.outputs]
        for name, *cells in zip(ids, *each, strict=True):
            yield (name, *(cell for some in cells for cell in some))
