"""``recipe track``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from runner.cli import options
from runner.interrupts import importing

if TYPE_CHECKING:
    from schemas.quantities import Duration

_Runs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="RUN...",
        help=f"{options.RUN_HELP[:-1]}; or a folder of runs, such as that of a sweep (default: latest).",
        show_default=False,
        autocompletion=options.complete_run,
    ),
]
_Every = Annotated[
    str | None,
    typer.Option(
        metavar="DURATION",
        show_default=False,
        help="Interval of the steps that mlflow gets, such as '1 steps' for all (default: the recipe's).",
    ),
]


def command(
    runs: _Runs = None,
    to: Annotated[Literal["tensorboard", "mlflow"], typer.Option(help="The tracker.")] = "tensorboard",
    output: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Folder for tensorboard (default: RUN/tensorboard).", show_default=False),
    ] = None,
    every: _Every = None,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Give records of runs to a tracker: what was trained without `tracking`, or missed while the server was away.

    tensorboard: event files in a folder that is empty or missing; `tensorboard --logdir FOLDER` shows them. mlflow: the
    server that MLFLOW_TRACKING_URI names; what it has already stays once. Of several runs each is tried, and the exit
    code is 2 if one could not be sent.
    """
    with importing():
        from runner.cli.tracked import Wanted, track_all
    interval = None if every is None else _interval(every, to)
    track_all(runs or ["latest"], Wanted(to, output, interval, quiet, color))


def _interval(every: str, to: str) -> "Duration":
    from runner.cli.common import fail
    from schemas.quantities import parse_duration

    if to != "mlflow":
        fail(f"--every is for mlflow; {to} gets every step")
    try:
        return parse_duration(every)
    except ValueError as error:
        fail(f"--every {every}: {error}")
