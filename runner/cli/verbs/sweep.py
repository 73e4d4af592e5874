"""The verb ``recipe sweep``: its options and its first line, which is printed before slow imports."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from runner.cli import options
from runner.cli.opening import first_line
from runner.interrupts import importing

_Worker = Annotated[
    bool, typer.Option("--worker", help="Join a sweep as one of several processes: a line for each trial, no table.")
]
_Render = Annotated[
    Literal["slurm", "kubernetes"] | None,
    typer.Option("--render", help="Print a script that starts workers on a cluster.", show_default=False),
]


def command(
    file: options.File,
    sets: options.Sets = None,
    sweep_dir: Annotated[Path | None, typer.Option(help="Folder of the sweep (default: runs/NAME-sweep).")] = None,
    worker: _Worker = False,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    force: options.Force = False,
    root: options.Root = None,
    allow_code: options.AllowCode = False,
    script: _Render = None,
    workers: Annotated[int, typer.Option(min=1, max=1000, help="Number of workers that --render starts.")] = 4,
    only: Annotated[int | None, typer.Option(hidden=True, min=0, help="Train this trial and nothing else.")] = None,
    json: options.Json = False,
    progress: options.ProgressOption = "auto",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Search the ranges of a recipe's `sweep`: each trial is a run, and the best becomes a recipe.

    Started again it goes on where it stopped, each run from its last checkpoint. Any number of processes that share the
    folder may work on one sweep. Exit code: 0 once all trials have ended; 1 if none has a result; 2 if the recipe, its
    data or the folder cannot be used; 130 after Ctrl-C; 143 after SIGTERM.
    """
    if script is None and only is None:
        first_line("sweeping", str(file), progress, quiet=quiet)
    with importing():
        from runner.cli.sweeping import Asked, print_script, sweep
        from runner.cli.training import TerminalOptions
    asked = Asked(
        file=file,
        sets=tuple(sets or ()),
        sweep_dir=sweep_dir,
        worker=worker,
        data_dir=data_dir,
        no_fallback=no_fallback,
        force=force,
        root=root,
        allow_code=allow_code,
        only=only,
    )
    if script is not None:
        print_script(asked, script, workers, color)
    else:
        sweep(asked, TerminalOptions(progress, quiet, color, json))
