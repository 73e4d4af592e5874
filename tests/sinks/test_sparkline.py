"""Curves in block characters."""

from math import nan

from runner.sinks.sparkline import Curve, draw


def test_linear_bars_stand_on_zero() -> None:
    assert draw([0.25, 0.5, 1.0], 1) == ["▂▄█"]
    assert draw([0.25, 0.5, 1.0], 2) == [
        "  █",
        "▄██",
    ]


def test_logarithmic_bars_give_each_power_of_ten_the_same_height() -> None:
    assert draw([1000.0, 100.0, 10.0, 1.0], 1, logarithmic=True) == ["█▅▃▁"]


def test_what_has_not_been_yet_is_blank() -> None:
    assert draw([None, None], 2) == ["  ", "  "]
    assert draw([1.0, None], 1) == ["█ "]


def test_a_constant_curve_is_full() -> None:
    assert draw([0.01, 0.01], 1) == ["██"]
    assert draw([0.01, 0.01], 1, logarithmic=True) == ["██"]


def test_a_loss_below_zero_is_drawn_linearly() -> None:
    assert draw([-1.0, 0.0, 1.0], 1, logarithmic=True) == ["▁▄█"]


def test_points_are_means_over_equal_stretches_of_the_whole_run() -> None:
    curve = Curve(8)
    curve.add(0, [1.0, 3.0, 5.0, 7.0])
    assert curve.points(4) == [2.0, 6.0, None, None]


def test_a_short_run_is_stretched() -> None:
    curve = Curve(2)
    curve.add(0, [1.0, 2.0])
    assert curve.points(6) == [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]


def test_a_long_run_is_kept_small() -> None:
    curve = Curve(1_000_000)
    for first in range(0, 1_000_000, 100_000):
        curve.add(first, [float(first)] * 100_000)
    assert curve.points(10) == [100_000.0 * i for i in range(10)]


def test_values_that_are_no_numbers_leave_a_gap() -> None:
    curve = Curve(2)
    curve.add(0, [nan, 2.0])
    assert curve.points(2) == [None, 2.0]


def test_steps_beyond_the_planned_length_are_passed_over() -> None:
    curve = Curve(1)
    curve.add(0, [1.0, 2.0])
    assert curve.points(1) == [1.0]
