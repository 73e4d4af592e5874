"""A table that is ready to train on: its parts, and what was learnt of the training part."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Examples
from runner.data.facts import ColumnFacts
from runner.data.sample_weights import weights_of
from runner.data.splits.shares import Indices, Parts
from runner.data.statistics.date_treatment import FittedDate
from runner.data.statistics.fit import Fitted, Numeric, Treatments, fit_columns, kept_positions, present
from runner.data.statistics.image_treatment import FittedImage, ImageTreatment
from runner.data.statistics.text_treatment import FittedText
from runner.data.statistics.word_treatment import FittedWords
from runner.data.tables.columns import TableFacts
from runner.data.tables.store import stored_table
from runner.data.tables.table import Columns, Table
from runner.data.tabular.error_keys import TARGET, WEIGHT, column_place
from runner.data.tabular.learnt import described, says_nothing, stored_names, width_of
from runner.data.tabular.roles import Role, roles, without_constants
from runner.data.tabular.row_parts import divided
from runner.data.tabular.target import Target, target_of
from runner.errors import DataError
from schemas.table_data import CsvData, ParquetData


@dataclass(frozen=True)
class PreparedTable:
    """What the plan found, and training needs.

    Attributes:
        facts: of the table.
        roles: of its columns.
        target: what is predicted.
        fitted: of the inputs, in their order.
        parts: positions of the rows of each part.
        unlabelled: rows without a target, or without one of several, which are not used.
        dropped: rows that ``missing: drop`` leaves out.
        weight: column with the weights of rows; None: there is none.
    """

    facts: TableFacts
    roles: tuple[Role, ...]
    target: Target
    fitted: Fitted
    parts: Parts
    unlabelled: int
    dropped: int
    weight: str | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the columns that the model receives, in the order of the table."""
        return tuple(self.fitted)

    @property
    def read(self) -> list[str]:
        """Names of the columns that :meth:`examples` takes."""
        return [*self._numbers, *self.target.names, *([] if self.weight is None else [self.weight])]

    @property
    def _numbers(self) -> dict[str, Numeric]:
        """The inputs but for images."""
        return {name: learnt for name, learnt in self.fitted.items() if not isinstance(learnt, FittedImage)}

    @property
    def images(self) -> tuple[FittedImage, ...]:
        """The inputs that are images, whose pixels stand behind all numbers."""
        return tuple(learnt for learnt in self.fitted.values() if isinstance(learnt, FittedImage))

    @property
    def pixels(self) -> int:
        """How many pixels a row has of all its images."""
        return sum(image.size for image in self.images)

    @property
    def stored(self) -> tuple[str, ...]:
        """Names of the numbers that the model's input has of a row, one or several of a column, but for pixels."""
        return tuple(name for column, learnt in self.fitted.items() for name in stored_names(column, learnt))

    @property
    def vocabulary(self) -> int | None:
        """How many different numbers a sequence of words may have; None where inputs are no sequence."""
        texts = [learnt for learnt in self.fitted.values() if isinstance(learnt, FittedText)]
        return next((found for learnt in texts if (found := learnt.encoding.numbers) is not None), None)

    @property
    def width(self) -> int:
        """Numbers that the recipe's first layer receives of a row."""
        return sum(map(width_of, self.fitted.values()))

    def examples(self, rows: Columns) -> Examples:
        """Raw inputs, targets and weights of some rows: numbers with NaN where one is missing, places of words.

        Pixels of images are not among them.
        """
        found = [self._input(name, learnt, rows) for name, learnt in self._numbers.items()]
        found = found or [np.empty((len(rows[self.target.names[0]]), 0), np.float32)]
        x = np.concatenate(found, axis=1, dtype=np.float32, casting="same_kind")
        weight = None if self.weight is None else rows[self.weight].astype(np.float32)
        return Examples(x, self.target.values(rows), weight)

    def _input(self, name: str, learnt: Numeric, rows: Columns) -> NDArray[Any]:
        """Of the shape ``(n, numbers)``."""
        match learnt:
            case FittedWords():
                return learnt.places(rows[name], self._words(name))[:, None]
            case FittedDate() | FittedText():
                return learnt.stored(rows[name])
            case _:
                return rows[name][:, None]

    def _words(self, name: str) -> tuple[str, ...]:
        return self.facts.column(name).words

    def shown(self) -> tuple[ColumnFacts, ...]:
        """The columns, as a plan shows them."""
        return tuple(self._shown(role) for role in self.roles)

    def _shown(self, role: Role) -> ColumnFacts:
        column, learnt = role.column, self.fitted.get(role.column.name)
        width = width_of(learnt) if learnt is not None else 0
        note = role.note or column.note
        if learnt is not None and role.treatment is not None:
            note = described(learnt, role.treatment)
        elif role.name == "target" and self.target.classes:
            note = _listed(self.target.classes)
        elif role.name == "target" and self.target.classes_of:
            note = _listed(dict(zip(self.target.names, self.target.classes_of, strict=True))[column.name])
        elif role.name == "target" and self.target.labels:
            note = "label"
        hint = column.hint if role.name in ("input", "not used") else ""
        return ColumnFacts(column.name, column.type, role.name, column.missing, column.distinct, width, note, hint)


