"""A table's columns and splits: what must hold between their keys, without the data."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.data import is_table, is_windows
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error

if TYPE_CHECKING:
    from schemas.table_data import ColumnOptions, TableData
    from schemas.window_data import SeriesColumn

_OF = {
    "number": ("missing", "value", "indicator", "scale", "clip"),
    "category": ("missing", "value", "at_least", "at_most", "embed"),
    "binary": ("missing", "value", "at_least", "at_most", "embed"),
    "text": ("output", "vocabulary", "length", "ngrams", "missing"),
    "date": ("format", "parts", "cyclic", "missing", "indicator", "scale"),
    "image": ("size", "fit", "color", "scale", "missing"),
}
_FILLS = {
    "number": ("mean", "median", "mode", "constant", "drop"),
    "category": ("own", "mode", "constant", "drop"),
    "binary": ("own", "mode", "constant", "drop"),
    "date": ("mean", "median", "mode", "drop"),
    "text": ("drop",),
    "image": ("drop",),
}
"""What may take the place of a missing value."""
_OF_DATE_INPUTS = ("missing", "indicator", "scale")


def _columns(recipe: Recipe) -> Iterator[tuple[str, "ColumnOptions", Path]]:
    if is_table(recipe.data):
        for name, column in recipe.data.columns.items():
            yield name, column, ("data", "columns", name)


def _filled(recipe: Recipe) -> "Iterator[tuple[str, ColumnOptions | SeriesColumn, Path]]":
    """Columns of a table or of a series."""
    yield from _columns(recipe)
    data = recipe.data
    for name, column in data.columns.items() if is_windows(data) else ():
        yield name, column, ("data", "columns", name)


def constants_have_a_value(recipe: Recipe) -> Iterator[Finding]:
    """R291: ``missing: constant`` says which constant, and nothing else has a use for one."""
    for name, column, path in _filled(recipe):
        if column.missing == "constant" and column.value is None:
            yield error("R291", (*path, "missing"), f"column '{name}' is filled with a constant and has no `value`",
                        "write `value: 0`")  # fmt: skip
        if column.missing != "constant" and column.value is not None:
            yield error("R291", (*path, "value"), f"`value` of column '{name}' acts with `missing: constant` only",
                        "write `missing: constant`, or remove it")  # fmt: skip


def clips_rise(recipe: Recipe) -> Iterator[Finding]:
    """R292: the first quantile lies below the second."""
    for name, column, path in _filled(recipe):
        if column.clip is not None and column.clip[0] >= column.clip[1]:
            yield error("R292", (*path, "clip"), f"`clip` of column '{name}' must rise; received {list(column.clip)}",
                        "write two rising shares, such as [0.01, 0.99]")  # fmt: skip


def options_suit_their_type(recipe: Recipe) -> Iterator[Finding]:
    """R293: what is for numbers is not written for words, and nothing for a column that is no input."""
    for name, column, path in _columns(recipe):
        kind = column.type or _implied(column)
        if kind is None:
            continue
        for key in sorted(column.model_fields_set - {"type"}):
            if not _suits(key, kind, column):
                yield error("R293", (*path, key), f"`{key}: {_written(column, key)}` of column '{name}' is not for "
                            f"{kind}", _way_out(key, kind))  # fmt: skip


def _implied(column: "ColumnOptions") -> str | None:
    """The type that a column has by its other keys."""
    said = {"date": column.is_date_input, "text": column.output is not None, "image": column.is_image}
    return next((kind for kind, is_so in said.items() if is_so), None)


def _suits(key: str, kind: str, column: "ColumnOptions") -> bool:
    if key not in _OF.get(kind, ()):
        return False
    if kind == "date":
        if key in _OF_DATE_INPUTS and not column.is_date_input:
            return False
        return not (key == "scale" and column.scale == "log1p") and (key != "missing" or column.missing in _FILLS[kind])
    if kind == "text" and (column.output is None or (key == "length" and column.output != "int")):
        return False
    if kind == "image" and key == "scale":
        return column.scale == "none"
    if key == "missing":
        return column.missing is None or column.missing in _FILLS[kind]
    return key != "value" or kind != "number" or not isinstance(column.value, str)


def _written(column: "ColumnOptions", key: str) -> str:
    value = getattr(column, key)
    return f"[{', '.join(map(str, value))}]" if isinstance(value, tuple) else str(value)


def _way_out(key: str, kind: str) -> str:
    if kind == "date" and key in _OF_DATE_INPUTS:
        return "a date is an input with `parts` or `cyclic`, such as `parts: [year, month]`"
    if kind == "text" and key in _OF[kind]:
        return "a text is an input with `output`; `length` is for `output: int`"
    if kind == "image" and key == "scale":
        return "leave it out for pixels from 0 to 1, or write `scale: none` for pixels from 0 to 255"
    return f"remove it, or change the type from {kind}"


def dates_are_numbers(recipe: Recipe) -> Iterator[Finding]:
    """R410: the saved model reads a date that is an input by itself, so that its format has nothing but numbers."""
    for name, column, path in _columns(recipe):
        if column.format is None or not column.is_date_input:
            continue
        from schemas.date_format import date_fields

        try:
            date_fields(column.format)
        except ValueError as wrong:
            yield error("R410", (*path, "format"), f"column '{name}' is an input, and its `format` must be of a whole "
                        f"date in numbers: {wrong}", "write a format such as '%d.%m.%Y %H:%M'")  # fmt: skip


def parts_are_there_once(recipe: Recipe) -> Iterator[Finding]:
    """R411: a part of a date is one input, or two."""
    for name, column, path in _columns(recipe):
        for key in ("parts", "cyclic"):
            parts: tuple[str, ...] = getattr(column, key) or ()
            for place, part in enumerate(parts):
                if part in parts[:place]:
                    yield error("R411", (*path, key, place), f"`{key}` of column '{name}' has {part} twice",
                                "remove one")  # fmt: skip


def target_is_no_input(recipe: Recipe) -> Iterator[Finding]:
    """R294: the target has a type and nothing that is for inputs; and it does not divide the rows."""
    data = recipe.data
    if not is_table(data):
        return
    for name in dict.fromkeys(data.targets):
        yield from _no_input(recipe, data, name, "the target" if len(data.targets) == 1 else "a target")


def _no_input(recipe: Recipe, data: "TableData", name: str, what: str) -> Iterator[Finding]:
    written = data.columns.get(name)
    path: Path = ("data", "columns", name)
    for key in sorted(written.model_fields_set - {"type"}) if written is not None else ():
        yield error("R294", (*path, key), f"`{key}` is for inputs, and column '{name}' is {what}",
                    "remove it")  # fmt: skip
    task = recipe.model.target_tasks.get(name, recipe.task)
    wanted = ("number",) if task == "regression" else ("category", "binary")
    if written is not None and written.type is not None and written.type not in wanted:
        yield error("R294", (*path, "type"), f"{what} of {_called(task)} is of type {' or '.join(wanted)}; "
                    f"received {written.type}", f"write `type: {wanted[0]}`, or another task")  # fmt: skip
    if data.splits.column == name:
        yield error("R294", ("data", "splits", "column"), f"column '{name}' is {what} and cannot divide "
                    "the rows as well", "divide by another column, or by share")  # fmt: skip


def _called(task: str) -> str:
    return task if task in ("multi_label", "binary") else f"a {task}"


def marks_differ(recipe: Recipe) -> Iterator[Finding]:
    """R691: one mark in a number cannot stand before the decimals and between thousands."""
    data = recipe.data
    marks = data if is_windows(data) or (is_table(data) and data.source == "csv") else None
    if marks is not None and marks.thousands == marks.decimal:
        yield error("R691", ("data", "thousands"), f"decimal and thousands are both '{marks.decimal}'",
                    "write `decimal: ','` with `thousands: '.'`, or take another mark")  # fmt: skip


RULES: tuple[Rule, ...] = (
    constants_have_a_value,
    clips_rise,
    options_suit_their_type,
    dates_are_numbers,
    parts_are_there_once,
    target_is_no_input,
    marks_differ,
)
