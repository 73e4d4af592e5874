"""A tracker that fails is said once, and is then left alone: the record is ``events.jsonl``."""

from collections.abc import Callable

from runner.errors import RecipeError
from runner.events import Event, Sink


class Lenient:
    """Passes events on until the tracker fails.

    Args:
        tracker: the sink.
        name: of the tracker, for the message.
        warn: hears why the tracker gets no further events.
    """

    def __init__(self, tracker: Sink, name: str, warn: Callable[[str], None]) -> None:
        self._tracker, self._name, self._warn = tracker, name, warn
        self._gone = False

    def __call__(self, event: Event) -> None:
        """Pass on the event."""
        if self._gone:
            return
        try:
            self._tracker(event)
        except (OSError, RecipeError) as error:
            self._gone = True  # before the warning, which is an event, too
            reason = getattr(error, "strerror", None) or str(error)
            self._warn(f"tracking: {self._name} gets nothing more of this run: {reason}; `recipe track` sends it later")
