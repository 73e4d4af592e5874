"""The run that a person means on the command line."""

import os
import sys
from pathlib import Path

from runner.cli.errors import fail
from runner.errors import RunNotFound
from runner.record.handles import LATEST, find_run
from runner.text import printable


def run_of(text: str, *, quiet: bool = False) -> Path:
    """The run directory of that name, as :func:`find_run` has it; leaves with 2 when there is none.

    Which one ``latest`` is goes to stderr, unless ``quiet``.
    """
    try:
        found = find_run(text)
    except RunNotFound as error:
        fail(str(error), [] if os.path.isdir("runs") else ["runs are looked for in ./runs; give a directory's path"])
    except OSError as error:
        fail(f"the runs cannot be looked through: {error}")
    if not quiet and _is_handle(text):
        print(f"{LATEST} is {printable(str(found))}", file=sys.stderr)
    return found


def run_meant(text: str) -> Path | None:
    """The run, where a directory or ``latest`` is named; None for what may be a recipe."""
    return run_of(text) if os.path.isdir(text) or (_is_handle(text) and not os.path.exists(text)) else None


def _is_handle(text: str) -> bool:
    return text.rpartition("/")[2] == LATEST
