"""The verb ``recipe validate``."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, show
from runner.diagnostics import Diagnostic, Format
from runner.diagnostics.model import VARIABLE
from runner.source.discovery import find
from runner.source.load import Loaded, load
from runner.text import printable


def command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH...]", help="Recipe files and folders of recipes.", autocompletion=options.complete_path
        ),
    ] = None,
    sets: options.Sets = None,
    root: options.Root = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also plan the run and compute the shapes of the model.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Fix unambiguous errors in the files, keeping comments.")] = False,
    allow_code: options.AllowCode = False,
    data_dir: options.DataDir = None,
    output_format: Annotated[Format, typer.Option(help="Output format.")] = "full",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Check recipes and report every error in every file.

    Without PATH, checks the folder recipes/. Only --deep starts TensorFlow; nothing is downloaded, and custom code is
    imported only by --deep with --allow-code. Findings go to stdout; exit code 2 if there is an error.
    """
    files = find(paths or [Path("recipes")])
    if not files:
        fail("no recipe found", ["name a file or a folder with .yaml files"])
    variables = {name: value for name, value in os.environ.items() if name.startswith(VARIABLE)}  # once for all
    all_loaded = [_read(file, sets, root, variables, fix=fix) for file in files]
    further = _deeper(all_loaded, data_dir, root, allow_code=allow_code) if deep else [()] * len(all_loaded)
    all_found = [(*loaded.diagnostics, *more) for loaded, more in zip(all_loaded, further, strict=True)]
    show([diagnostic for found in all_found for diagnostic in found], sys.stdout, color, output_format)
    if not quiet:
        print(_summary(all_found), file=sys.stderr)
    raise typer.Exit(2 if any(map(_invalid, all_found)) else 0)


def _read(file: Path, sets: list[str] | None, root: Path | None, variables: Mapping[str, str], *, fix: bool) -> Loaded:
    def read() -> Loaded:
        return load(file, sets=sets or (), root=root, environment=variables)

    return _fixed(read, root or file.parent) if fix else read()


def _fixed(read: Callable[[], Loaded], folder: Path) -> Loaded:
    from runner.errors import OutsideFolder
    from runner.source.fix import Fixed, fix

    def report(fixed: Fixed) -> None:
        span = fixed.span
        print(printable(f"fixed {span.file}:{span.line}:{span.column}: {fixed.what}"), file=sys.stderr)

    try:
        return fix(read, folder, report)
    except OutsideFolder as error:
        print(f"not fixed: {printable(str(error))}", file=sys.stderr)
        return read()
    except OSError as error:
        fail(f"the fix cannot be written: {error}")


def _deeper(
    all_loaded: list[Loaded], data_dir: Path | None, root: Path | None, *, allow_code: bool
) -> list[tuple[Diagnostic, ...]]:
    from runner.data.access import DataAccess
    from runner.workflows.preflight import preflight

    data = DataAccess(data_dir, download=False)
    return [
        tuple(preflight(loaded.recipe, loaded.document, data.beside(loaded.path, root), allow_code=allow_code))
        if loaded.recipe and loaded.document
        else ()
        for loaded in all_loaded
    ]


def _invalid(found: tuple[Diagnostic, ...]) -> bool:
    return any(diagnostic.severity == "error" for diagnostic in found)


def _summary(all_found: list[tuple[Diagnostic, ...]]) -> str:
    def count(number: int, word: str) -> str:
        return f"{number} {word}{'' if number == 1 else 's'}"

    findings = [diagnostic for found in all_found for diagnostic in found]
    errors = sum(1 for finding in findings if finding.severity == "error")
    parts = [f"{count(len(all_found), 'recipe')}: {sum(not _invalid(found) for found in all_found)} valid"]
    if errors:
        parts.append(count(errors, "error"))
    if errors < len(findings):
        parts.append(count(len(findings) - errors, "warning"))
    return ", ".join(parts)