def _listed(words: tuple[str, ...], most: int = 6) -> str:
    more = f", … ({len(words):,} classes)" if len(words) > most else ""
    return ", ".join(words[:most]) + more


def prepared_table(
    data: CsvData | ParquetData,
    facts: TableFacts,
    task: str,
    seed: int,
    cache: Path,
    tasks: Mapping[str, str] | None = None,
) -> tuple[PreparedTable, Table]:
    """Divide a table, and learn what the model must know of its training part.

    Args:
        data: of the recipe.
        facts: of the table.
        task: of the recipe.
        seed: of the recipe.
        cache: folder of stored tables.
        tasks: for ``multi_output`` the task of each target.

    Raises:
        DataError: the table cannot be used as the recipe says.
    """
    found = roles(data, facts)
    target = target_of(tuple(map(facts.column, data.targets)), task, len(facts), tasks)
    table = stored_table(facts, cache)
    treatments = {role.column.name: role.treatment for role in found if role.treatment is not None}
    labelled = _labelled(table, target)
    used = kept_positions(table, labelled, treatments)
    if not len(used):
        raise DataError("no row has a target and all values that the recipe wants", path=TARGET)
    classes = target.values(table.take(used, target.names)) if target.classes else None
    parts = divided(table, used, data.splits, classes, seed)
    if data.weight is not None:
        _check_weights(table, used, parts, data.weight)
    kept = _fitted(table, used, parts["train"], treatments)
    _check_alone(kept)
    dropped = len(labelled) - len(used)
    seen = without_constants(found, treatments.keys() - kept.keys())
    unlabelled = len(facts) - len(labelled)
    return PreparedTable(facts, seen, target, kept, parts, unlabelled, dropped, data.weight), table


def _fitted(table: Table, used: Indices, train: Indices, treatments: Treatments) -> Fitted:
    """What was learnt of the inputs that differ in the training part; images come last, their pixels are stored apart.

    Raises:
        DataError: a treatment does not suit its column, an image cannot be used, or nothing is left to learn from.
    """
    learning = {name: one for name, one in treatments.items() if not isinstance(one, ImageTreatment)}
    images = {name: one for name, one in treatments.items() if isinstance(one, ImageTreatment)}
    found = fit_columns(table, train, learning)
    kept: Fitted = {name: learnt for name, learnt in found.items() if not says_nothing(learnt)}
    if images:
        from runner.data.tabular.column_images import fit_images  # most tables have none, and need no Pillow

        kept |= fit_images(table, used, images)
    if not kept:
        raise DataError("every input has one value in the training part; there is nothing to learn from")
    return kept


def _check_alone(fitted: Fitted) -> None:
    """A sequence is not put beside other numbers: layers that take sequences would take those for words."""
    for name, learnt in fitted.items():
        if isinstance(learnt, FittedText) and learnt.encoding.length is not None and len(fitted) > 1:
            others = ", ".join(repr(other) for other in fitted if other != name)
            raise DataError(
                f"`output: int` makes column {name!r} a sequence of words, the only input; there are also {others}",
                "write `output: multi_hot` or `tf_idf`, or `type: ignore` for the other columns",
                path=(*column_place(name), "output"),
            )


def _check_weights(table: Table, used: Indices, parts: Parts, name: str) -> None:
    values = table.take(used, [name])[name]
    weights_of(values, np.searchsorted(used, parts["train"]), lambda k: table.facts.called(int(used[k])), WEIGHT)


def _labelled(table: Table, target: Target) -> Indices:
    there = np.ones(len(table), np.bool_)
    for name in target.names:
        there &= present(table.column(name))
    return np.flatnonzero(there)
