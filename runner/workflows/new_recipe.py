"""A first recipe for a table: what `recipe init` writes. The same file gives the same recipe."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.cache import cache_folder
from runner.data.folders import said_part
from runner.data.statistics.date_parts import part_of
from runner.data.tables.columns import Column, TableFacts, TableOptions, check_columns
from runner.data.tables.source import ARROW, PARQUET, TableFiles
from runner.data.tables.store import stored_table
from runner.data.tables.table import Table
from runner.data.tabular.known import known_facts
from runner.data.tabular.target import label_value
from runner.data.text.standard import words_of
from runner.errors import DataError
from runner.source.editing.emit import to_flow
from runner.workflows.new_training import Aim, batch_size, dense_layers, epochs, is_wide, training
from schemas.table_data import DatePart

CLASSES = 20
"""Most different whole numbers that are taken for classes."""
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

    @property
    def rows(self) -> int:
        """With a target, or about as many as have all of several."""
        return len(self.facts) - max(column.missing for column in self.targets)

    @property
    def aim(self) -> Aim:
        """Of the recipe."""
        return Aim(self.task, self.baseline)

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


def start_of(paths: list[Path], targets: Sequence[str]) -> Start:
    """Look at a table.

    Args:
        paths: of its files.
        targets: columns that are predicted: one, several numbers, or several labels.

    Raises:
        DataError: it cannot be read, or a target is not one of its columns, or tells nothing apart.
    """
    check_columns(targets, TableFiles(paths, TableOptions()).names, paths[0].name)
    facts = known_facts(paths, TableOptions(), cache_folder())
    for name in targets:
        _check_target(facts.column(name))
    task = _task(facts, targets)
    if task != "regression":  # the same types as in the recipe, which says the task
        facts = known_facts(paths, TableOptions(dict.fromkeys(targets, "category")), cache_folder())
    table = stored_table(facts, cache_folder())
    ids = tuple(column.name for column in facts.columns if column.name not in targets and _is_id(column, table))
    baselines = [_distance(table, name) if task == "regression" else _majority(table, name) for name in targets]
    dates = {column.name: _differing(table.column(column.name)) for column in facts.columns if column.type == "date"}
    texts = tuple(column.name for column in facts.columns if column.type == "text" and _has_words(column, table))
    return Start(facts, tuple(map(facts.column, targets)), task, ids, float(np.mean(baselines)), dates, texts)


def _check_target(column: Column) -> None:
    if column.type in ("date", "text", "image", "ignore"):
        why = f" ({column.note})" if column.note else ""
        raise DataError(f"column {column.name!r} is of type {column.type}{why}; a target holds numbers or classes")
    if column.constant:
        raise DataError(f"column {column.name!r} has one value; there is nothing to predict")


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


def written(start: Start, shown: str, output: str, root: Path | None) -> str:
    """The recipe's text.

    Args:
        start: what is known of the table.
        shown: path or pattern of the files, as the recipe names them.
        output: name of the recipe's file, for the line that says how to run it.
        root: folder that must be allowed because the files lie outside of the recipe's.
    """
    return "\n".join([*_head(start, output, root), *_data(start, shown), *_model(start), *start.aim.expected(), ""])


def _head(start: Start, output: str, root: Path | None) -> Iterator[str]:
    what = ", ".join(map(_comment, start.names))
    goal = f"predict {what} from the other columns of {len(start.facts):,} rows"
    return heading(goal, start.aim, output, root)


def heading(goal: str, aim: Aim, output: str, root: Path | None) -> Iterator[str]:
    """The first lines of a recipe.

    Args:
        goal: what it is for.
        aim: what it is to be better than.
        output: name of its file.
        root: folder that must be allowed.
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", Path(output).stem).strip(".")[:64] or "table"
    yield f"# Goal: {_comment(goal)}."
    yield f"# Expect: better than {aim.trivial}."
    yield f"# Run: recipe run {output}" + (f" --root {root}" if root is not None else "")
    yield from ("recipe: 1", f"name: {name}", f"task: {aim.task}", "seed: 0", "")


def _comment(text: str) -> str:
    """A text that ends no line of comment."""
    return " ".join(text.split()) if text.isprintable() else repr(text)


