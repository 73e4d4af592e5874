"""The program from its arguments to its exit code, including failed output and signals."""

from collections.abc import Sequence

import typer

from runner import interrupts
from runner.cli.registry import app
from runner.cli.streams import OutputLost, Streams
from runner.cli.usage import UsageError, report


def perform(arguments: Sequence[str]) -> int:
    """Run the verb that the arguments name and return the exit code; does not return if a signal ended it."""
    streams = Streams()
    interrupts.unwinding()
    code = streams.settle(_performed(arguments))
    interrupts.listen()  # nothing is left to clean up; a signal during interpreter shutdown must not print a traceback
    number = interrupts.heard()
    if number is not None:  # do not wait for threads that are still running, such as downloads
        interrupts.leave(number)
    return code


def _performed(arguments: Sequence[str]) -> int:
    try:
        code = app(list(arguments), prog_name="recipe", standalone_mode=False)
    except UsageError as error:
        return report(error, arguments)
    except (OutputLost, KeyboardInterrupt):
        return 1  # replaced later: both have their own exit code
    except typer.Abort:
        return 1
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return code if isinstance(code, int) else 0
