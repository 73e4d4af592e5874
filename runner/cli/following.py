"""What follows a training: the steps of the recipe's ``after``, on the screen and in the result."""

import sys
from pathlib import Path
from typing import Any

from runner.cli.notices import told_below
from runner.cli.trained import leave_with, open_run, plan_of_run, start
from runner.cli.training import TerminalOptions
from runner.errors import RecipeError
from runner.events import DONE, AfterStepEnded, ExpectationChecked
from runner.record.directory import RunPaths
from runner.sinks.notes import expectations
from runner.text import printable
from runner.workflows.after import follow, pending, with_steps
from runner.workflows.trackers import tell_of_after
from schemas.recipe import Recipe

Made = AfterStepEnded | ExpectationChecked
"""What comes of the steps."""


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
    return with_steps(result, made)


def make_pending(
    directory: Path, recipe: Recipe, data_dir: Path | None, terminal: TerminalOptions, *, allow_code: bool
) -> list[Made]:
    """Make the steps of a finished run that have not been made; leaves with 2 where its files cannot be used."""
    made = list[Made]()
    try:
        steps = pending(RunPaths(directory), recipe)
        if steps:
            run = open_run(str(directory), "last", data_dir, terminal.color, allow_code=allow_code)
            plan = plan_of_run(run)
            start(run)
            for event in follow(run, plan, steps):
                _show(event, terminal)
                made.append(event)
            tell_of_after(recipe, directory, told_below(quiet=terminal.quiet))
    except RecipeError as error:
        leave_with(error)
    return made


def _show(event: Made, terminal: TerminalOptions) -> None:
    if isinstance(event, ExpectationChecked):
        if not (terminal.quiet and event.met):
            label, text = next(expectations([event]))
            print(f"{label:10}{text}", file=sys.stderr)
        return
    if terminal.quiet and event.done:
        return
    outcome = event.message if event.done else f"failed: {event.message}"
    print(f"{'after':10}{event.step}: {printable(outcome)}", file=sys.stderr)
