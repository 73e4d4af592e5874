"""The verb ``recipe fmt``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, show
from runner.diagnostics import Diagnostic
from runner.errors import OutsideFolder
from runner.source.discovery import find
from runner.source.editing.canonical import formatted
from runner.source.fix import rewrite, tidy
from runner.source.yaml.positions import Refused
from runner.source.yaml.read import Budget, read_source
from runner.text import printable


def command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH...]", help="Recipe files and folders of recipes.", autocompletion=options.complete_path
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if something would change.")] = False,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Format recipes: indentation, spacing, line endings. Comments and the order of keys are kept.

    Without PATH, formats the folder recipes/. Prints the names of changed files on stdout. Exit code 2 if a file is
    not valid YAML.
    """
    files = find(paths or [Path("recipes")])
    if not files:
        fail("no recipe found", ["name a file or a folder with .yaml files"])
    refused: list[Diagnostic] = []
    changed = [file for file in files if _differs(file, refused, check=check)]
    for file in changed:
        print(printable(f"{'would format' if check else 'formatted'} {file}"))
    show(refused, sys.stderr, color)
    if not quiet:
        print(_summary(len(files), len(changed), len(refused)), file=sys.stderr)
    raise typer.Exit(2 if refused else int(check and bool(changed)))


def _summary(files: int, changed: int, refused: int) -> str:
    recipes = f"{files} recipe{'' if files == 1 else 's'}"
    if not changed and not refused:
        return f"{recipes}: nothing to do"
    return f"{recipes}: {files - changed - refused} unchanged"


def _differs(file: Path, refused: list[Diagnostic], *, check: bool) -> bool:
    """Whether formatting changes a file; rewrites it unless ``check``."""
    try:
        source = read_source(file, str(file), Budget())
        if not check:
            tidy(source, file.parent)
        text = formatted(source)
        if text == source.written:
            return False
        if not check:
            rewrite(source, text, file.parent)
    except Refused as error:
        refused.append(error.diagnostic)
        return False
    except (OutsideFolder, OSError) as error:
        fail(f"{file} cannot be written: {error}")
    return True
