"""Combines several sinks into one."""

from collections.abc import Sequence

from runner.events import Event, Sink


def fan_out(sinks: Sequence[Sink]) -> Sink:
    """Return a sink that passes every event to every sink, in order.

    If a sink raises, the others still get the event: when the disk is full, the console still learns that the run
    ended. The first error is raised after all sinks have been called; later errors are attached to it as notes.
    """

    def emit(event: Event) -> None:
        errors: list[Exception] = []
        for sink in sinks:
            try:
                sink(event)
            except Exception as error:
                errors.append(error)
        if errors:
            for other in errors[1:]:
                errors[0].add_note(f"another sink failed too: {type(other).__name__}: {other}")
            raise errors[0]

    return emit
