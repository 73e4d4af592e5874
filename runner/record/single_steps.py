"""A fast reader of events with a single step: a run of a slow model has a million, and pydantic takes twice as long.

The pattern is stricter than :class:`runner.events.Steps`: everything it matches is valid, and everything else is left
to :func:`runner.events.parse`.
"""

import re
from typing import NamedTuple

_COUNT = r"(?:0|[1-9]\d{0,11})"
_SECONDS = r"(?:0|[1-9]\d{0,11})(?:\.\d{1,20})?(?:e-\d\d)?"
_NUMBER = r"(?:0|[1-9]\d{0,19})(?:\.\d{1,20})?(?:e[+-]\d\d)?"
_FIGURE = rf'"[A-Za-z0-9_]{{1,64}}":(?:-?{_NUMBER}|NaN|-?Infinity)'
_LINE = re.compile(
    rf'{{"event":"steps","time":{_SECONDS},"first_step":({_COUNT}),"epoch":({_COUNT}),'
    rf'"learning_rate":\[({_NUMBER})\],"momentum":(?:null|\[({_NUMBER})\]),'
    rf'"loss":\[(-?{_NUMBER}|NaN|-?Infinity)\],"examples":{_COUNT},"seconds":{_SECONDS},'
    rf'"compiled":(?:true|false),"skipped":{_COUNT},"weight_decay":(?:null|\[({_NUMBER})\])'
    rf'(?:,"metrics":(?:null|\{{(?:{_FIGURE}(?:,{_FIGURE}){{0,99}})?\}}))?(?:,"driven":null)?\}}\n'.encode()
)


class SingleStep(NamedTuple):
    """The values of a single step."""

    step: int
    epoch: int
    """0-based."""
    learning_rate: float
    momentum: float | None
    loss: float
    weight_decay: float | None


def single_step(line: bytes) -> SingleStep | None:
    """Parse a line with one step, as written by :meth:`runner.events.Event.to_json`; None for any other line."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    step, epoch, rate, momentum, loss, decay = found.groups()
    return SingleStep(
        int(step),
        int(epoch),
        float(rate),
        None if momentum is None else float(momentum),
        float(loss),
        None if decay is None else float(decay),
    )
