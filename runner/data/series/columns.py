"""Columns of a series: which are inputs, which are predicted, and which says the time."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from runner.data.cache import cache_folder
from runner.data.statistics.number_treatment import NumberTreatment
from runner.data.tables.columns import MISSING, Column, ColumnType, TableFacts, TableOptions, check_columns
from runner.data.tables.number_form import NumberForm
from runner.data.tables.source import TableFiles
from runner.data.tables.table import Table
from runner.data.tabular.error_keys import FILES, TARGET, column_place, reported_at
from runner.data.tabular.known import known_facts
from runner.errors import DataError, KeyPath
from schemas.window_data import SeriesColumn, WindowsData

INPUTS: KeyPath = ("data", "inputs")
TIME: KeyPath = ("data", "time")


@dataclass(frozen=True)
class SeriesColumns:
    """What the columns of a table are for.

    Attributes:
        facts: of the table.
        inputs: names of the columns that the model sees, in the table's order or in the recipe's.
        targets: names of the columns that are predicted.
    """

    facts: TableFacts
    inputs: tuple[str, ...]
    targets: tuple[str, ...]

    @property
    def used(self) -> list[str]:
        """Names of the columns whose values are needed, each once."""
        return list(dict.fromkeys([*self.inputs, *self.targets]))


def series_columns(data: WindowsData, paths: list[Path]) -> SeriesColumns:
    """Look at every row once, or find what was seen of the same content before, and say what columns are for.

    Args:
        data: of the recipe.
        paths: of the files.

    Raises:
        DataError: a column is missing, or does not hold what it is for; it names the file and the row.
    """
    with reported_at(FILES):
        files = TableFiles(paths, TableOptions(delimiter=data.delimiter))
    _check_names(data, files.names, paths[0].name)
    with reported_at(FILES):
        facts = _looked_at(data, paths)
    time = None if data.time is None else facts.column(data.time)
    if time is not None and time.type not in ("date", "number"):
        raise DataError(
            f"`time` names a column of dates or numbers; column {time.name!r} is of type {time.type}",
            "give its format: `time_format: '%d.%m.%Y %H:%M'`",
            path=TIME,
        )
    inputs = data.inputs if data.inputs is not None else _numbers(data, facts)
    for name in data.columns:
        if name not in (*inputs, *data.targets):
            raise DataError(
                f"column {name!r} is neither an input nor a target; it is of type {facts.column(name).type}",
                "name it under `inputs`, or remove its entry",
                path=column_place(name),
            )
    return SeriesColumns(facts, tuple(inputs), data.targets)


def _check_names(data: WindowsData, names: tuple[str, ...], file: str) -> None:
    wanted: list[tuple[KeyPath, tuple[str, ...]]] = [(TARGET, data.targets), (INPUTS, data.inputs or ())]
    wanted += [(TIME, (data.time,))] if data.time is not None else []
    wanted += [(column_place(name), (name,)) for name in data.columns]
    for place, some in wanted:
        with reported_at(place):
            check_columns(some, names, file)


def _looked_at(data: WindowsData, paths: list[Path]) -> TableFacts:
    """Facts of the table; once more where a column's values are numbers and its inferred type is not."""
    missing = MISSING if data.missing_values is None else tuple(dict.fromkeys(("", *data.missing_values)))
    types: dict[str, ColumnType] = dict.fromkeys((*data.targets, *(data.inputs or ())), "number")
    formats = {data.time: data.time_format} if data.time is not None and data.time_format is not None else {}
    options = TableOptions(types, missing, formats, data.delimiter, NumberForm(data.decimal, data.thousands))
    facts = known_facts(paths, options, cache_folder())
    more: dict[str, ColumnType] = {column.name: "number" for column in facts.columns if _is_number(column, data.time)}
    return facts if not more else known_facts(paths, replace(options, types={**types, **more}), cache_folder())


def _is_number(column: Column, time: str | None) -> bool:
    """Of 0 and 1 alone a column is inferred to be a truth value; a time that counts the rows, to be of no use."""
    counts_rows = column.name == time and column.type == "ignore" and bool(column.note)
    return counts_rows or (column.type == "binary" and set(column.words) <= {"0", "1"})


def _numbers(data: WindowsData, facts: TableFacts) -> tuple[str, ...]:
    """Columns that are inputs where the recipe names none."""
    found = tuple(column.name for column in facts.columns if column.type == "number" and column.name != data.time)
    return tuple(name for name in found if not facts.column(name).constant)


def treatments_of(data: WindowsData, columns: SeriesColumns, table: Table) -> dict[str, NumberTreatment]:
    """How each input reaches the model.

    Args:
        data: of the recipe.
        columns: what the columns are for.
        table: that has them.

    Raises:
        DataError: a value is missing, and the recipe does not say what becomes of it; it names the first one.
    """
    for name in columns.used:
        options = data.columns.get(name)
        if columns.facts.column(name).missing and (options is None or options.missing is None):
            raise _missing(columns.facts, name, int(np.argmax(np.isnan(table.column(name)))))
    return {name: _treatment(data.columns.get(name, SeriesColumn.model_construct())) for name in columns.inputs}


def _treatment(options: SeriesColumn) -> NumberTreatment:
    """Where nothing is missing in training, nothing may be missing later: such windows are not predicted."""
    clip = (float(options.clip[0]), float(options.clip[1])) if options.clip is not None else None
    return NumberTreatment(
        options.missing or "drop", float(options.value or 0), options.indicator, options.scale or "standard", clip
    )


def _missing(facts: TableFacts, name: str, row: int) -> DataError:
    more = facts.column(name).missing - 1
    others = f"; {more:,} other row{' has' if more == 1 else 's have'} none either" if more else ""
    return DataError(
        f"{facts.called(row)} has no {name!r}{others}",
        f"`columns: {{{name}: {{missing: drop}}}}` leaves out the windows that have such a row",
        f"`columns: {{{name}: {{missing: mean}}}}` fills an input, by the training part",
        path=FILES,
    )
