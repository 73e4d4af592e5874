"""What the verbs that look back share: runs by their handles, or an error that says which file is at fault."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from runner.cli import options
from runner.cli.common import fail, print_json, use_color
from runner.cli.subject import gallery_names
from runner.diagnostics import suggest
from runner.disk.atomic import write_atomic
from runner.errors import RecipeError, RunNotFound

if TYPE_CHECKING:
    from runner.lookback.recorded_run import Past


@contextmanager
def refusing(handle: str | None = None) -> Iterator[None]:
    """Leave with 2 where a run's files cannot be read or used.

    Args:
        handle: what was typed, where it could have meant a recipe too.
    """
    try:
        yield
    except RunNotFound as error:
        # its other lines are the runs that there are
        help = list(error.help)
        if handle is not None and not help:
            near = suggest(handle, gallery_names())
            help = [f"did you mean the recipe {near!r}?" if near else "`recipe ls` lists the recipes of the gallery"]
        fail(str(error), help)
    except (RecipeError, OSError) as error:
        fail(*words_of(error))


def words_of(error: RecipeError | OSError) -> tuple[str, Sequence[str]]:
    """What is said of a run's files that cannot be read or used, and the help."""
    if isinstance(error, RecipeError):
        return str(error), error.help
    return f"{error.filename}: {error.strerror}" if error.filename is not None else str(error), ()


def runs_of(handles: Sequence[str], *, or_recipe: bool = False) -> "list[Past]":
    """The runs that are meant; leaves with 2 where one cannot be found or read.

    Args:
        handles: as typed.
        or_recipe: whether a recipe could have been meant.
    """
    from runner.lookback.gather import pasts

    with refusing(handles[0] if or_recipe else None):
        return pasts(handles)
    raise AssertionError("unreachable")


def write_report(path: Path, page: str) -> None:
    """Write a report and print its path; leaves with 2 where it cannot be written."""
    try:
        write_atomic(path, page)
    except OSError as error:
        fail(f"the report cannot be written: {error.filename}: {error.strerror}", ["--output FILE names another place"])
    print(path)


def show_run(handle: str, *, json: bool, color: options.Color) -> None:
    """Print what a run did and what came out; leaves with 2 where there is no such run."""
    from runner.lookback.run_facts import as_mapping
    from runner.lookback.show_view import run_lines
    from runner.views.lines import stdout_screen

    past = runs_of([handle], or_recipe=True)[0]
    if json:
        print_json(as_mapping(past))
        return
    screen = stdout_screen(color=use_color(color, sys.stdout))
    screen.print(run_lines(past, screen))
