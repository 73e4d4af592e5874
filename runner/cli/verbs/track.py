"""``recipe track``."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, read
from runner.cli.looking import refusing
from runner.record.directory import RunPaths
from runner.record.handles import find_run
from runner.text import printable


def command(
    run: options.Run = "latest",
    output: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Folder to write (default: RUN/tensorboard).", show_default=False),
    ] = None,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Write a run's record as event files of TensorBoard, for a run that was trained without `tracking`.

    `tensorboard --logdir FOLDER` shows them. The folder must be empty or missing.
    """
    from runner.lookback.checked import checked_events
    from runner.sinks.tracking.tensorboard import FOLDER, TensorBoardSink
    from runner.workflows.trackers import parameters_of

    with refusing():
        paths = RunPaths(find_run(run))
    folder = output if output is not None else paths.root / FOLDER
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        fail(f"{folder} is there already", ["name another folder with --output"])
    loaded = read(paths.resolved, None, None, color, quiet=True)
    assert loaded.recipe is not None
    sink = TensorBoardSink(parameters_of(loaded.recipe), folder)
    try:
        with refusing():
            for event in checked_events(paths.events):
                sink(event)
    finally:
        sink.close()
    if not quiet:
        print(f"`tensorboard --logdir {printable(str(folder))}` shows it", file=sys.stderr)
