"""What is odd about the columns of a table: values missing, alike or misread, and rows that belong together."""

from collections.abc import Iterator

import numpy as np

from runner.data.cache import cache_folder
from runner.data.tables.columns import Column
from runner.data.tables.store import stored_table
from runner.data.tables.table import Table
from runner.data.tabular.prepared import PreparedTable
from runner.workflows.dataset_check.oddity import Oddity
from runner.workflows.dataset_check.placeholders import placeholders
from schemas.table_data import TableData

_MISSING = 0.5
_REPEATED, _ENTITIES = 1.5, 20
"""Rows a value at least, and values at least, of a column that may name what rows belong to."""


def table_columns(prepared: PreparedTable, data: TableData) -> Iterator[Oddity]:
    """Findings on the columns, whether or not they are inputs."""
    facts = prepared.facts
    for column in facts.columns:
        if column.constant and column.type != "ignore":
            yield Oddity("constant", f"column {column.name!r} has one value", (column.name,))
        if column.missing > _MISSING * len(facts) and not column.constant:
            share = column.missing / len(facts)
            yield Oddity("missing", f"column {column.name!r} has no value in {share:.0%} of the rows", (column.name,))
        if column.hint:
            yield Oddity("words", f"column {column.name!r} is read as {column.type}: {column.hint}", (column.name,))
    if prepared.unlabelled:
        message = f"{prepared.unlabelled:,} rows have no target and are not used"
        yield Oddity("missing", message, (), prepared.unlabelled)
    table = stored_table(facts, cache_folder())
    for column in facts.columns:
        if column.type == "number":
            yield from placeholders(table, column, data)
    if data.splits.by == "share":
        for role in prepared.roles:
            if role.name in ("input", "not used") and role.column.type != "ignore":  # which is not read
                yield from _apart(prepared, table, role.column)


def _apart(prepared: PreparedTable, table: Table, column: Column) -> Iterator[Oddity]:
    if column.type == "date":
        yield from _in_time(prepared, table, column)
    elif column.type in ("text", "category") or "id" in column.name.lower().replace("_", " ").split():
        yield from _in_groups(prepared, table, column)


def _in_time(prepared: PreparedTable, table: Table, column: Column) -> Iterator[Oddity]:
    """Rows are divided at random, so that the model is trained on what comes after the rows that judge it."""
    dates = {part: table.take(rows, [column.name])[column.name] for part, rows in prepared.parts.items()}
    known = {part: values[~np.isnat(values)] for part, values in dates.items()}
    later = {part: values for part, values in known.items() if part != "train" and len(values)}
    if not len(known["train"]) or not later:
        return
    last = known["train"].max()
    share = np.mean(np.concatenate(list(later.values())) < last)
    if share > 0.5:
        yield Oddity(
            "time",
            f"training rows reach to {np.datetime_as_string(last, 'D')} by {column.name!r}, and {share:.0%} of the "
            f"others lie before; a model of what comes next is judged by `splits: {{by: time, column: {column.name}}}`",
            (column.name,),
        )


def _in_groups(prepared: PreparedTable, table: Table, column: Column) -> Iterator[Oddity]:
    """Values with a few rows each, in the training part and in another one as well."""
    values = {part: table.take(rows, [column.name])[column.name] for part, rows in prepared.parts.items()}
    sets = {part: {value for value in found.tolist() if _is_value(value)} for part, found in values.items()}
    every = set().union(*sets.values())
    rows = sum(len(found) for found in values.values())
    if len(every) < _ENTITIES or not _REPEATED <= rows / len(every) <= max(rows / 50, 20):
        return
    shared = sets["train"] & set().union(*(found for part, found in sets.items() if part != "train"))
    if len(shared) > len(every) // 10:
        yield Oddity(
            "group",
            f"{len(shared):,} of the {len(every):,} values of {column.name!r} are in train and in another part; if "
            f"their rows belong together, write `splits: {{by: group, column: {column.name}}}`",
            (column.name,),
            len(shared),
        )


def _is_value(value: object) -> bool:
    return value is not None and value == value and value != -1
