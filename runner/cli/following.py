"""What follows a training: the steps of the recipe's ``after``, on the screen and in the result."""

import sys
from pathlib import Path
from typing import Any

from runner.cli.trained import leave_with, open_run, plan_of_run, start
from runner.cli.training import TerminalOptions
from runner.errors import RecipeError
from runner.events import DONE, AfterStepEnded
from runner.record.directory import RunPaths
from runner.text import printable
from runner.workflows.after import as_json, follow, pending
from schemas.recipe import Recipe


def followed(
    result: dict[str, Any], recipe: Recipe, data_dir: Path | None, terminal: TerminalOptions, *, allow_code: bool
) -> dict[str, Any]:
    """The result of a run with its ``after`` steps, which are made here; the result itself where there are none.

    Args:
        result: of the run; a worker that follows a chief has no directory in it.
        recipe: what was trained.
        data_dir: tensorflow-datasets directory.
        terminal: how steps are shown.
        allow_code: whether custom code may be imported.
    """
    if not recipe.after or result["status"] not in DONE or "run_dir" not in result:
        return result
    made = make_pending(Path(result["run_dir"]), recipe, data_dir, terminal, allow_code=allow_code)
    return result | {"after": [as_json(event) for event in made]}


def make_pending(
    directory: Path, recipe: Recipe, data_dir: Path | None, terminal: TerminalOptions, *, allow_code: bool
) -> list[AfterStepEnded]:
    """Make the steps of a finished run that have not been made; leaves with 2 where its files cannot be used."""
    made = []
    try:
        steps = pending(RunPaths(directory), recipe)
        if steps:
            run = open_run(str(directory), "last", data_dir, terminal.color, allow_code=allow_code)
            plan = plan_of_run(run)
            start(run)
            for event in follow(run, plan, steps):
                _show(event, terminal)
                made.append(event)
    except RecipeError as error:
        leave_with(error)
    return made


def _show(event: AfterStepEnded, terminal: TerminalOptions) -> None:
    if terminal.quiet and event.done:
        return
    outcome = event.message if event.done else f"failed: {event.message}"
    print(f"{'after':10}{event.step}: {printable(outcome)}", file=sys.stderr)
