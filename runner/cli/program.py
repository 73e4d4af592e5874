"""The program from its arguments to its exit code, whatever becomes of it on the way."""

from collections.abc import Sequence

import typer

from runner import interrupts
from runner.cli.registry import app
from runner.cli.streams import OutputLost, Streams
from runner.cli.usage import UsageError, tell


def perform(arguments: Sequence[str]) -> int:
    """Do what the arguments ask for; the exit code. Does not return when a signal has ended it."""
    streams = Streams()
    interrupts.unwinding()
    code = streams.settle(_performed(arguments))
    interrupts.listen()  # nothing is left to clean up, and what the interpreter does at its end is not to be reported
    number = interrupts.heard()
    if number is not None:  # threads that still work, such as those of a download, are not waited for
        interrupts.leave(number)
    return code


def _performed(arguments: Sequence[str]) -> int:
    try:
        code = app(list(arguments), prog_name="recipe", standalone_mode=False)
    except UsageError as error:
        return tell(error, arguments)
    except (OutputLost, KeyboardInterrupt):
        return 1  # both have a code of their own in the end
    except typer.Abort:
        return 1
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return code if isinstance(code, int) else 0
