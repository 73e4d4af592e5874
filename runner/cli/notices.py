"""What is said below a display that has been closed."""

import sys

from runner.events import Event, Sink, Stage, Warned
from runner.wrapping import labelled


def told_below(*, quiet: bool) -> Sink:
    """A sink that prints warnings on stderr, and work unless it is quiet."""

    def told(event: Event) -> None:
        if isinstance(event, Warned):
            print(labelled("warning", event.message, sys.stderr), file=sys.stderr)
        elif isinstance(event, Stage) and not quiet:
            print(labelled(event.stage, event.message, sys.stderr), file=sys.stderr)

    return told
