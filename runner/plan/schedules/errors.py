"""What is wrong, or doubtful, about a schedule once the run's length is known."""

from dataclasses import dataclass, replace

Path = tuple[str | int, ...]
"""Keys from the schedule down to the place in question."""


class ScheduleError(ValueError):
    """A schedule that cannot be run over the steps there are.

    Attributes:
        message: the rule and the value received.
        path: keys inside the schedule, such as ``("phases", 2, "duration")``.
        help: what to write instead; may be empty.
    """

    def __init__(self, message: str, path: Path = (), help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.help = help

    def under(self, prefix: Path) -> "ScheduleError":
        """Return the same error, seen from further out."""
        return ScheduleError(self.message, prefix + self.path, self.help)


@dataclass(frozen=True)
class ScheduleWarning:
    """Something that runs but hardly as meant."""

    message: str
    """What, and the numbers it follows from."""
    path: Path = ()
    """Keys inside the schedule."""

    def under(self, prefix: Path) -> "ScheduleWarning":
        """Return the same warning, seen from further out."""
        return replace(self, path=prefix + self.path)
