"""Tags and notes on the command line."""

from collections.abc import Sequence

from runner.cli.error_output import fail
from runner.errors import RunError
from runner.record.tags import Tags, checked_tags


def tags_given(tags: Sequence[str] | None, note: str | None) -> Tags:
    """What a new run is tagged with; leaves with 2 where that is not valid."""
    try:
        return checked_tags(tags or (), note)
    except RunError as error:
        fail(f"--{error}", error.help)
