"""``recipe track``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from runner.cli import options
from runner.cli.common import fail, read
from runner.cli.looking import refusing
from runner.cli.streams import display
from runner.events import Sink
from runner.record.directory import RunPaths
from runner.record.handles import find_run
from runner.sinks.console import make_console_sink
from runner.text import printable

if TYPE_CHECKING:
    from runner.workflows.trackers import ClosingSink
    from schemas.quantities import Duration
    from schemas.recipe import Recipe
    from schemas.tracking import TrackerName


def command(
    run: options.Run = "latest",
    to: Annotated[Literal["tensorboard", "mlflow"], typer.Option(help="The tracker.")] = "tensorboard",
    output: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Folder for tensorboard (default: RUN/tensorboard).", show_default=False),
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            show_default=False,
            help="Interval of the steps that mlflow gets, such as '1 steps' for all (default: the recipe's).",
        ),
    ] = None,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Give a run's record to a tracker: what was trained without `tracking`, or missed while the server was away.

    tensorboard: event files in a folder that is empty or missing; `tensorboard --logdir FOLDER` shows them. mlflow: the
    server that MLFLOW_TRACKING_URI names; what it has already stays once.
    """
    interval = None if every is None else _interval(every, to)
    with refusing():
        paths = RunPaths(find_run(run))
    folder = output if output is not None else paths.root / "tensorboard"
    if to == "tensorboard":
        _require_empty(folder)
    loaded = read(paths.resolved, None, None, color, quiet=True)
    assert loaded.recipe is not None
    with display() as stream:
        console = make_console_sink("auto", quiet=quiet, color=color, stderr=stream)
        try:
            _track(paths, _sink(to, loaded.recipe, folder, interval, console))
        finally:
            console.close()
    if not quiet and to == "tensorboard":
        print(f"`tensorboard --logdir {printable(str(folder))}` shows it", file=sys.stderr)


def _require_empty(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        fail(f"{folder} already exists", ["name another folder with --output"])


def _interval(every: str, to: str) -> "Duration":
    from schemas.quantities import parse_duration

    if to != "mlflow":
        fail(f"--every is for mlflow; {to} gets every step")
    try:
        return parse_duration(every)
    except ValueError as error:
        fail(f"--every {every}: {error}")


def _sink(to: "TrackerName", recipe: "Recipe", folder: Path, every: "Duration | None", console: Sink) -> "ClosingSink":
    from runner.workflows.trackers import tracker

    return tracker(to, recipe, console, folder=folder, every=every)


def _track(paths: RunPaths, sink: "ClosingSink") -> None:
    from runner.lookback.whole_record import whole_record

    try:
        with refusing():
            for event in whole_record(paths):
                sink(event)
            sink.close()
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
