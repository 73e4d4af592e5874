"""The verb ``recipe resume``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from runner.cli import options
from runner.cli.common import read
from runner.cli.following import followed, make_pending
from runner.cli.looking import refusing
from runner.cli.planning import plan_of
from runner.cli.run_arguments import run_of
from runner.cli.trained import tell_of_folder
from runner.cli.training import TerminalOptions, leave, refuse_any, train
from runner.data.access import DataAccess
from runner.engine.distributed.cluster import follows_a_chief
from runner.errors import RunError
from runner.hardware.clock import process_began
from runner.plan.plan import Plan
from runner.record.directory import RunDirectory, RunPaths
from runner.workflows.after import with_steps
from runner.workflows.repeats import recorded_result
from runner.workflows.request import as_begun, code_folder, data_of, open_unfinished, request_for

if TYPE_CHECKING:
    from runner.engine.loop.resume_policy import Policy

_Policy = Annotated[
    Literal["continue", "rescale", "restart"] | None,
    typer.Option(
        help="For a changed recipe: keep the step, the completed share of the run, or only the weights.",
        show_default=False,
    ),
]


def command(
    run: options.Run = "latest",
    recipe: Annotated[Path | None, typer.Option(help="Continue with this changed recipe.", show_default=False)] = None,
    sets: options.Sets = None,
    policy: _Policy = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    force: options.Force = False,
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    progress: options.ProgressOption = "auto",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
    kill_at: options.KillAt = None,
) -> None:
    """Continue a run from its last checkpoint, to the same bits as if it had never stopped.

    Of a run that has come to its end, the steps of its recipe's `after` that are missing are made.
    If the recipe has changed, by --recipe or --set, the differences are shown and --policy must say how to continue:
    `continue` keeps the step, `rescale` the completed share of the run, `restart` only the weights.
    """
    directory = run_of(run, quiet=quiet or progress == "none")
    terminal = TerminalOptions(progress, quiet, color, json, kill_at)
    if recipe is None and not sets:
        _finish_after(directory, data_dir, terminal, allow_code=allow_code)
    loaded = read(recipe or RunPaths(directory).resolved, sets, None, color, allow_code=allow_code)
    with refusing():
        data = data_of(directory, DataAccess(data_dir, allow_fallback=not no_fallback), recipe)
    if recipe is None and not quiet:
        tell_of_folder(directory, data)
    folder = None if recipe is not None else code_folder(directory)
    weights = as_begun(directory)
    plan = plan_of(loaded, data, color, allow_code=allow_code, folder=folder, weights=weights)
    follows = follows_a_chief(plan.recipe.hardware, os.environ)
    opened = None if follows else _open(directory, plan, policy)

    def open_directory(_: Plan) -> RunDirectory:
        return opened or RunDirectory(directory)

    began = process_began()
    request = request_for(loaded, plan, data, open_directory, force=force, goes_on=True, policy=policy, began=began)
    result = train(loaded, request, terminal)
    leave([followed(result, plan.recipe, data_dir, terminal, allow_code=allow_code)], terminal)


def _finish_after(directory: Path, data_dir: Path | None, terminal: TerminalOptions, *, allow_code: bool) -> None:
    """Where only steps after the training are left, make them and exit."""
    paths = RunPaths(directory)
    if not paths.resolved.is_file() or not paths.events.is_file():
        return
    loaded = read(paths.resolved, None, None, terminal.color, quiet=True, allow_code=allow_code)
    assert loaded.recipe is not None
    made = make_pending(directory, loaded.recipe, data_dir, terminal, allow_code=allow_code)
    if made:
        leave([with_steps(recorded_result(directory), made)], terminal)


def _open(directory: Path, plan: Plan, policy: "Policy | None") -> RunDirectory:
    """Open the run for writing; errors are reported before TensorFlow is started."""
    try:
        return open_unfinished(directory, plan, policy)
    except (OSError, RunError) as error:
        refuse_any(None, error, "auto")
