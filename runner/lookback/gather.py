"""Runs by what a person types."""

from collections.abc import Sequence

from runner.lookback.recorded_run import Past, read_past
from runner.record.handles import find_run


def pasts(texts: Sequence[str]) -> list[Past]:
    """The runs of these handles, in this order.

    Raises:
        RunError: there is no such run, several fit, or its record cannot be used.
        OSError: a file cannot be read.
    """
    return [read_past(find_run(text)) for text in texts]
