"""``recipe run``."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from runner.cli import options
from runner.cli.children import arguments_of, run_apart
from runner.cli.common import fail, read
from runner.cli.planning import plan_of, warnings_of
from runner.cli.training import Screen, leave, refused, train, unfinished
from runner.clock import process_began
from runner.engine.cluster import follows_a_chief
from runner.plan.plan import Plan
from runner.plan.threads import process_settings
from runner.prepare import DataOptions
from runner.record.contents import is_run, require_plain
from runner.record.directory import (
    RUNS,
    DirectoryTaken,
    RunDirectory,
    RunLocked,
    open_explicit,
    open_run_directory,
    require_free,
)
from runner.record.find import list_runs
from runner.record.folder import NotPlain
from runner.resume import fresh, going_on
from runner.run import Order
from runner.source.emit import to_yaml
from runner.source.load import Loaded


def command(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Recipes or names of the gallery's, trained one after another."),
    ],
    sets: options.Sets = None,
    run_dir: Annotated[
        Path | None, typer.Option(help="Directory of the run (default: runs/NAME/TIME-FINGERPRINT).")
    ] = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    force: options.Force = False,
    root: options.Root = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the newest unfinished run of this recipe, if there is one.")
    ] = False,
    expect_sha256: Annotated[str | None, typer.Option(help="Refuse a recipe with another fingerprint.")] = None,
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    progress: options.ProgressOption = "auto",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
    kill_at: options.KillAt = None,
    warned: options.Warned = False,
) -> None:
    """Validate, plan, train, evaluate and record.

    All recipes are read before the first one trains. Exit code: 0; 1 training failed, diverged or missed an
    expectation; 2 a recipe or its data is not usable; 130 after Ctrl-C; 143 after SIGTERM; 129 after SIGHUP.
    """
    if run_dir is not None and len(files) > 1:
        fail("--run-dir names one directory, but several recipes are given", ["run them one by one"])
    screen = Screen(progress, quiet, color, json, kill_at)
    all_loaded = [read(file, sets, root, color, quiet=warned, allow_code=allow_code) for file in files]
    data = DataOptions(data_dir, allow_fallback=not no_fallback)
    plans = [plan_of(loaded, data, color, allow_code=allow_code) for loaded in all_loaded]
    for plan in plans:
        _require_fingerprint(plan, expect_sha256)
    results: list[dict[str, Any]] = []
    for file, loaded, plan in zip(files, all_loaded, plans, strict=True):
        if process_settings(plan) == process_settings(plans[0]):
            began = None if results else process_began()  # the time of the first one is that of the process
            order = _order(loaded, plan, data, run_dir, resume=resume, force=force, began=began)
            results.append(train(loaded, order, screen))
        else:
            flags = {"--no-fallback": no_fallback, "--force": force, "--resume": resume, "--quiet": quiet}
            flags |= {"--allow-code": allow_code, "--warned": True}
            values = {"--data-dir": data_dir, "--root": root, "--progress": progress, "--color": color}
            results.append(run_apart(arguments_of(file, sets or (), flags, values)))
        if results[-1]["status"] in ("interrupted", "terminated"):
            break
    leave(results, screen)


def _require_fingerprint(plan: Plan, wanted: str | None) -> None:
    if wanted is not None and plan.fingerprint != wanted.lower():
        fail(
            f"the fingerprint of {plan.recipe.name} on {plan.data.label} is {plan.fingerprint}, not {wanted}",
            ["`recipe show --resolved` prints what the fingerprint is made from"],
        )


def _order(
    loaded: Loaded,
    plan: Plan,
    data: DataOptions,
    run_dir: Path | None,
    *,
    resume: bool,
    force: bool,
    began: float | None,
) -> Order:
    if resume and run_dir is not None:
        _require_plain(run_dir)
    runs = [run_dir] if run_dir is not None else list_runs(RUNS)
    going = unfinished(plan, runs) if resume else None
    follows = follows_a_chief(plan.recipe.hardware, os.environ)
    opened = _opened(going) if going is not None and not follows else None
    if going is None and run_dir is not None and not follows:
        _require_free(run_dir)

    def open_directory(plan: Plan) -> RunDirectory:
        if going is not None:
            return opened or RunDirectory(going)
        if run_dir is not None:
            return open_explicit(run_dir)
        return open_run_directory(RUNS, plan.recipe.name, plan.fingerprint, datetime.now())

    return Order(
        plan=plan,
        written=loaded.written,
        resolved=to_yaml(loaded.resolved()),
        origins=loaded.origins(),
        data_dir=data.directory,
        open_directory=open_directory,
        warnings=warnings_of(loaded, plan),
        force=force,
        start=going_on(None) if going is not None else fresh,
        began=began,
    )


def _require_plain(directory: Path) -> None:
    """Refuse a run that is named and holds more than plain files; among all runs it is passed over."""
    try:
        if is_run(directory):
            require_plain(directory)
    except (OSError, NotPlain) as error:
        refused(error)
        raise


def _require_free(directory: Path) -> None:
    """Refuse a directory that is not free before TensorFlow is started."""
    try:
        require_free(directory)
    except (OSError, DirectoryTaken) as error:
        refused(error)
        raise


def _opened(directory: Path) -> RunDirectory:
    """Take a run for writing; another writer is told of before TensorFlow is started."""
    try:
        return RunDirectory(directory)
    except (OSError, RunLocked, NotPlain, DirectoryTaken) as error:
        refused(error)
        raise
