"""``recipe runs``: it lists ten thousand in a second, so it imports what it uses when it uses it."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from runner.cli import options
from runner.cli.streams import output_width
from runner.errors import RecipeError
from runner.record.directory import RUNS

Sort = Annotated[str | None, typer.Option(metavar="METRIC", help="Best first; also name, started, steps, seconds.")]


def command(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="The folder of all runs.")] = RUNS,
    sort: Sort = None,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="Such as finished, expectation_missed, diverged, killed.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="GLOB", help="Recipes of this name; with a slash, NAME/TIME-FINGERPRINT.")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(metavar="GLOB", help="Runs with this tag; given twice, with both.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Show at most this many.", show_default=False)] = None,
    json: options.Json = False,
    color: options.ColorOption = "auto",
) -> None:
    """List runs, newest first: when, how they ended, how long they took, and what came out.

    `killed` is a run whose record has no end and which no process writes to; `recipe resume` goes on with it. A run
    whose record is damaged is listed as `unreadable`, named on stderr, and makes the exit code 2.
    """
    from runner.lookback.listing_view import as_json, table
    from runner.lookback.run_list import by, chosen, listing

    gc.disable()  # what is made lives to the end, and there is much of it
    if not folder.is_dir():
        _fail(f"there is no folder {folder}", ["`recipe run` makes one; name another: recipe runs FOLDER"])
    try:
        found = chosen(listing(folder), status=status, name=name, tags=tag or ())
        shown = (by(found, sort) if sort else found)[:limit]
    except RecipeError as error:
        _fail(str(error), error.help)
    if json:
        sys.stdout.write(as_json(shown))
    elif shown:
        metric = sort if sort and sort not in ("name", "started", "steps", "seconds") else None
        _write(list(table(shown, output_width(), metric)), color)
    else:
        print(f"no run in {folder} matches" if status or name or tag else f"no run in {folder}", file=sys.stderr)
    faults = [run.fault for run in shown if run.fault is not None]
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    if faults:
        raise typer.Exit(2)


def _fail(message: str, help: Sequence[str]) -> NoReturn:
    from runner.cli.common import fail

    fail(message, help)


def _write(lines: list[str], color: options.Color) -> None:
    if color != "never" and (color == "always" or sys.stdout.isatty()):
        from runner.cli.common import use_color

        if use_color(color, sys.stdout):
            lines[0] = f"\x1b[1m{lines[0]}\x1b[0m"
    encoding = sys.stdout.encoding or "ascii"
    text = "".join(f"{line}\n" for line in lines)
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
