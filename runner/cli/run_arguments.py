"""Runs named on the command line."""

import os
import sys
from pathlib import Path

from runner.cli.error_output import fail
from runner.cli.subject import is_recipe
from runner.errors import RunNotFound
from runner.record.handles import find_run, has_tag
from runner.record.tags import LATEST
from runner.text import printable


def run_of(text: str, *, quiet: bool = False) -> Path:
    """The run directory of that name (see :func:`find_run`); exits with 2 if there is none.

    Prints on stderr which run ``latest`` is, unless ``quiet``.
    """
    try:
        found = find_run(text)
    except RunNotFound as error:
        fail(
            str(error),
            [] if os.path.isdir("runs") else ["runs are searched for in ./runs; give the path of a run directory"],
        )
    except OSError as error:
        fail(f"cannot list the runs: {error}")
    if not quiet and _is_handle(text):
        print(f"{LATEST} is {printable(str(found))}", file=sys.stderr)
    return found


def run_meant(text: str) -> Path | None:
    """The run that a directory, ``latest`` or a tag names; None if the word may be a recipe."""
    handle = not os.path.exists(text) and (_is_handle(text) or (not is_recipe(text) and has_tag(text)))
    return run_of(text) if handle or os.path.isdir(text) else None


def _is_handle(text: str) -> bool:
    return text.rpartition("/")[2].partition("~")[0] == LATEST
