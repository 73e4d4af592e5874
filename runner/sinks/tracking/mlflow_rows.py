"""Values of a run as MLflow has them, by the steps that its server gets."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from posixpath import normpath

from runner.events import Event, Steps
from runner.sinks.tracking.mlflow_client import Metric

_ODD = re.compile(r"[^\w\-. :/]")
_LONGEST = 250
"""Characters of a name that MLflow takes."""


class StepRows:
    """Rows of every n-th step, counted from the start of the run, and of the last one.

    Args:
        interval: n.
    """

    def __init__(self, interval: int) -> None:
        self._interval = interval
        self._last: list[Metric] = []

    def of(self, event: Steps) -> list[Metric]:
        """Those that are sent of a compiled call."""
        used = {"loss": event.loss, **event.hyperparameters}
        count, first = len(event.loss), -event.first_step % self._interval

        def row(place: int) -> list[Metric]:
            return rows("step", ((name, each[place]) for name, each in used.items()), event, event.first_step + place)

        sent = range(first, count, self._interval)
        self._last = row(count - 1) if count - 1 not in sent else []
        return [metric for place in sent for metric in row(place)]

    def last(self) -> Sequence[Metric]:
        """Those of the last step, where it is none of these."""
        found, self._last = self._last, []
        return found


def rows(group: str, values: Iterable[tuple[str, float | None]], event: Event, step: int) -> list[Metric]:
    """One for each value, by the names that MLflow takes."""
    when = round(event.time * 1000)
    return [
        (fitting(f"{group}/{name}"), float("nan") if value is None else value, when, step) for name, value in values
    ]


def as_texts(parameters: Mapping[str, object]) -> dict[str, str]:
    """Parameters as MLflow has them: texts, by the names that it takes."""
    return {fitting(name): str(value) for name, value in parameters.items()}


@cache
def fitting(name: str) -> str:
    """A name that MLflow takes: ``_`` for other characters, and no slashes where it is no plain path.

    >>> fitting("final/it's"), fitting("final/größe"), fitting("data.columns.a/../b")
    ('final/it_s', 'final/größe', 'data.columns.a_.._b')
    """
    found = _ODD.sub("_", name)[:_LONGEST]
    return found if normpath(found) == found else found.replace("/", "_")
