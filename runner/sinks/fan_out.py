"""One sink made of several."""

from collections.abc import Sequence

from runner.events import Event, Sink


def fan_out(sinks: Sequence[Sink]) -> Sink:
    """Give every event to every sink, in order.

    A sink that raises does not keep the event from the others: when the disk is full, the console still hears
    that the run ended. The first error is raised once all have been told; later ones are its notes.
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
