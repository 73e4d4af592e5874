"""The verb ``recipe resume``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from runner.cli import options
from runner.cli.common import fail, read
from runner.cli.planning import plan_of, warnings_of
from runner.cli.runs import run_of
from runner.cli.training import TerminalOptions, leave, refuse_any, status_of, train
from runner.data.access import DataAccess
from runner.engine.distributed.cluster import follows_a_chief
from runner.errors import EventsCorrupt, ManifestBroken, NotPlain, RunError
from runner.hardware.clock import process_began
from runner.plan.plan import Plan
from runner.record.directory import RunDirectory, RunPaths
from runner.record.manifest import read_lock, recorded_access
from runner.source.editing.emit import to_yaml
from runner.workflows.resume_point import changes, from_checkpoint
from runner.workflows.run import RunRequest

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

    If the recipe has changed, by --recipe or --set, the differences are shown and --policy must say how to continue:
    `continue` keeps the step, `rescale` the completed share of the run, `restart` only the weights.
    """
    directory = run_of(run, quiet=quiet or progress == "none")
    terminal = TerminalOptions(progress, quiet, color, json, kill_at)
    loaded = read(recipe or RunPaths(directory).resolved, sets, None, color, allow_code=allow_code)
    data = _data(DataAccess(data_dir, allow_fallback=not no_fallback), recipe, directory)
    folder = None if recipe is not None else _code_folder(directory)
    plan = plan_of(loaded, data, color, allow_code=allow_code, folder=folder)
    follows = follows_a_chief(plan.recipe.hardware, os.environ)
    opened = None if follows else _open(directory, plan, policy)
    request = RunRequest(
        plan=plan,
        written=loaded.written,
        resolved=to_yaml(loaded.resolved()),
        origins=loaded.origins(),
        access=data,
        open_directory=lambda _: opened or RunDirectory(directory),
        warnings=warnings_of(loaded, plan),
        force=force,
        start=from_checkpoint(policy),
        began=process_began(),
    )
    leave([train(loaded, request, terminal)], terminal)


def _data(access: DataAccess, recipe: Path | None, directory: Path) -> DataAccess:
    """Files of the data lie beside a changed recipe, else where they lay when the run was last trained."""
    try:
        recorded = recorded_access(RunPaths(directory), access)
    except (OSError, NotPlain, ManifestBroken):
        recorded = access  # the lock is read again, and then reported
    return recorded if recipe is None else recorded.beside(recipe, recorded.root)


def _code_folder(directory: Path) -> Path | None:
    """The folder that a run's custom code came from; the run directory holds none."""
    try:
        folder = read_lock(RunPaths(directory)).get("code_folder")
    except (OSError, NotPlain, ManifestBroken):
        return None  # the lock is read again later, and the error is reported there
    return Path(folder) if isinstance(folder, str) else None


def _open(directory: Path, plan: Plan, policy: "Policy | None") -> RunDirectory:
    """Open the run for writing; errors are reported before TensorFlow is started."""
    try:
        opened = RunDirectory(directory)
        _require_unfinished(directory, plan.fingerprint)
        changes(opened, read_lock(opened), plan, policy)
    except (OSError, RunError) as error:
        refuse_any(None, error, "auto")
    return opened


def _require_unfinished(directory: Path, fingerprint: str) -> None:
    """Refuse a finished run: it can only continue with a changed recipe."""
    try:
        before, status = status_of(directory)
    except FileNotFoundError:
        return  # stopped before it was recorded
    except (OSError, EventsCorrupt) as error:
        fail(f"the record of {directory} cannot be read: {error}")
    if status in ("finished", "expectation_missed") and before == fingerprint:
        fail(f"{directory} is finished", ["`--set training.epochs=… --policy continue` trains it further"])
