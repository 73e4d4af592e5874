"""``recipe diff``."""

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from runner.cli import options
from runner.cli.common import print_json, read, recipe_path, use_color
from runner.cli.looking import refusing, runs_of
from runner.cli.subject import is_recipe

if TYPE_CHECKING:
    from runner.lookback.differ import Side

_SIDE = "A run or a recipe: a directory, a handle such as `latest`, a file, or a name of the gallery."


def command(
    a: Annotated[str, typer.Argument(metavar="A", help=_SIDE, show_default=False)],
    b: Annotated[str, typer.Argument(metavar="B", help=_SIDE, show_default=False)],
    form: Annotated[
        Literal["text", "md", "json"], typer.Option("--format", help="`md`: a table for a review or an issue.")
    ] = "text",
    color: options.ColorOption = "auto",
) -> None:
    """Show how two runs, two recipes, or a recipe and a run differ.

    Fields of the recipe with every default in place; of two runs also data, package versions, machine and result. The
    exit code is 0 whether or not there is a difference.
    """
    from runner.lookback.diff_view import mapping, markdown, text_lines
    from runner.lookback.differ import rows
    from runner.views.lines import stdout_screen

    sides = [_side(a, color), _side(b, color)]
    found = rows(sides)
    screen = stdout_screen(color=use_color(color, sys.stdout))
    match form:
        case "json":
            print_json(mapping(sides, found))
        case "md":
            sys.stdout.write(screen.text(markdown(sides, found)))
        case "text":
            screen.print(text_lines(sides, found, screen))


def _side(text: str, color: options.Color) -> "Side":
    from runner.lookback.differ import of_recipe, of_run

    with refusing():
        if is_recipe(text):
            return of_recipe(read(recipe_path(text), None, None, color, quiet=True), text)
    return of_run(runs_of([text], or_recipe=True)[0])
