"""``recipe replay``."""

import sys
from typing import Annotated

import typer

from runner.cli import options
from runner.cli.common import fail
from runner.cli.looking import refusing
from runner.record.directory import RunPaths
from runner.record.handles import find_run


def command(
    run: options.Run = "latest",
    speed: Annotated[
        float | None,
        typer.Option(metavar="X", help="Speed relative to the run; without it, events are shown at once."),
    ] = None,
    progress: options.ProgressOption = "auto",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Show a run again on stderr as it was shown when it ran, from its record."""
    from runner.lookback.replay import replay
    from runner.sinks.console import make_console_sink

    if speed is not None and not 0 < speed < float("inf"):
        fail(f"--speed is how many times as fast, above 0, got {speed:g}", ["--speed 10"])
    with refusing():
        events = RunPaths(find_run(run)).events
    console = make_console_sink(progress, quiet=quiet, color=color, stderr=sys.stderr)
    try:
        with refusing():
            replay(events, console, speed)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    finally:
        console.close()
