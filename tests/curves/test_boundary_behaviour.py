"""Before the start, after the end, runs and phases of one step, and the shapes of arrays."""

import numpy as np
import pytest

from runner import curves
from runner.curves import Curve, Segment
from tests.curves.helpers import at

ENDING: dict[str, tuple[Curve, float, float]] = {
    "linear": (curves.linear(0.1, 0.03, 20), 0.1, 0.03),
    "polynomial": (curves.polynomial(0.1, 0.03, 20, exponent=3.3), 0.1, 0.03),
    "cosine": (curves.cosine(0.1, 0.03, 20), 0.1, 0.03),
    "cosine_restarts": (curves.cosine_restarts(0.1, 0.03, 20, 20), 0.1, 0.03),
    "wsd": (curves.segments(curves.wsd(0.1, 0.7, 0.03, (3, 9), 20, shape="exponential")), 0.1, 0.03),
    "1cycle": (
        curves.segments(curves.one_cycle(0.1, 0.7, 0.03, (9, 18), 20, shapes=("cosine", "linear", "exponential"))),
        0.1,
        0.03,
    ),
}
GOING_ON: dict[str, tuple[Curve, float]] = {
    "constant": (curves.constant(0.1), 0.1),
    "power": (curves.power(0.1, 3), 0.1),
    "exponential": (curves.exponential(0.1, 3), 0.1),
    "piecewise": (curves.piecewise([4], [0.1, 0.2]), 0.1),
    "inverse_sqrt": (curves.inverse_sqrt(0.1, 3), 0.1),
    "cyclic": (curves.cyclic(0.1, 0.2, 3), 0.1),
    "warmup": (curves.warmup(curves.constant(0.7), 3, first=0.1), 0.1),
}


@pytest.mark.parametrize("kind", ENDING)
def test_first_and_last_value_are_exact_and_kept_outside_the_run(kind: str) -> None:
    curve, first, last = ENDING[kind]
    assert at(curve, [-(10**9), -1, 0]) == [first] * 3
    assert at(curve, [19, 20, 10**12]) == [last] * 3


@pytest.mark.parametrize("kind", GOING_ON)
def test_before_the_start_the_first_value_holds(kind: str) -> None:
    curve, first = GOING_ON[kind]
    assert at(curve, [-(10**9), -1, 0]) == [first] * 3


def test_a_run_of_one_step_has_the_end_value() -> None:
    assert at(curves.linear(0.1, 0.03, 1), [0]) == [0.03]
    assert at(curves.polynomial(0.1, 0.03, 1), [0]) == [0.03]
    assert at(curves.cosine(0.1, 0.03, 1), [0]) == [0.03]
    assert at(curves.cosine_restarts(0.1, 0.03, 1, 1), [0]) == [0.03]


def test_a_last_phase_of_one_step_shows_its_last_value() -> None:
    assert at(curves.segments([Segment(0, 2, 0.1, 0.2), Segment(2, 3, 0.2, 0.3)]), range(3)) == [
        0.1,
        0.15000000000000002,
        0.3,
    ]


def test_a_restarting_period_cut_short_by_the_end_does_not_hurry() -> None:
    whole, cut = (curves.cosine_restarts(1.0, 0.0, 8, total, t_mul=1) for total in (17, 12))
    assert at(whole, range(8, 12)) == at(cut, range(8, 12))


def test_a_constant_phase_may_be_zero_in_any_shape() -> None:
    assert at(curves.segments([Segment(0, 3, 0.0, 0.0, "exponential")]), range(3)) == [0.0, 0.0, 0.0]


def test_a_phase_between_equal_values_is_bit_for_bit_constant() -> None:
    table = [Segment(0, 1000, 0.95, 0.95, "cosine"), Segment(1000, 1001, 0.95, 0.95)]
    assert set(at(curves.segments(table), range(1001))) == {0.95}


@pytest.mark.parametrize("curve", [curve for curve, *_ in (*ENDING.values(), *GOING_ON.values())])
def test_values_come_in_float64_and_in_the_shape_of_the_steps(curve: Curve) -> None:
    steps = np.arange(12, dtype=np.int64).reshape(3, 4)
    assert curve(steps).dtype == np.float64
    assert curve(steps).tolist() == curve(steps.ravel()).reshape(3, 4).tolist()
    assert curve(steps[:0]).shape == (0, 4)


def test_period_starts_are_rounded_sums_with_halves_upwards() -> None:
    assert curves.period_start(np.arange(5), 2.5, 1.0).tolist() == [0, 3, 5, 8, 10]
    assert curves.period_start(np.arange(5), 1.1, 2.0).tolist() == [0, 1, 3, 8, 17]
