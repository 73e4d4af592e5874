"""Values worked out by hand, compared exactly where they are exact in binary."""

import pytest

from runner import curves
from runner.curves import Segment
from tests.curves.helpers import at


def test_power_halves_after_s_steps_and_quarters_after_three() -> None:
    assert at(curves.power(0.5, 4), [0, 4, 12]) == [0.5, 0.25, 0.125]


def test_power_in_stairs_waits_for_the_whole_period() -> None:
    assert at(curves.power(0.5, 4, staircase=True), [3, 4, 7, 8]) == [0.5, 0.25, 0.25, 0.5 / 3]


def test_exponential_has_been_multiplied_by_r_after_every_s_steps() -> None:
    assert at(curves.exponential(1.0, 4, rate=0.25), [0, 2, 4, 8]) == [1.0, 0.5, 0.25, 0.0625]


def test_exponential_in_stairs_waits_for_the_whole_period() -> None:
    assert at(curves.exponential(1.0, 4, rate=0.25, staircase=True), [3, 4, 7, 8]) == [1.0, 0.25, 0.25, 0.0625]


def test_inverse_sqrt_in_stairs_waits_for_the_whole_period() -> None:
    assert at(curves.inverse_sqrt(1.0, 5, staircase=True), [14, 15, 19]) == [1 / 3**0.5, 0.5, 0.5]


def test_changes_every_few_steps_are_counted_from_the_start_of_the_run_and_not_of_the_schedule() -> None:
    curve = curves.exponential(1.0, 4, rate=0.25, every=4, offset=2)
    assert at(curve, [0, 1, 2, 5, 6]) == [1.0, 1.0, 0.5, 0.5, 0.125]


def test_a_piecewise_boundary_already_has_the_new_value() -> None:
    assert at(curves.piecewise([3, 5], [0.3, 0.2, 0.1]), [2, 3, 4, 5]) == [0.3, 0.2, 0.2, 0.1]


def test_linear_by_hand() -> None:
    assert at(curves.linear(1.0, 0.0, 5), range(5)) == [1.0, 0.75, 0.5, 0.25, 0.0]


def test_polynomial_by_hand() -> None:
    assert at(curves.polynomial(1.0, 0.0, 5), range(5)) == [1.0, 0.5625, 0.25, 0.0625, 0.0]


def test_inverse_sqrt_is_half_after_three_time_scales() -> None:
    assert at(curves.inverse_sqrt(0.5, 5), [0, 15, 40]) == [0.5, 0.25, 0.5 / 3]


def test_cosine_by_hand() -> None:
    assert at(curves.cosine(1.0, 0.0, 5), range(5)) == pytest.approx(
        [1.0, 0.8535533905932737, 0.5, 0.14644660940672624, 0.0], rel=1e-15
    )


def test_cosine_restarts_at_the_full_rate_and_ends_exactly() -> None:
    curve = curves.cosine_restarts(1.0, 0.125, 2, 6, t_mul=2, m_mul=0.5)
    assert at(curve, [0, 1, 2, 5]) == [1.0, 0.5625, 0.5, 0.125]


def test_cyclic_feet_and_peaks_are_exact() -> None:
    assert at(curves.cyclic(0.1, 0.3, 3), [0, 3, 6, 9, 12]) == [0.1, 0.3, 0.1, 0.3, 0.1]


def test_triangular2_halves_the_height_each_cycle() -> None:
    assert at(curves.cyclic(0.0, 1.0, 2, mode="triangular2"), range(9)) == [0, 0.5, 1, 0.5, 0, 0.25, 0.5, 0.25, 0]


def test_exp_range_shrinks_with_every_step() -> None:
    assert at(curves.cyclic(0.0, 1.0, 2, mode="exp_range", gamma=0.5), range(7)) == [
        0,
        0.25,
        0.25,
        0.0625,
        0,
        2**-6,
        2**-6,
    ]


def test_wsd_by_hand() -> None:
    curve = curves.segments(curves.wsd(0.0, 1.0, 0.0, (2, 4), 7))
    assert at(curve, range(7)) == [0.0, 0.5, 1.0, 1.0, 1.0, 0.5, 0.0]


def test_one_cycle_by_hand() -> None:
    table = curves.one_cycle(0.25, 1.25, 0.125, (4, 8), 10, shapes=("linear", "linear", "linear"))
    expected = [0.25, 0.5, 0.75, 1.0, 1.25, 1.0, 0.75, 0.5, 0.25, 0.125]
    assert at(curves.segments(table), range(10)) == expected


def test_one_cycle_momentum_moves_the_other_way_and_stays_high_at_the_end() -> None:
    table = curves.one_cycle_momentum(0.75, 0.25, (2, 4), 6, shapes=("linear", "linear", "linear"))
    assert at(curves.segments(table), range(6)) == [0.75, 0.5, 0.25, 0.5, 0.75, 0.75]


def test_shapes_by_hand_at_a_quarter_and_half_way() -> None:
    quarter = {shape: curves.segments([Segment(0, 5, 1.0, 16.0, shape)]) for shape in ("linear", "exponential")}
    assert at(quarter["linear"], [1, 2]) == [4.75, 8.5]
    assert at(quarter["exponential"], [1, 2]) == [2.0, 4.0]


def test_a_warmup_leads_to_the_first_value_of_what_follows() -> None:
    curve = curves.warmup(curves.piecewise([2], [1.0, 0.5]), 4)
    assert at(curve, range(8)) == [0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 0.5, 0.5]


def test_the_plateau_floor_holds_back_cuts_but_not_the_base() -> None:
    base = curves.piecewise([1, 2], [1.0, 0.5, 0.125])
    assert at(curves.scaled(base, 0.25, 0.25), range(3)) == [0.25, 0.25, 0.125]


def test_the_textbook_power_schedule_of_the_source() -> None:
    curve = curves.power(0.01, 10_000)
    assert at(curve, [0, 10_000, 20_000, 30_000]) == pytest.approx([0.01, 0.005, 0.01 / 3, 0.0025], rel=1e-15)
