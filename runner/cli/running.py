"""``recipe run``: reads all recipes, then trains them one after another."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from runner.cli.common import fail, read
from runner.cli.planning import plan_of
from runner.cli.training import TerminalOptions, leave, refuse_any, train
from runner.data.access import DataAccess
from runner.engine.distributed.cluster import follows_a_chief
from runner.errors import RunError
from runner.hardware.clock import process_began
from runner.plan.plan import Plan
from runner.plan.threads import process_settings
from runner.record.contents import is_run, require_plain
from runner.record.directory import RUNS, RunDirectory, require_free
from runner.record.handles import list_runs
from runner.source.load import Loaded
from runner.workflows.children import arguments_of, run_apart
from runner.workflows.request import new_directory, request_for, unfinished
from runner.workflows.run import RunRequest


@dataclass(frozen=True)
class Wanted:
    """The verb's options about training; the display options are in ``TerminalOptions``."""

    sets: tuple[str, ...]
    run_dir: Path | None
    data_dir: Path | None
    no_fallback: bool
    force: bool
    root: Path | None
    resume: bool
    expect_sha256: str | None
    allow_code: bool
    warned: bool = False
    """Whether the recipe's warnings have been shown already."""

    def data(self, loaded: Loaded) -> DataAccess:
        """Where the data of a recipe is."""
        return DataAccess(self.data_dir, allow_fallback=not self.no_fallback).beside(loaded.path, self.root)


def run_all(files: Sequence[Path], wanted: Wanted, terminal: TerminalOptions) -> NoReturn:
    """Read all recipes, train them one after another, print the results and exit."""
    if wanted.run_dir is not None and len(files) > 1:
        fail("--run-dir names one directory, but several recipes are given", ["run them one by one"])
    code = wanted.allow_code
    all_loaded = [
        read(file, wanted.sets, wanted.root, terminal.color, quiet=wanted.warned, allow_code=code) for file in files
    ]
    plans = [plan_of(loaded, wanted.data(loaded), terminal.color, allow_code=code) for loaded in all_loaded]
    for plan in plans:
        _require_fingerprint(plan, wanted.expect_sha256)
    results: list[dict[str, Any]] = []
    for file, loaded, plan in zip(files, all_loaded, plans, strict=True):
        if process_settings(plan) == process_settings(plans[0]):
            began = None if results else process_began()  # the first run counts from the start of the process
            results.append(train(loaded, _request(loaded, plan, wanted, began), terminal))
        else:
            results.append(run_apart(_arguments(file, wanted, terminal)))
        if results[-1]["status"] in ("interrupted", "terminated"):
            break
    leave(results, terminal)


def _arguments(file: Path, wanted: Wanted, terminal: TerminalOptions) -> list[str]:
    """The same options as arguments for a separate process."""
    flags = {"--no-fallback": wanted.no_fallback, "--force": wanted.force, "--resume": wanted.resume}
    flags |= {"--quiet": terminal.quiet, "--allow-code": wanted.allow_code, "--warned": True}
    values: dict[str, object | None] = {"--data-dir": wanted.data_dir, "--root": wanted.root}
    values |= {"--progress": terminal.progress, "--color": terminal.color}
    return arguments_of(file, wanted.sets, flags, values)


def _require_fingerprint(plan: Plan, wanted: str | None) -> None:
    if wanted is not None and plan.fingerprint != wanted.lower():
        fail(
            f"the fingerprint of {plan.recipe.name} on {plan.data.label} is {plan.fingerprint}, not {wanted}",
            ["`recipe show --resolved` prints the text that the fingerprint is computed from"],
        )


def _request(loaded: Loaded, plan: Plan, wanted: Wanted, began: float | None) -> RunRequest:
    run_dir = wanted.run_dir
    if wanted.resume and run_dir is not None:
        _require_plain(run_dir)
    runs = [run_dir] if run_dir is not None else list_runs(RUNS)
    unfinished_run = unfinished(plan, runs) if wanted.resume else None
    follows = follows_a_chief(plan.recipe.hardware, os.environ)
    opened = _opened(unfinished_run) if unfinished_run is not None and not follows else None
    if unfinished_run is None and run_dir is not None and not follows:
        _require_free(run_dir)

    def open_directory(plan: Plan) -> RunDirectory:
        return new_directory(run_dir)(plan) if unfinished_run is None else opened or RunDirectory(unfinished_run)

    return request_for(
        loaded,
        plan,
        wanted.data(loaded),
        open_directory,
        force=wanted.force,
        goes_on=unfinished_run is not None,
        began=began,
    )


def _require_plain(directory: Path) -> None:
    """Refuse a run directory named by the user that holds more than plain files; a search skips such directories."""
    try:
        if is_run(directory):
            require_plain(directory)
    except (OSError, RunError) as error:
        refuse_any(None, error, "auto")


def _require_free(directory: Path) -> None:
    """Refuse a directory that is in use before TensorFlow is started."""
    try:
        require_free(directory)
    except (OSError, RunError) as error:
        refuse_any(None, error, "auto")


def _opened(directory: Path) -> RunDirectory:
    """Open a run for writing; another writer is reported before TensorFlow is started."""
    try:
        return RunDirectory(directory)
    except (OSError, RunError) as error:
        refuse_any(None, error, "auto")
