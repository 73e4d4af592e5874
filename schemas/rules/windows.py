"""Windows over a time series: what must hold between their keys, without the data."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.data import is_windows
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, at, error

if TYPE_CHECKING:
    from schemas.window_data import SeriesColumn, WindowsData

_DATA: Path = ("data",)


def windows_of(recipe: Recipe) -> "WindowsData | None":
    """The recipe's data, if it is a series."""
    return recipe.data if is_windows(recipe.data) else None


def series_shape(data: "WindowsData") -> tuple[int, int] | None:
    """Shape of one input behind the layers that fill and scale it; None where only the files tell the columns."""
    if data.inputs is None:
        return None
    signs = sum(name in data.columns and data.columns[name].indicator for name in data.inputs)
    return data.length, len(data.inputs) + signs


def series_are_of_numbers(recipe: Recipe) -> Iterator[Finding]:
    """R400: what is predicted of a series is its numbers."""
    if windows_of(recipe) is not None and recipe.task != "regression":
        yield error(
            "R400",
            ("task",),
            f"windows predict numbers; received `task: {recipe.task}`",
            "write `task: regression`",
        )


def columns_have_one_use(recipe: Recipe) -> Iterator[Finding]:
    """R401: a column is an input once, and the time is neither an input nor predicted."""
    data = windows_of(recipe)
    if data is None:
        return
    inputs = data.inputs or ()
    for k, name in enumerate(inputs):
        if name in inputs[:k]:
            yield error("R401", (*_DATA, "inputs", k), f"column '{name}' is named twice", "remove one of them")
    uses = [what for what, names in (("an input", inputs), ("a target", data.targets)) if data.time in names]
    if uses:
        yield error(
            "R401",
            (*_DATA, "time"),
            f"column '{data.time}' is the time, and cannot be {' and '.join(uses)} as well",
            "leave `time` out if rows follow one another in equal steps, or name another column",
        )


def column_options_act(recipe: Recipe) -> Iterator[Finding]:
    """R402: what is said of a column acts on it."""
    data = windows_of(recipe)
    if data is None or data.inputs is None:
        return
    for name, column in data.columns.items():
        path = (*_DATA, "columns", name)
        if name in data.inputs:
            continue
        if name not in data.targets:
            yield error(
                "R402", path, f"column '{name}' is neither an input nor a target", "remove it, or add it to `inputs`"
            )
            continue
        for key in _idle(column):
            said = f"`{key}: {getattr(column, key)}`"
            yield error(
                "R402",
                (*path, key),
                f"{said} is for inputs, and column '{name}' is a target alone",
                "`missing: drop` leaves out windows without it" if key == "missing" else "remove it",
            )


def _idle(column: "SeriesColumn") -> Iterator[str]:
    """Keys that do nothing for a column that is predicted and not seen."""
    for key in sorted(column.model_fields_set):
        if not (key == "missing" and column.missing in ("drop", None)):
            yield key


def times_are_named(recipe: Recipe) -> Iterator[Finding]:
    """R403: how times are read and compared needs a column of times."""
    data = windows_of(recipe)
    if data is None or data.time is not None:
        return
    for key in ("time_format", "gaps"):
        if key in data.model_fields_set:
            yield error("R403", at(data, _DATA, key), f"`{key}` has no effect without `time`", "write `time: COLUMN`")


RULES: tuple[Rule, ...] = (series_are_of_numbers, columns_have_one_use, column_options_act, times_are_named)