def data_lines(start: Start, kind: str, shown: str) -> Iterator[str]:
    """The first lines of the data: source, files and target."""
    target = to_flow(start.names[0] if len(start.names) == 1 else list(start.names))
    yield from ("data:", f"  source: {kind}", f"  files: {to_flow(shown)}", f"  target: {target}")


def _data(start: Start, shown: str) -> Iterator[str]:
    kind = "parquet" if start.facts.files[0].path.suffix.lower() in (*PARQUET, *ARROW) else "csv"
    yield from data_lines(start, kind, shown)
    mark = "" if start.ids or start.texts or any(start.dates.values()) else "# "
    yield f"  {mark}columns:  # as they were inferred; write here what is to be otherwise"
    yield from (_column(start, column) for column in start.facts.columns)
    yield from _splits(start)
    yield from (*start.aim.target_scale(), f"  batch_size: {batch_size(start.rows)}", "")


def _column(start: Start, column: Column) -> str:
    said = [f"{column.distinct:,} values" if column.distinct is not None else "many values"]
    said += [f"{column.missing:,} missing"] if column.missing else []
    if column.name in start.ids:
        return f"    {to_flow(column.name)}: {{type: ignore}}  # another value in every row: an id"
    if column.name in start.names:
        which = "the target" if len(start.names) == 1 else "a target"
        return f"    # {_comment(column.name)}: {which}, {', '.join(said)}"
    parts = ", ".join(start.dates.get(column.name, ()))
    if parts:
        return f"    {to_flow(column.name)}: {{parts: [{parts}]}}  # a date, {', '.join(said)}"
    if column.name in start.texts:
        return f"    {to_flow(column.name)}: {{output: tf_idf, vocabulary: {TEXT_WORDS}}}  # a text, {', '.join(said)}"
    unused = {"text": "no input", "date": "no input", "image": "no input", "ignore": "not used"}
    said += [unused[column.type]] if column.type in unused else []
    said += [column.hint or column.note] if column.hint or column.note else []
    return f"    # {_comment(column.name)}: {{type: {column.type}}}  {', '.join(said)}"


def _splits(start: Start) -> Iterator[str]:
    yield from (f"  # {hint}" for hint in hints(start))
    if parts_said([file.path for file in start.facts.files]):
        yield "  splits: {by: file}  # as the names of the files or of their folders say"
        return
    shares = (60, 20, 20) if start.rows < 1000 else (80, 10, 10)
    yield "  splits: {{train: {}%, validation: {}%, test: {}%}}".format(*shares)


def hints(start: Start) -> Iterator[str]:
    """What a division at random may tear apart: times, and groups of rows."""
    columns = [column for column in start.facts.columns if column.name not in start.ids]
    time = next((to_flow(column.name) for column in columns if column.type == "date"), None)
    group = next((to_flow(column.name) for column in columns if _names_something(column)), None)
    if time is not None:
        yield f"To predict the future, divide by time: splits: {{by: time, column: {time}}}"
    if group is not None:
        yield f"Rows of one {group} may be alike; to keep them together: splits: {{by: group, column: {group}}}"


def parts_said(paths: Sequence[Path]) -> bool:
    """Whether the names of all files say a part, and train and test are among them."""
    found = [said_part(path) for path in paths]
    return None not in found and {"train", "test"} <= set(found)


def _names_something(column: Column) -> bool:
    """Whether it looks like the name of a person, a machine or a place that has several rows."""
    named = re.search(r"(^|[ _-])(id|uuid|key)$|[a-z]I[dD]$", column.name, re.ASCII)
    return named is not None and column.type not in ("ignore", "text")  # a text differs in most rows


def _model(start: Start) -> Iterator[str]:
    yield from ("model:", "  kind: sequential", "  layers:", *dense_layers(start.rows))
    length = epochs(start.rows, batch_size(start.rows))
    yield from training(start.aim, length, wide=is_wide(start.rows, start.inputs))


def placed(data: str, folder: Path) -> tuple[str, Path | None]:
    """How a recipe in a folder names files, and the folder to be allowed where they lie outside of it.

    Args:
        data: path or pattern, as the person says it.
        folder: of the recipe.
    """
    whole, base = os.path.abspath(data), os.path.realpath(folder)
    inside = os.path.join(os.path.realpath(os.path.dirname(whole)), os.path.basename(whole))
    if Path(inside).is_relative_to(base):
        return os.path.relpath(inside, base), None
    return inside, Path(os.path.dirname(inside))
