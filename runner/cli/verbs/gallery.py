"""The verbs ``recipe ls``, ``show`` and ``cp``: recipes shipped with the program."""

import os
import sys
from itertools import zip_longest
from pathlib import Path
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, gallery_recipe, print_json, read, recipe_path
from runner.cli.common import show as show_diagnostics
from runner.cli.looking import show_run
from runner.cli.run_arguments import run_of
from runner.cli.streams import output_width
from runner.cli.subject import is_recipe, sweep_folder
from runner.record.directory import RunPaths
from runner.source.editing.copy import adapted
from runner.source.editing.emit import to_yaml
from runner.source.gallery import entries, gallery
from runner.source.yaml.positions import Refused
from runner.source.yaml.read import Budget, read_source
from runner.text import printable
from runner.wrapping import wrapped

_LEAST = 30
"""Columns that texts take at least beside the names of recipes; else they stand below them."""

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="Name of a gallery recipe.",
        show_default=False,
        autocompletion=options.complete_gallery,
    ),
]


def ls(
    folder: Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help="List another folder of recipes.")] = None,
    json: options.Json = False,
) -> None:
    """List the gallery: name, goal and expected result of each recipe, and the files that it needs."""
    found = entries(folder or gallery())
    if json:
        print_json([{**entry._asdict(), "path": str(entry.path)} for entry in found])
        return
    most, width = output_width(), max((len(entry.name) for entry in found), default=0)
    beside = most is None or width + 2 + _LEAST <= most
    for entry in found:
        said = [entry.goal, entry.expect, f"Needs {entry.needs}" if entry.needs else ""]
        indent = width + 2 if beside else 2
        room = None if most is None else most - indent
        lines = [line for text in said if text for line in wrapped(printable(text), room)]
        names = [printable(entry.name)]
        for name, line in zip_longest(names, lines if beside else ["", *lines], fillvalue=""):
            print(f"{name:<{indent}}{line}".rstrip())


Shown = Annotated[
    str,
    typer.Argument(
        metavar="FILE|RUN",
        help="A recipe file, a name of the gallery, a run (a directory or a handle), or the folder of a sweep.",
        autocompletion=options.complete_file_or_run,
    ),
]


def show(
    file: Shown,
    resolved: Annotated[
        bool, typer.Option(help="Print one self-contained file, with extends and --set applied.")
    ] = False,
    sets: options.Sets = None,
    root: options.Root = None,
    json: Annotated[bool, typer.Option("--json", help="Of a run or a sweep: print one JSON object.")] = False,
    color: options.ColorOption = "auto",
) -> None:
    """Print a recipe, as written or resolved; or what a run did and what came out of it; or the trials of a sweep.

    A name that both a gallery recipe and runs have means the recipe; `NAME/latest` means the run.
    """
    if not is_recipe(file):
        if sets:
            fail("--set applies to recipes, not to runs", ["`recipe resume RUN --set …` continues a run with a change"])
        sweep = sweep_folder(file) if not resolved else None
        if sweep is not None:
            from runner.cli.swept import show_sweep

            show_sweep(sweep, json=json)
            return
        if not resolved:
            show_run(file, json=json, color=color)
            return
        path = RunPaths(run_of(file)).resolved
    elif json:
        fail("--json is for runs; a recipe is printed as YAML", [f"recipe validate {file} --output-format json"])
    else:
        path = recipe_path(file)
    if not resolved and not sets:
        try:
            sys.stdout.write(printable_lines(read_source(path, str(path), Budget()).text))
        except Refused as error:
            show_diagnostics([error.diagnostic], sys.stderr, color)
            raise typer.Exit(2) from None
        return
    sys.stdout.write(to_yaml(read(path, sets, root, color).resolved()))


def printable_lines(text: str) -> str:
    """A file's text with its line feeds kept and all other control characters made visible."""
    return "".join(f"{printable(line)}\n" for line in text.splitlines())


def cp(
    name: Name,
    target: Annotated[Path, typer.Argument(metavar="[TARGET]", help="File or folder to copy to.")] = Path(),
) -> None:
    """Copy a gallery recipe so that you can change it. The copy's comments name it and a schema that editors find.

    Files of code that the recipe names are copied beside it. Whoever you give such a recipe to needs them too.
    """
    from runner.workflows.code_permission import code_beside

    source = gallery_recipe(name)
    destination = target / source.name if os.path.isdir(target) else target
    code = {destination.parent / file.name: file.read_bytes() for file in code_beside(source)}
    try:
        for place, content in code.items():
            if place.exists() and place.read_bytes() != content:
                fail(f"{place} already exists and is another file", ["name another folder"])
        with destination.open("xb") as file:
            file.write(adapted(source.read_text(encoding="utf-8"), destination).encode())
        for place, content in code.items():
            place.write_bytes(content)
    except FileExistsError:
        fail(f"{destination} already exists", ["name another target"])
    except OSError as error:
        fail(f"cannot copy: {error}")
    for path in (destination, *code):
        print(path)
