"""Speed and time left."""

import pytest

from runner.events import Steps
from runner.sinks.remaining_time import ThroughputMeter
from tests.sinks.script import ended


def steps(count: int, seconds: float, *, compiled: bool = False) -> Steps:
    return Steps(
        first_step=0,
        epoch=0,
        learning_rate=(0.1,) * count,
        momentum=None,
        loss=(1.0,) * count,
        examples=count * 10,
        seconds=seconds,
        compiled=compiled,
    )


def test_nothing_is_promised_before_the_first_call_without_compiling() -> None:
    pace = ThroughputMeter()
    pace.add_steps(steps(10, 30.0, compiled=True))
    assert pace.examples_per_second is None
    assert pace.remaining(100, 1) is None


def test_compiling_does_not_count() -> None:
    pace = ThroughputMeter()
    pace.add_steps(steps(10, 30.0, compiled=True))
    pace.add_steps(steps(10, 1.0))
    assert pace.examples_per_second == pytest.approx(100)
    assert pace.remaining(50, 0) == pytest.approx(5.0)


def test_the_speed_follows_a_change_with_a_half_life_of_five_seconds() -> None:
    pace = ThroughputMeter()
    pace.add_steps(steps(100, 5.0))
    pace.add_steps(steps(200, 5.0))
    assert pace.examples_per_second == pytest.approx((1000 / 2 + 2000) / (5 / 2 + 5))


def test_evaluation_is_counted_from_the_second_epoch_on() -> None:
    pace = ThroughputMeter()
    pace.add_steps(steps(10, 1.0))
    pace.add_epoch(ended(0, 1000, seconds=9.0))
    assert pace.remaining(10, 3) == pytest.approx(1.0)
    pace.add_steps(steps(10, 1.0))
    pace.add_epoch(ended(1, 1000, seconds=1.5))
    assert pace.remaining(10, 3) == pytest.approx(1.0 + 3 * 0.5)
