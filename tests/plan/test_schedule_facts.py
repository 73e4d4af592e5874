"""What a schedule's class says of its kind, held against its fields and against the curve that trains."""

import inspect
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest

from runner.curves import Shape
from runner.plan.schedules.kinds import COMPILERS
from schemas.base import Node
from schemas.findings import Path
from schemas.quantities import Duration
from schemas.schedule import CurveBase, ScheduleBase, kinds
from schemas.schedule.plateau import Plateau
from tests.plan.schedule_helpers import compiled, parsed

CURVES = {kind: cls for kind, cls in kinds().items() if issubclass(cls, CurveBase)}
RISING: dict[str, dict[str, Any]] = {
    "linear": {"initial_lr": 0.1, "final_lr": 0.2},
    "polynomial": {"initial_lr": 0.1, "final_lr": 0.2},
    "cosine": {"initial_lr": 0.1, "final_lr": 0.2},
    "piecewise": {"boundaries": ["50%"], "values": [0.1, 0.2]},
    "exponential": {"initial_lr": 0.1, "decay_every": "1 epoch", "staircase": True},
    "1cycle": {"max_lr": 0.1, "initial_lr": 0.1},
    "wsd": {"max_lr": 0.1, "initial_lr": 0.1},
    "phases": {
        "phases": [
            {"name": "a", "duration": "50%", "learning_rate": 0.1},
            {"name": "b", "duration": "50%", "learning_rate": 0.2, "jump": True},
        ]
    },
}
"""Beside the examples: schedules that rise where the example falls, or fall where it rises."""


def examples() -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, cls in CURVES.items():
        plain = {key: value for key, value in cls.example.items() if key != "warmup"}
        yield kind, {"kind": kind, **plain}
    for kind, keys in RISING.items():
        yield f"{kind} the other way", {"kind": kind, **keys}


EVERY = dict(examples())


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of a schedule's own keys, with its place."""
    if isinstance(value, Node):
        for name, field in type(value).model_fields.items():
            if name not in ScheduleBase.model_fields or name not in type(value).__mro__[1].model_fields:
                yield from leaves(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, tuple):
        for k, item in enumerate(value):
            yield from leaves(item, (*path, k))
    else:
        yield path, value


@pytest.mark.parametrize("cls", kinds().values(), ids=lambda cls: cls.__name__)
def test_a_kind_states_every_fact(cls: type[ScheduleBase]) -> None:
    assert not inspect.isabstract(cls)
    base = ScheduleBase if cls is Plateau else CurveBase
    facts = {name for one in base.__mro__ if issubclass(one, Node) for name in vars(one).get("__annotations__", {})}
    for name in facts - base.model_fields.keys() - {"model_config"}:
        assert hasattr(cls, name), name
    assert cls.rate_key in cls.model_fields
    assert cls.host_keys <= cls.model_fields.keys()


def test_every_kind_has_a_compiler() -> None:
    assert set(COMPILERS) == set(CURVES.values())


@pytest.mark.parametrize("name", EVERY)
def test_its_durations_are_all_of_its_own(name: str) -> None:
    schedule: Any = parsed(**EVERY[name])
    written = {path: value for path, value in leaves(schedule) if isinstance(value, Duration)}
    assert {length.path: length.duration for length in schedule.lengths()} == written


@pytest.mark.parametrize("cls", CURVES.values(), ids=lambda cls: cls.__name__)
def test_an_example_gives_every_kind_of_duration(cls: type[CurveBase]) -> None:
    optional = {"every"} if cls.model_fields.keys() >= {"every"} else set()
    hints = get_type_hints(cls, include_extras=False)
    durations = {name for name in cls.model_fields if Duration in (hints[name], *get_args(hints[name]))} - optional
    schedule: Any = parsed(kind=get_args(cls.model_fields["kind"].annotation)[0], **cls.example)
    assert durations <= {path for length in schedule.lengths() for path in length.path}


@pytest.mark.parametrize("name", EVERY)
def test_its_shapes_are_all_of_its_own(name: str) -> None:
    schedule: Any = parsed(**EVERY[name])
    written = {path for path, value in leaves(schedule) if path[-1] == "curve" and value in get_args(Shape)}
    assert {way.path for way in schedule.ways()} == written


@pytest.mark.parametrize("name", EVERY)
def test_its_first_rate_and_its_rise_are_those_of_the_curve(name: str) -> None:
    schedule: Any = parsed(**EVERY[name])
    rates = compiled(steps=1000, per_epoch=100, **EVERY[name]).evaluate(np.arange(1000))["learning_rate"]
    assert schedule.first_rate() == rates[0]
    assert (schedule.rise() is not None) == bool((np.diff(rates) > 0).any())


@pytest.mark.parametrize("name", EVERY)
def test_it_brings_momentum_exactly_where_it_says_so(name: str) -> None:
    schedule: Any = parsed(**EVERY[name])
    own = compiled(steps=1000, per_epoch=100, base_momentum=0.123, **EVERY[name]).tables["momentum"]
    brought = {value for row in own for value in (row.first, row.last)} - {0.123}
    least = {value.least for value in schedule.momenta()}
    assert bool(brought) == bool(least)
    assert least <= brought


@pytest.mark.parametrize("kind", CURVES)
def test_it_peaks_where_the_curve_rises_to_its_rate_and_falls_at_once(kind: str) -> None:
    schedule: Any = parsed(**EVERY[kind])
    rates = compiled(steps=1000, per_epoch=100, **EVERY[kind]).evaluate(np.arange(1000))["learning_rate"]
    top = int(rates.argmax())
    peaks = 0 < top < 999 and rates[top - 1] < rates[top] > rates[top + 1]
    assert schedule.peaks == (peaks and kind != "phases")  # a table has no one rate that is its peak
