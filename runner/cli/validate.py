"""``recipe validate``."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, show
from runner.diagnostics import Format
from runner.source.find import find
from runner.source.load import load


def command(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH...]", help="Recipes and folders of recipes.")
    ] = None,
    sets: options.Sets = None,
    root: options.Root = None,
    output_format: Annotated[Format, typer.Option(help="How findings are printed.")] = "full",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Check recipes: every error of every file, without TensorFlow.

    Without PATH, the folder recipes/. Findings go to stdout; exit code 2 when there is an error.
    """
    files = find(paths or [Path("recipes")])
    if not files:
        fail("no recipe found", ["name a file or a folder with .yaml files"])
    loaded = [load(file, sets=sets or (), root=root, environment=os.environ) for file in files]
    findings = [diagnostic for one in loaded for diagnostic in one.diagnostics]
    show(findings, sys.stdout, color, output_format)
    invalid = sum(1 for one in loaded if one.recipe is None)
    if not quiet:
        errors = sum(1 for finding in findings if finding.severity == "error")
        _summary(len(files), invalid, errors, len(findings) - errors)
    raise typer.Exit(2 if invalid else 0)


def _summary(files: int, invalid: int, errors: int, warnings: int) -> None:
    def count(number: int, word: str) -> str:
        return f"{number} {word}{'' if number == 1 else 's'}"

    parts = [f"{count(files, 'recipe')}: {files - invalid} valid"]
    if errors:
        parts.append(count(errors, "error"))
    if warnings:
        parts.append(count(warnings, "warning"))
    print(", ".join(parts), file=sys.stderr)
