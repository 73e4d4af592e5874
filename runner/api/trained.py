"""A trained run opened, and the steps of the recipe's ``after`` made from it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from runner.api.recipes import permitted, valid
from runner.api.results import Name, optional
from runner.data.access import DataAccess
from runner.events import AfterStepEnded, ExpectationChecked, Sink
from runner.record.directory import RunPaths
from runner.record.handles import find_run
from runner.record.manifest import read_lock, recorded_access
from runner.source.load import load as load_file
from runner.workflows.after import follow, pending
from runner.workflows.trackers import tell_of_after
from schemas.recipe import Recipe

if TYPE_CHECKING:
    from runner.inference.opened import TrainedRun, Which


def trained_run(run: Name, which: "Which", data_dir: Name | None, *, allow_code: bool) -> "TrainedRun":
    """A run opened for what its model is used for.

    Args:
        run: its directory, or a handle.
        which: ``last`` or ``best``.
        data_dir: of tensorflow-datasets; by default that of the run.
        allow_code: whether its custom code may be imported.

    Raises:
        RunNotFound: there is no such run.
        RecipeInvalid: its recipe has errors, or custom code that is not allowed.
    """
    from runner.inference.opened import TrainedRun

    paths = RunPaths(find_run(os.fspath(run)))
    lock = read_lock(paths)
    recipe = permitted(valid(load_file(paths.resolved)), allow_code=allow_code).recipe
    assert recipe is not None
    folder = lock.get("code_folder") if allow_code else None
    access = recorded_access(paths, DataAccess(optional(data_dir), allow_fallback=False))
    return TrainedRun(paths, recipe, lock, access, which, Path(folder) if isinstance(folder, str) else None)


def start(trained: "TrainedRun") -> None:
    """Start TensorFlow on the run's kind of device, once there is a model to run."""
    trained.require_model()
    from runner.engine.start import start_tensorflow

    start_tensorflow(trained.hardware)


def made_after(
    run_dir: Path, recipe: Recipe, data_dir: Name | None, emit: Sink | None, *, allow_code: bool
) -> list[AfterStepEnded | ExpectationChecked]:
    """The steps of ``after`` that a finished run lacks, once they are made."""
    steps = pending(RunPaths(run_dir), recipe)
    if not steps:
        return []
    trained = trained_run(run_dir, "last", data_dir, allow_code=allow_code)
    planned = trained.plan(lambda _: None)
    start(trained)
    made = []
    for event in follow(trained, planned, steps):
        made.append(event)
        if emit is not None:
            emit(event)
    tell_of_after(recipe, run_dir, emit or (lambda _: None))
    return made
