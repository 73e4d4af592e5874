"""The verbs ``recipe data …``."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, print_json, read, refuse, use_color
from runner.cli.subject import is_recipe
from runner.data.access import DataAccess
from runner.errors import RecipeError
from runner.views.lines import stdout_screen

if TYPE_CHECKING:
    from runner.source.load import Loaded
    from schemas.recipe import Recipe

GROUP = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)
_HELP = {"help_option_names": ["-h", "--help"]}
_Subject = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A recipe, a CSV or Parquet file, or a folder with a folder for each class.",
        autocompletion=options.complete_file,
    ),
]
_Target = Annotated[
    str | None, typer.Option("--target", metavar="COLUMN", help="Of a table without a recipe: what is predicted.")
]


@GROUP.callback(context_settings=_HELP)
def data() -> None:
    """Check a recipe's data, example by example."""


@GROUP.command(context_settings=_HELP)
def check(
    subject: _Subject,
    target: _Target = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if anything is found.")] = False,
    sets: options.Sets = None,
    data_dir: options.DataDir = None,
    root: options.Root = None,
    json: options.Json = False,
    color: options.ColorOption = "auto",
) -> None:
    """Read every example once and say what is odd about the data.

    Finds equal inputs within a part, in two parts, and with different targets; classes that are rare, absent or only
    in the test part; images that are broken or of one color; columns that have one value or alone predict the target;
    and groups or times that a random division tears apart.
    """
    from runner.views.oddity_lines import oddity_lines
    from runner.workflows.dataset_check.checking_data import check_data

    loaded, recipe, folder = _recipe_of(subject, target, sets, root, color)
    access = DataAccess(data_dir, allow_fallback=False, download=False).within(folder, root)
    try:
        checked = check_data(recipe, access, lambda message: print(message, file=sys.stderr))
    except RecipeError as error:
        if loaded is not None:
            refuse(loaded, error, color)
        fail(str(error), error.help)
    except OSError as error:
        fail(f"the data cannot be read: {error}")
    facts, found = checked.facts, checked.found
    if json:
        sizes = {"train": facts.train, "validation": facts.validation, "test": facts.test}
        print_json({"data": facts.label, "examples": sizes, "findings": [asdict(item) for item in found]})
    else:
        screen = stdout_screen(color=use_color(color, sys.stdout))
        screen.print(oddity_lines(found, screen))
        every = facts.train + facts.validation + facts.test
        print(f"{facts.label}: {every:,} examples read, {len(found) or 'no'} finding{'s' * (len(found) != 1)}")
    raise typer.Exit(1 if strict and found else 0)


def _recipe_of(
    subject: str, target: str | None, sets: list[str] | None, root: Path | None, color: options.Color
) -> "tuple[Loaded | None, Recipe, Path]":
    """The recipe with its text, where it has one, and the folder in which its paths start."""
    if is_recipe(subject) and not Path(subject).suffix.lower().startswith((".csv", ".tsv", ".p")):
        loaded = read(Path(subject), sets, root, color)
        assert loaded.recipe is not None
        return loaded, loaded.recipe, loaded.path.parent
    from runner.workflows.dataset_check.bare_data import bare_recipe

    path = Path(subject)
    if not path.exists():
        fail(f"no such file: {subject}", ["name a recipe, a table or a folder"])
    try:
        return None, bare_recipe(path, target), path.resolve().parent
    except RecipeError as error:
        fail(str(error), error.help)
