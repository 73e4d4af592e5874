"""``recipe init``."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from runner.cli.common import fail, note
from runner.data.files import found_files
from runner.data.tables.columns import TableOptions
from runner.data.tables.source import TableFiles
from runner.errors import DataError
from runner.text import printable
from runner.workflows.new_arrays import written_arrays
from runner.workflows.new_folder import written_folder
from runner.workflows.new_recipe import hints, placed, written
from runner.workflows.new_series import series_of, written_series
from runner.workflows.new_start import start_of

_NAMED = 20
"""Columns that a message names."""
Data = Annotated[
    str,
    typer.Argument(
        metavar="DATA",
        help="A CSV, Parquet, Arrow or npz file, a pattern in quotes; or a folder of images or texts by class, or with "
        "a dataset of Hugging Face.",
    ),
]
Target = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COLUMN",
        help="The column or array to predict; repeat it for several numbers or labels.",
    ),
]
Task = Annotated[
    Literal["classification", "regression", "multi_label"] | None,
    typer.Option(
        metavar="TASK",
        help="classification, regression or multi_label, for a table (default: as the values of the target suggest, of "
        "which whole numbers may be classes or amounts).",
        show_default=False,
    ),
]
Output = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="Where to write (default: DATA's name with .yaml, here); `-` prints.", show_default=False
    ),
]


def command(data: Data, target: Target = None, task: Task = None, output: Output = None) -> None:
    """Write a first recipe: types, splits, a model of fitting size, 1cycle, and what to expect.

    A table needs --target. One whose rows follow one another in even steps of time becomes a recipe of windows. Nothing
    is trained, and a file that already exists is never replaced. The same data gives the same recipe.
    """
    file = Path(output if output not in (None, "-") else f"{Path(data).stem.replace('*', '') or 'table'}.yaml")
    if output != "-" and file.exists():
        fail(f"{file} already exists", ["--output FILE names another file, `--output -` prints the recipe"])
    targets = list(dict.fromkeys(target or ()))
    shown, root = placed(data, Path.cwd() if output == "-" else file.parent)
    name = file.name if output in (None, "-") else str(file)
    try:
        text = _text_of(data, targets, task, shown, name, root)
    except DataError as error:
        fail(str(error), error.help)
    if output == "-":
        print(text, end="")
        return
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror or error}")
    print(printable(str(file)))
    print(printable(f"next: recipe plan {file}"), file=sys.stderr)


def _text_of(data: str, targets: list[str], task: str | None, shown: str, name: str, root: Path | None) -> str:
    path = Path(data)
    if task is not None and (path.is_dir() or path.suffix.lower() in (".npz", ".npy")):
        raise DataError("--task: is for tables; the task of a folder or of arrays follows from them", "leave it out")
    if path.is_dir():
        return written_folder(path, targets, shown, name, root, note)
    if path.suffix.lower() == ".npz" and path.exists():
        return written_arrays(path, targets, shown, name, root)
    if path.suffix.lower() == ".npy":
        raise DataError("an npy file is one array, and a recipe needs inputs and a target", "recipe cp from_npz")
    return _of_table(data, targets, task, shown, name, root)


def _of_table(data: str, targets: list[str], task: str | None, shown: str, name: str, root: Path | None) -> str:
    if Path(data).suffix.lower() in (".tfrecord", ".tfrecords"):
        raise DataError(
            "records do not say how their bytes are read, so a recipe declares their features",
            "recipe cp from_tfrecord",
        )
    paths = found_files([data], Path.cwd())
    if not targets:
        names = TableFiles(paths, TableOptions()).names
        more = ", …" if len(names) > _NAMED else ""
        columns = f"{', '.join(map(repr, names[:_NAMED]))}{more}"
        raise DataError(f"a table needs the column that is predicted; it has {columns}", "--target COLUMN")
    start = start_of(paths, targets, task)
    series = series_of(start)
    for hint in hints(start) if series is None else ():
        note(hint)
    for column in start.facts.columns:
        if column.hint:
            note(f"column {column.name!r} is read as {column.type}: {column.hint}")
    print(printable(f"{start.task} of {', '.join(map(repr, targets))}"), file=sys.stderr)
    return written(start, shown, name, root) if series is None else written_series(start, series, shown, name, root)
