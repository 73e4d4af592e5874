"""What each column of a table is for, and how it reaches the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from runner.data.statistics.date_treatment import DateTreatment
from runner.data.statistics.fit import Treatment
from runner.data.statistics.image_treatment import ImageTreatment
from runner.data.statistics.number_treatment import NumberTreatment
from runner.data.statistics.text_treatment import TextTreatment
from runner.data.statistics.word_treatment import Encoding, WordTreatment
from runner.data.tables.columns import MISSING, Column, ColumnType, TableFacts, TableOptions, check_columns
from runner.data.tables.number_form import PLAIN, NumberForm
from runner.data.tables.source import TableFiles
from runner.data.tabular.error_keys import FILES, SPLIT_COLUMN, TARGET, WEIGHT, column_place, reported_at
from runner.errors import DataError
from schemas.table_data import ColumnOptions, CsvData, NumberMarks, ParquetData, TableData

Task = Literal["classification", "multi_label", "multi_output", "regression"]
_BAG, _SEQUENCE = 1000, 20_000
"""Words of a vocabulary at most, where the recipe says nothing of it."""
_SPLIT_TYPES: dict[str, ColumnType] = {"column": "category", "group": "text", "id": "text"}
"""As what a column that divides is read, unless the recipe says it."""


@dataclass(frozen=True)
class Role:
    """A column and what it is for.

    Attributes:
        column: of the table.
        name: ``target``, ``weight``, ``split``, ``input`` or ``not used``.
        treatment: of an input.
        note: why it is not used.
    """

    column: Column
    name: Literal["target", "weight", "split", "input", "not used"]
    treatment: Treatment | None = None
    note: str = ""


def table_options(
    data: CsvData | ParquetData, task: Task, files: TableFiles, file: str, tasks: Mapping[str, str] | None = None
) -> TableOptions:
    """How the files are read: as the recipe says, and the target as the task wants it.

    Args:
        data: of the recipe.
        task: of the recipe.
        files: of the table.
        file: their name, for errors.
        tasks: for ``multi_output`` the task of each target.

    Raises:
        DataError: the recipe names a column that the files lack.
    """
    _check_names(data, files.names, file)
    types = {name: column.type for name, column in data.columns.items() if column.type}
    types |= {name: "date" for name, column in data.columns.items() if column.type is None and column.is_date_input}
    types |= dict.fromkeys(data.image_columns, "image")
    types |= {name: "text" for name, column in data.columns.items() if column.type is None and column.output}
    for name in data.targets:
        types.setdefault(name, "number" if (tasks or {}).get(name, task) == "regression" else "category")
    if data.weight is not None:
        types.setdefault(data.weight, "number")
    divides = data.splits.column
    if divides is not None and data.splits.by in _SPLIT_TYPES:
        types.setdefault(divides, _SPLIT_TYPES[data.splits.by])
    formats = {name: column.format for name, column in data.columns.items() if column.format is not None}
    delimiter = data.delimiter if isinstance(data, CsvData) else None
    return TableOptions(types, missing_words(data), formats, delimiter, number_form(data))


def number_form(data: TableData) -> NumberForm:
    """How text files of the data write numbers."""
    return NumberForm(data.decimal, data.thousands) if isinstance(data, NumberMarks) else PLAIN


def missing_words(data: TableData) -> tuple[str, ...]:
    """What stands in a text file where a value is missing; an empty value always does."""
    return MISSING if data.missing_values is None else tuple(dict.fromkeys(("", *data.missing_values)))


def open_options(data: CsvData | ParquetData) -> TableOptions:
    """What is needed to read the names of the columns."""
    return TableOptions(delimiter=data.delimiter if isinstance(data, CsvData) else None)


def _check_names(data: CsvData | ParquetData, names: tuple[str, ...], file: str) -> None:
    with reported_at(TARGET):
        check_columns(data.targets, names, file)
    if data.weight is not None:
        with reported_at(WEIGHT):
            check_columns([data.weight], names, file)
    for name in data.columns:
        with reported_at(column_place(name)):
            check_columns([name], names, file)
    if data.splits.column is not None:
        with reported_at(SPLIT_COLUMN):
            check_columns([data.splits.column], names, file)


def roles(data: CsvData | ParquetData, facts: TableFacts) -> tuple[Role, ...]:
    """What every column is for, in the table's order.

    Raises:
        DataError: an option does not suit its column, or no column is left as an input.
    """
    found = tuple(_role(data, column) for column in facts.columns)
    if not any(role.name == "input" for role in found):
        unused = [f"{role.column.name!r}: {role.note}" for role in found if role.name == "not used"]
        raise DataError("no column is left as an input of the model", *unused[:10], path=FILES)
    return found


def _role(data: CsvData | ParquetData, column: Column) -> Role:
    if column.name in data.targets:
        return Role(column, "target")
    if column.name == data.weight:
        return Role(column, "weight")
    options = data.columns.get(column.name, ColumnOptions.model_construct())
    if column.name == data.splits.column and not (data.splits.by == "time" and options.is_date_input):
        return Role(column, "split")
    unused = _unused(column, options)
    if unused:
        return Role(column, "not used", note=unused)
    with reported_at(column_place(column.name)):
        return Role(column, "input", _treatment(column, options))


def _unused(column: Column, options: ColumnOptions) -> str:
    if column.type == "ignore":
        return column.note or "the recipe says so"
    if column.type == "image" and not column.declared:
        return "paths of images need `type: image`"
    if column.type == "text" and options.output is None:
        return "text needs `output`" + (f": {column.note}" if column.note else "")
    if column.type == "date" and not options.is_date_input:
        return "dates need `parts` or `cyclic`"
    return "constant" if column.constant and not column.missing else ""


def _treatment(column: Column, options: ColumnOptions) -> Treatment:
    match column.type:
        case "number":
            return _numbers(column, options)
        case "date":
            return _dates(options)
        case "text":
            return _texts(options)
        case "image":
            return _images(options)
        case _:
            return _words(column, options)


def _dates(options: ColumnOptions) -> DateTreatment:
    number = NumberTreatment(options.missing or "mean", scale=options.scale or "standard")  # type: ignore[arg-type]
    return DateTreatment(options.parts or (), options.cyclic or (), number, options.indicator)


def _texts(options: ColumnOptions) -> TextTreatment:
    assert options.output is not None
    most = options.vocabulary or (_SEQUENCE if options.output == "int" else _BAG)
    missing: Literal["empty", "drop"] = "drop" if options.missing == "drop" else "empty"
    return TextTreatment(options.output, most, options.length, options.ngrams or 1, missing)


def _images(options: ColumnOptions) -> ImageTreatment:
    size = (options.size[0], options.size[1]) if options.size is not None else None
    missing: Literal["refuse", "drop"] = "drop" if options.missing == "drop" else "refuse"
    return ImageTreatment(size, options.fit or "crop", options.color, options.scale != "none", missing)


def _numbers(column: Column, options: ColumnOptions) -> NumberTreatment:
    wrong = [key for key in ("at_least", "at_most", "embed") if key in options.model_fields_set]
    _refuse(column, wrong, "numbers", "type: category")
    if options.missing == "own":
        raise _unsuited(column, "missing: own", "numbers", "missing: mean")
    if isinstance(options.value, str):
        raise _unsuited(column, f"value: {options.value!r}", "numbers", "a number")
    clip = (float(options.clip[0]), float(options.clip[1])) if options.clip is not None else None
    return NumberTreatment(
        options.missing or "mean", float(options.value or 0), options.indicator, options.scale or "standard", clip
    )


def _words(column: Column, options: ColumnOptions) -> WordTreatment:
    wrong = [key for key in ("indicator", "scale", "clip") if key in options.model_fields_set]
    _refuse(column, wrong, "categories", "type: number")
    missing = options.missing or "own"
    if missing in ("mean", "median"):
        raise _unsuited(column, f"missing: {missing}", "categories", "missing: mode")
    word = options.value if isinstance(options.value, str) else "" if options.value is None else f"{options.value:g}"
    encoding: Encoding = "one_hot" if options.embed is None else "index"
    at_least, at_most = options.at_least, options.at_most
    return WordTreatment(missing, word, at_least, at_most, encoding, options.embed)  # type: ignore[arg-type]


def _refuse(column: Column, keys: Sequence[str], what: str, instead: str) -> None:
    if keys:
        raise _unsuited(column, keys[0], what, instead)


def _unsuited(column: Column, key: str, what: str, instead: str) -> DataError:
    known = "the recipe says so" if column.declared else f"as its values are; {instead} reads it otherwise"
    message = f"{key} is not for {what}, and column {column.name!r} is of type {column.type}"
    return DataError(message, f"{column.type}: {known}" if instead.startswith("type") else f"write {instead}")


def without_constants(found: tuple[Role, ...], constant: set[str]) -> tuple[Role, ...]:
    """The roles where some inputs turned out to have one value in the training part."""
    return tuple(
        replace(role, name="not used", treatment=None, note="one value in the training part")
        if role.column.name in constant
        else role
        for role in found
    )
