"""What is wrong, or doubtful, about a schedule once the run's length is known."""

from dataclasses import dataclass, replace

Path = tuple[str | int, ...]
"""Keys from the schedule down to the place in question."""


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
