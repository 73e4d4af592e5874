"""A tracker that fails is said once, and is then left alone: the record is ``events.jsonl``."""

from runner.errors import RecipeError
from runner.events import Event, RunStarted, Sink, Warned
from runner.text import argument


class Lenient:
    """Passes events on until the tracker fails.

    Args:
        tracker: the sink.
        name: of the tracker, as ``recipe track --to`` has it.
        tell: hears why the tracker gets no further events.
    """

    def __init__(self, tracker: Sink, name: str, tell: Sink) -> None:
        self._tracker, self._name, self._tell = tracker, name, tell
        self._place = "RUN"
        self._gone = False

    def __call__(self, event: Event) -> None:
        """Pass on the event."""
        if self._gone:
            return
        if isinstance(event, RunStarted):
            self._place = event.run_dir
        try:
            self._tracker(event)
        except (OSError, RecipeError) as error:
            self._leave(getattr(error, "strerror", None) or str(error))
        except KeyboardInterrupt:  # somebody does not want to wait for the tracker any longer
            self._leave("interrupted")
            raise

    def _leave(self, reason: str) -> None:
        self._gone = True  # before the warning, which is an event, too
        options = " --output FOLDER" if self._name == "tensorboard" else ""  # its own folder has files by now
        rest = f"`recipe track {argument(self._place)} --to {self._name}{options}` sends the rest"
        self._tell(Warned(message=f"tracking: {self._name} gets nothing more of this run: {reason}; {rest}"))
