"""The recipe of the best trial, as a file that a person can run, read and change."""

from pathlib import Path

from runner.disk.atomic import write_atomic
from runner.source.editing.edit import set_value
from runner.source.editing.emit import to_yaml
from runner.source.editing.top_level import without_key
from runner.source.load import load
from runner.source.yaml.positions import Refused
from runner.sweeps.definition import Definition
from runner.sweeps.journal_paths import BEST
from runner.sweeps.table import Row
from runner.sweeps.unit import Subject
from schemas.array_data import FileData
from schemas.recipe import Recipe
from schemas.table_data import TableData

_CANDIDATE = ".best-candidate.yaml"


def write_best(folder: Path, definition: Definition, subject: Subject, row: Row) -> Path:
    """Write the recipe of a trial into the sweep's folder, and return its path.

    It is the sweep's own file with the trial's values, comments and layout kept, where that alone is the trial's
    recipe; else, as where values come from ``extends`` or ``--set``, all of the recipe in one file.

    Raises:
        OSError: it cannot be written.
        RecipeInvalid: the recipe has changed.
    """
    loaded = subject.load(["sweep=null", *definition.sets(row.values)])
    assert loaded.recipe is not None
    edited = _edited(loaded.written, row)
    kept = edited is not None and _recipe_of(folder, edited) == loaded.recipe
    text = edited if kept and edited is not None else to_yaml(loaded.resolved())
    path = folder / BEST
    write_atomic(path, _head(row, definition, loaded.recipe, subject.file, path) + text)
    return path


def _edited(text: str, row: Row) -> str | None:
    """The file with the trial's values in place; None where it has no place for one of them."""
    try:
        for path, value in row.values.items():
            parts = tuple(int(part) if part.isdecimal() else part for part in path.split("."))
            text = set_value(text, parts, value)
        return without_key(text, "sweep")
    except (KeyError, Refused):
        return None


def _recipe_of(folder: Path, text: str) -> Recipe | None:
    """The recipe that a text alone says, read from a file as any other."""
    candidate = folder / _CANDIDATE
    write_atomic(candidate, text)
    try:
        return load(candidate).recipe
    finally:
        candidate.unlink()


def _head(row: Row, definition: Definition, recipe: Recipe, file: Path, path: Path) -> str:
    """What the file is, and how to run it."""
    with_files = isinstance(recipe.data, TableData | FileData)
    beside = f"; its data lies beside {file.name}: copy this file there first" if with_files else ""
    figure = f"{definition.sweep.objective} {row.value!r}"
    return f"# Trial {row.number} of the sweep of {file.name}: {figure}.\n# Run: recipe run {path.name}{beside}\n"
