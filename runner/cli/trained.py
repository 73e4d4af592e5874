"""What verbs share that use a trained run: finding it, reading its recipe and record, starting TensorFlow."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from runner.cli.common import fail, note, read, refuse
from runner.cli.options import Color
from runner.data.access import DataAccess
from runner.errors import RecipeError
from runner.inference.opened import TrainedRun, Which
from runner.record.directory import RunPaths
from runner.record.handles import find_run
from runner.record.manifest import data_elsewhere, read_lock, recorded_access

if TYPE_CHECKING:
    from runner.plan.plan import Plan

WhichOption = Annotated[
    Which, typer.Option("--which", help="`last`: model.keras, which the run tested; `best`: that of the best epoch.")
]


def open_run(text: str, which: Which, data_dir: Path | None, color: Color, *, allow_code: bool) -> TrainedRun:
    """The run that ``text`` means, or the model file of one; leaves with 2 when it cannot be read."""
    try:
        directory, which = _directory(text, which)
        paths = RunPaths(directory)
        lock = read_lock(paths)
    except RecipeError as error:
        refuse(None, error, color)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    loaded = read(paths.resolved, None, None, color, quiet=True, allow_code=allow_code)
    assert loaded.recipe is not None
    folder = lock.get("code_folder") if allow_code else None
    code = Path(folder) if isinstance(folder, str) else None
    access = recorded_access(paths, DataAccess(data_dir, allow_fallback=False))
    tell_of_folder(directory, access)
    return TrainedRun(paths, loaded.recipe, lock, access, which, code)


def tell_of_folder(directory: Path, access: DataAccess) -> None:
    """Say where data is read from, if the run's record alone names that place."""
    told = data_elsewhere(RunPaths(directory), access)
    if told is not None:
        note(told)


def _directory(text: str, which: Which) -> tuple[Path, Which]:
    """``RUN/best.keras`` is the run with that model."""
    path = Path(text)
    names: dict[str, Which] = {"model.keras": "last", "best.keras": "best"}
    if path.name in names and path.is_file():
        return find_run(str(path.parent)), names[path.name]
    return find_run(text), which


def plan_of_run(run: TrainedRun) -> "Plan":
    """The run's plan for its data; leaves with 2 when the data is not here."""
    try:
        return run.plan(note)
    except RecipeError as error:
        leave_with(error)
    except OSError as error:
        fail(f"the data cannot be read: {error}")


def start(run: TrainedRun) -> None:
    """Import TensorFlow, quietly, on the run's kind of device; leaves with 2 when the run has no model."""
    try:
        run.require_model()
    except RecipeError as error:
        leave_with(error)
    from runner.engine.start import start_tensorflow

    start_tensorflow(run.hardware, own_code=run.code is not None)


def leave_with(error: RecipeError) -> NoReturn:
    """Report an error that has no place in a file that the person wrote, and leave with its status."""
    fail(str(error), error.help, code=error.exit_status)
