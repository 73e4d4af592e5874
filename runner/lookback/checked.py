"""The events of a file that anybody may have written: each held to the types of its fields before it is looked at."""

import json
import os
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from runner.errors import EventsCorrupt
from runner.events import EVENTS, Event, RunEnded, Steps
from runner.lookback.json_values import Unfit, shown
from runner.lookback.regular import open_regular
from runner.text import printable

_GREATEST = 1 << 53
"""Whole numbers beyond are no counts, and no floats either."""
LONGEST = 1 << 24
"""Bytes of a line; the longest that a run writes are the steps of one compiled call."""


def checked_events(path: Path) -> Iterator[Event]:
    """Yield the events of a file; a torn last line and events of later versions are passed over.

    Raises:
        OSError: the file cannot be read.
        EventsCorrupt: a line is not an event; the message has file and line number.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        for number, line in enumerate(iter(partial(file.readline, LONGEST + 1), b""), start=1):
            if not line.endswith(b"\n"):
                if len(line) > LONGEST:
                    raise too_long(path, number)
                return
            event = read_event(path, number, line)
            if event is not None:
                yield event


def read_event(path: Path, number: int, line: bytes) -> Event | None:
    """The event of a line; None for one of a later version.

    Args:
        path: of the file, for messages.
        number: of the line, from 1.
        line: whole.

    Raises:
        EventsCorrupt: the line is not an event.
    """
    try:
        return _event(line)
    except RecursionError as error:
        raise _corrupt(path, number, "nested too deeply") from error
    except ValueError as error:
        raise _corrupt(path, number, _words(error)) from error


def too_long(path: Path, number: int) -> EventsCorrupt:
    """The error for a line that is longer than any that a run writes."""
    return _corrupt(path, number, f"longer than {LONGEST:,} bytes")


def _event(line: bytes) -> Event | None:
    values = json.loads(line.decode("utf-8"))
    if not isinstance(values, dict):
        raise Unfit(f"an event is a JSON object, got {shown(values)}")
    name = values.get("event")
    if not isinstance(name, str) or name not in EVENTS:
        return None
    event: Event = _adapter(name).validate_python(_plain(values))
    if isinstance(event, Steps):
        _require_alike(event)
    if isinstance(event, RunEnded) and not float((event.best or {}).get("epoch", 0)).is_integer():
        raise Unfit(f"best.epoch: must be a whole number, got {shown((event.best or {})['epoch'])}")
    return event


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(EVENTS[name])


def _plain(value: Any) -> Any:
    """The value with nothing that cannot be shown: an undecodable file name leaves half of a surrogate pair behind."""
    match value:
        case str():
            return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
        case dict():
            return {_plain(key): _plain(item) for key, item in value.items()}
        case list() if value and not isinstance(value[0], float):
            return [_plain(item) for item in value]
        case int() if abs(value) > _GREATEST:
            raise Unfit(f"a number must be between -2**53 and 2**53, got {shown(value)}")
        case _:
            return value


def _require_alike(steps: Steps) -> None:
    count = len(steps.learning_rate)
    if steps.first_step < 0:
        raise Unfit(f"first_step: must not be below 0, got {steps.first_step}")
    for name in ("loss", "momentum", "weight_decay"):
        values = getattr(steps, name)
        if values is not None and len(values) != count:
            raise Unfit(f"{name}: must have as many values as learning_rate, {count:,}, got {len(values):,}")


def _words(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg'][:1].lower()}{first['msg'][1:]}, got {shown(first['input'])}"


def _corrupt(path: Path, number: int, fault: str) -> EventsCorrupt:
    return EventsCorrupt(f"{printable(str(path))}:{number}: not an event: {printable(fault)}")
