"""``recipe init``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from runner.cli.common import fail
from runner.data.files import found_files
from runner.errors import DataError
from runner.text import printable
from runner.workflows.new_recipe import placed, start_of, written


def command(
    data: Annotated[str, typer.Argument(metavar="DATA", help="A CSV or Parquet file, or a pattern in quotes.")],
    target: Annotated[
        list[str],
        typer.Option(
            metavar="COLUMN", help="The column that is to be predicted; more than once for several numbers or labels."
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Where to write (default: DATA's name with .yaml, here); `-` prints.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a first recipe for a table: types, splits, a model of fitting size, 1cycle, and what to expect.

    Nothing is trained, and a file that is there already is never replaced. The same table gives the same recipe.
    """
    file = Path(output if output not in (None, "-") else f"{Path(data).stem.replace('*', '') or 'table'}.yaml")
    if output != "-" and file.exists():
        fail(f"{file} is there already", ["--output FILE names another file, `--output -` prints the recipe"])
    try:
        paths = found_files([data], Path.cwd())
        start = start_of(paths, list(dict.fromkeys(target)))
    except DataError as error:
        fail(str(error), error.help)
    shown, root = placed(data, Path.cwd() if output == "-" else file.parent)
    text = written(start, shown, file.name if output in (None, "-") else str(file), root)
    if output == "-":
        print(text, end="")
        return
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror or error}")
    print(printable(str(file)))
    what = ", ".join(map(repr, dict.fromkeys(target)))
    print(printable(f"{start.task} of {what}; next: recipe plan {file}"), file=sys.stderr)
