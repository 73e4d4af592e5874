"""``recipe watch``."""

import sys

import typer

from runner.cli import options
from runner.cli.looking import refusing
from runner.record.handles import find_run
from runner.text import argument


def command(
    run: options.Run = "latest",
    progress: options.ProgressOption = "auto",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Follow a run that trains elsewhere, such as in another terminal, on stderr, until it ends.

    It reads the record and changes nothing; Ctrl-C ends the watching, not the run. Exit code: that of the run; 1 if its
    process was killed.
    """
    from runner.cli.training import EXIT
    from runner.lookback.watch import watch
    from runner.record.earlier_events import events_before
    from runner.sinks.console import make_console_sink

    with refusing():
        directory = find_run(run)
    console = make_console_sink(progress, quiet=quiet, color=color, stderr=sys.stderr, past=events_before)
    try:
        with refusing():
            ended = watch(directory, console)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    finally:
        console.close()
    if ended is None:
        resume = f"recipe resume {argument(directory)}"
        print(f"the run was killed; `{resume}` continues it", file=sys.stderr)
        raise typer.Exit(1)
    raise typer.Exit(EXIT.get(ended.status, 1))
