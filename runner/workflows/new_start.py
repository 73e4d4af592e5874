"""What a first recipe for a table is written from: types, task, what is no input, and the trivial prediction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.cache import cache_folder
from runner.data.statistics.date_parts import part_of
from runner.data.tables.columns import Column, TableFacts, TableOptions, check_columns
from runner.data.tables.hints import form_said
from runner.data.tables.number_form import PLAIN
from runner.data.tables.source import TableFiles
from runner.data.tables.store import stored_table
from runner.data.tables.table import Table
from runner.data.tabular.known import known_facts
from runner.data.targets import label_value
from runner.data.text.standard import words_of
from runner.errors import DataError
from runner.workflows.new_training import Aim
from schemas.table_data import DatePart

CLASSES = 20
"""Most different whole numbers that are taken for classes."""
_COUNTED = 6
"""Fewest whole numbers that are asked about."""
TEXT_WORDS = 500
"""Words of a text that are inputs."""
_PARTS: tuple[DatePart, ...] = ("year", "month", "weekday", "hour")


@dataclass(frozen=True)
class Start:
    """What a recipe is written from.

    Attributes:
        facts: of the table.
        targets: columns that are predicted.
        task: of the recipe.
        ids: columns of whole numbers or words with another value in every row.
        baseline: accuracy of always the most frequent class or value of a label, or mean distance from the median; of
            several targets the mean.
        dates: columns of dates, with the parts that differ in the table.
        texts: columns of texts with several words each.
    """

    facts: TableFacts
    targets: tuple[Column, ...]
    task: str
    ids: tuple[str, ...]
    baseline: float
    dates: Mapping[str, tuple[DatePart, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    inferred: bool = True
    """Whether the task follows from the values of the target, and was not given."""

    @property
    def rows(self) -> int:
        """With a target, or about as many as have all of several."""
        return len(self.facts) - max(column.missing for column in self.targets)

    @property
    def aim(self) -> Aim:
        """Of the recipe."""
        return Aim(self.task, self.baseline, self.rows)

    @property
    def counts(self) -> bool:
        """Whether the classes are so many whole numbers that they may be amounts."""
        words = self.targets[0].words if self.task == "classification" else ()
        return self.inferred and len(words) >= _COUNTED and all(word.isdecimal() for word in words)

    @property
    def inputs(self) -> int:
        """About how many numbers the model gets of a row: a category is one-hot."""
        return sum(self._width(column) for column in self.facts.columns if column.name not in (*self.ids, *self.names))

    def _width(self, column: Column) -> int:
        if column.type == "category":
            return len(column.words)
        if column.name in self.texts:
            return TEXT_WORDS
        return len(self.dates[column.name]) if column.type == "date" else int(column.type in ("number", "binary"))

    @property
    def names(self) -> tuple[str, ...]:
        """Of the targets."""
        return tuple(column.name for column in self.targets)


def start_of(paths: list[Path], targets: Sequence[str], task: str | None = None) -> Start:
    """Look at a table.

    Args:
        paths: of its files.
        targets: columns that are predicted: one, several numbers, or several labels.
        task: classification, regression or multi_label; None: as the values of the targets suggest.

    Raises:
        DataError: it cannot be read, or a target is not one of its columns, tells nothing apart, or does not fit the
            task.
    """
    check_columns(targets, TableFiles(paths, TableOptions()).names, paths[0].name)
    facts = _with_number_marks(known_facts(paths, TableOptions(), cache_folder()), paths)
    for name in targets:
        _check_target(facts.column(name))
    inferred = task is None
    if task is None:
        task = _task(facts, targets)
    else:
        _check_task(facts, targets, task)
    if task != "regression":  # the same types as in the recipe, which says the task
        facts = known_facts(paths, replace(facts.options, types=dict.fromkeys(targets, "category")), cache_folder())
    table = stored_table(facts, cache_folder())
    ids = tuple(column.name for column in facts.columns if column.name not in targets and _is_id(column, table))
    baselines = [_distance(table, name) if task == "regression" else _majority(table, name) for name in targets]
    dates = {column.name: _differing(table.column(column.name)) for column in facts.columns if column.type == "date"}
    texts = tuple(column.name for column in facts.columns if column.type == "text" and _has_words(column, table))
    return Start(facts, tuple(map(facts.column, targets)), task, ids, float(np.mean(baselines)), dates, texts, inferred)


def _with_number_marks(facts: TableFacts, paths: list[Path]) -> TableFacts:
    """The facts with numbers such as 1.234,56 read as numbers, if all that are numbers without that stay numbers."""
    form = next((form for column in facts.columns if (form := form_said(column.hint)) is not None), PLAIN)
    if form == PLAIN:
        return facts
    found = known_facts(paths, replace(facts.options, numbers=form), cache_folder())
    stay = all(found.column(column.name).type == "number" for column in facts.columns if column.type == "number")
    return found if stay else facts


def _check_target(column: Column) -> None:
    if column.type in ("date", "text", "image", "ignore"):
        why = f" ({column.hint or column.note})" if column.hint or column.note else ""
        raise DataError(
            f"column {column.name!r} is of type {column.type}{why}; a target holds numbers or classes",
            "name another column as --target, or write its values as plain numbers, without signs and units, or as the "
            "names of classes that several rows share",
        )
    if column.constant:
        raise DataError(
            f"column {column.name!r} has one value; there is nothing to predict",
            "name another column as --target, or add rows with another value",
        )


def _task(facts: TableFacts, targets: Sequence[str]) -> str:
    columns = [facts.column(name) for name in targets]
    if len(columns) == 1:
        (column,) = columns
        return "classification" if column.type != "number" or _few_whole_numbers(column, len(facts)) else "regression"
    table = stored_table(facts, cache_folder())
    if all(_is_label(column, table) for column in columns):
        return "multi_label"
    other = next((column for column in columns if column.type != "number"), None)
    if other is not None:
        raise DataError(
            f"several targets are all numbers, or all labels; column {other.name!r} is of type {other.type}",
            "a label is 0 or 1, no or yes, false or true; for classes name one column",
        )
    return "regression"


def _check_task(facts: TableFacts, targets: Sequence[str], task: str) -> None:
    """Refuse a given task that the values of the targets do not allow."""
    if task == "classification" and len(targets) > 1:
        raise DataError(
            "--task classification: has one target; --target names several",
            "name one column, or write --task multi_label for labels that are each there or not",
        )
    if task == "multi_label" and len(targets) == 1:
        raise DataError(
            "--task multi_label: has several targets; --target names one",
            "name each label with --target, or write --task classification",
        )
    table = stored_table(facts, cache_folder())
    for column in map(facts.column, targets):
        if task == "regression" and column.type != "number":
            why = f"column {column.name!r} is of type {column.type}, and a regression predicts numbers"
            raise DataError(f"--task regression: {why}", "write --task classification")
        if task == "classification" and column.type == "number" and not column.storage.startswith("int"):
            why = f"column {column.name!r} has numbers with decimals, and classes are words or whole numbers"
            raise DataError(f"--task classification: {why}", "write --task regression")
        if task == "multi_label" and not _is_label(column, table):
            why = f"column {column.name!r} has other values than 0 and 1, no and yes, or false and true"
            raise DataError(f"--task multi_label: {why}", "leave out --task, or name another column as --target")


def _is_label(column: Column, table: Table) -> bool:
    if column.type == "number":
        values = table.column(column.name)
        return bool(np.isin(values[~np.isnan(values)], (0, 1)).all())
    return column.type == "binary" and all(label_value(word) is not None for word in column.words)


def _few_whole_numbers(column: Column, rows: int) -> bool:
    whole = column.storage.startswith("int")
    return whole and column.distinct is not None and column.distinct <= min(CLASSES, max(rows // 10, 2))


def _is_id(column: Column, table: Table) -> bool:
    """Whether every row has another value: nothing that a model could learn holds for a second row."""
    rows = len(table)
    if rows < CLASSES or column.missing or (column.distinct is not None and column.distinct < rows):
        return False
    if column.type == "number":
        return column.storage.startswith("int") and len(np.unique(table.column(column.name))) == rows
    return column.type == "category"


def _differing(moments: NDArray[Any]) -> tuple[DatePart, ...]:
    """Parts of dates that are worth a try: those that have two values or more."""
    there = moments[~np.isnat(moments)]
    return tuple(part for part in _PARTS if len(there) and np.ptp(part_of(there, part)) > 0)


def _has_words(column: Column, table: Table) -> bool:
    """Whether texts are more than names: three words or more on the average of the first thousand rows."""
    found = table.rows(0, min(len(table), 1000), [column.name])[column.name]
    words = [len(words_of(text)) for text in found if text is not None]
    return bool(words) and float(np.mean(words)) >= 3


def _majority(table: Table, target: str) -> float:
    codes = table.column(target)
    counts = np.bincount(codes[codes >= 0])
    return float(counts.max() / counts.sum())


def _distance(table: Table, target: str) -> float:
    values = table.column(target)
    values = values[~np.isnan(values)]
    return float(np.abs(values - np.median(values)).mean())
