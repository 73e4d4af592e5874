"""Predictions of a model with several outputs as rows: a number, a class with its probability, or labels, for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.errors import InputError, ModelUnusable
from runner.inference.given_threshold import GivenThreshold
from runner.inference.predictions import Cells, Outputs, Row, Table, Wording
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

    def decided(self, outputs: NDArray[Any]) -> NDArray[np.int64]:
        """What all columns of the model ``(b, u)`` decide for: a class ``(b,)``, or 0 or 1 of each label."""
        own = outputs[:, self.first : self.stop]
        if self.task == "multi_label":
            return labels_of(own, self.threshold)
        assert not isinstance(self.threshold, tuple)
        return decide(own, self.threshold)

    def wording(self, threshold: Threshold | None, top: int, *, spread: bool) -> Wording:
        """How it is told: as a model would that has no other output.

        Args:
            threshold: in place of its own; None: its own.
            top: how many of the most probable classes are told, where it has classes.
            spread: whether mean and deviation of samples are told.
        """
        units, above = self.stop - self.first, self.threshold if threshold is None else threshold
        if self.task == "multi_label":
            return Wording((), units, above, spread=spread, targets=self.classes, labels=True)
        return Wording(self.classes, units, above, min(top, len(self.classes)), spread)


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
class OutputWording(Table):
    """How several outputs are told: the cells of each, by names that begin with the output's.

    Attributes:
        outputs: in the order of the recipe.
        wordings: of each.
    """

    outputs: tuple[OutputColumns, ...]
    wordings: tuple[Wording, ...]

    @classmethod
    def of(
        cls, outputs: tuple[OutputColumns, ...], threshold: GivenThreshold, top: int, *, spread: bool
    ) -> "OutputWording":
        """The wording that a person asks for.

        Args:
            outputs: in the order of the recipe.
            threshold: a number for all that have one, or some by name; None: their own.
            top: how many of the most probable classes are told of each output that has classes.
            spread: whether mean and deviation of samples are told.

        Raises:
            InputError: there is no output for what is asked.
        """
        most = max((len(one.classes) for one in outputs if one.task != "multi_label"), default=0)
        if top > most:
            raise InputError(
                f"--top-k: must be at most the largest number of classes of an output, {most}; received {top}"
                if most
                else "--top-k is for classes, and no output of this run has them"
            )
        above = given_for(outputs, threshold)
        return cls(outputs, tuple(one.wording(above.get(one.name), top, spread=spread) for one in outputs))

    @property
    def cells(self) -> Cells:
        """The first of each output by its name, the others with it in front."""
        return tuple(
            (output.name if place == 0 else f"{output.name}_{name}", word)
            for output, wording in zip(self.outputs, self.wordings, strict=True)
            for place, (name, word) in enumerate(wording.cells)
        )

    def rows(self, ids: Sequence[str], outputs: Outputs) -> Iterator[Row]:
        """A row for each example."""
        parts = zip(self.outputs, self.wordings, strict=True)
        each = [wording.rows(ids, outputs.of_columns(slice(one.first, one.stop))) for one, wording in parts]
        for name, *rows in zip(ids, *each, strict=True):
            yield (name, *(cell for row in rows for cell in row[1:]))


def given_for(outputs: Sequence[OutputColumns], given: GivenThreshold) -> Mapping[str, float]:
    """The thresholds that a person gives, by output.

    A number is for every output that decides by one: of two classes or labels. By name one may also be given to an
    output of more classes, which then decides for none below it.

    Raises:
        InputError: there is no such output, or it decides for nothing.
    """
    deciding = [one.name for one in outputs if one.classes]
    if isinstance(given, Mapping):
        for name in given:
            if name not in deciding:
                known = name in {one.name for one in outputs}
                fault = "is a regression, which has no threshold" if known else "is no output of this run"
                raise InputError(f"--threshold {name}=…: {name} {fault}", *_those(deciding))
        return given
    if given is None:
        return {}
    found = {one.name: given for one in outputs if one.task in ("binary", "multi_label")}
    if not found:
        ways = [f"--threshold {name}={given:g} decides for no class of {name} below it" for name in deciding[:1]]
        raise InputError("--threshold: no output of this run decides between two classes or for labels", *ways)
    return found


def _those(names: Sequence[str]) -> list[str]:
    return [f"outputs that have one: {', '.join(names)}"] if names else []
