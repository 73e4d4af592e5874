"""The range test's rates, its smoothing, where it stops, and several tests as one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.lr_find.sweep import Sweep, band, growing_rates, median_sweep, memory, smooth, sweep_of

RATES = growing_rates(1e-6, 10.0, 100)
TENTH = 10


def rising(at: int, factor: float) -> np.ndarray:
    """One, and from a step on ``factor``."""
    return np.where(np.arange(100) < at, 1.0, factor)


def test_rates_grow_by_one_factor_between_exact_ends() -> None:
    rates = growing_rates(1e-5, 1.0, 51)
    assert (rates[0], rates[-1]) == (1e-5, 1.0)
    np.testing.assert_allclose(rates[1:] / rates[:-1], 10**0.1, rtol=1e-12)


@given(st.floats(1e-9, 1e-2), st.floats(1.01, 1e8), st.integers(20, 2000))
def test_rates_have_exact_ends_and_always_grow(low: float, factor: float, steps: int) -> None:
    high = low * factor
    rates = growing_rates(low, high, steps)
    assert (rates[0], rates[-1], len(rates)) == (low, high, steps)
    assert (np.diff(rates) > 0).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0.0, 1.0, 100), "min_lr must be a finite number above zero; received 0.0"),
        ((1e-3, float("nan"), 100), "max_lr must be a finite number above zero; received nan"),
        ((1.0, 0.1, 100), "max_lr must be above min_lr 1.0; received 0.1"),
        ((1e-3, 1.0, 19), "steps must be at least 20; received 19"),
    ],
)
def test_rates_that_cannot_be_are_refused(arguments: tuple[float, float, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        growing_rates(*arguments)


def test_smoothing_is_a_weighted_mean_of_the_losses_so_far() -> None:
    losses = np.array([3.0, 1.0, 4.0, 1.0, 5.0])
    weights = np.array([0.8**4, 0.8**3, 0.8**2, 0.8, 1.0])
    smoothed = smooth(losses, 0.8)
    assert smoothed[0] == pytest.approx(3.0, rel=1e-15)
    assert smoothed[-1] == pytest.approx(losses @ weights / weights.sum(), rel=1e-14)


def test_a_batch_counts_by_its_examples() -> None:
    losses, shares = np.array([3.0, 1.0, 4.0, 1.0, 5.0]), np.array([1.0, 1.0, 0.25, 1.0, 0.5])
    powers = 0.8 ** np.arange(4, -1, -1) * shares
    assert smooth(losses, 0.8, shares)[-1] == pytest.approx(losses @ powers / powers.sum(), rel=1e-14)
    assert smooth(losses, 0.8, shares)[0] == pytest.approx(3.0, rel=1e-15)


def test_a_batch_of_no_weight_moves_nothing() -> None:
    losses, shares = np.array([3.0, 1.0, 400.0, 1.0]), np.array([1.0, 1.0, 1e-12, 1.0])
    assert smooth(losses, 0.5, shares)[2] == pytest.approx(smooth(losses[:2], 0.5)[1], rel=1e-9)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=60), st.floats(0.1, 0.99))
def test_smoothing_stays_within_the_losses_so_far(losses: list[float], beta: float) -> None:
    smoothed = smooth(losses, beta)
    for t, value in enumerate(smoothed):
        assert min(losses[: t + 1]) - 1e-9 <= value <= max(losses[: t + 1]) + 1e-9


def test_the_memory_is_a_share_of_the_test() -> None:
    assert [memory(steps) / (1 - memory(steps)) for steps in (20, 30, 300)] == pytest.approx([1, 1, 10])


def test_a_loss_that_stays_is_counted_to_the_end() -> None:
    sweep = sweep_of(RATES, rising(60, 1.0))
    assert (len(sweep.loss), sweep.stopped, sweep.steps) == (100, None, 100)


def test_a_test_stops_at_the_first_smoothed_loss_above_four_times_the_best() -> None:
    sweep = sweep_of(RATES, rising(60, 20.0))
    everything = smooth(rising(60, 20.0), memory(100))
    first = int(np.flatnonzero(everything > 4)[0])
    assert first == 60
    assert (len(sweep.loss), sweep.stopped) == (first + 1, "diverging")
    assert (len(sweep.learning_rate), len(sweep.smoothed)) == (first + 1, first + 1)


def test_a_loss_that_grows_fourfold_does_not_stop() -> None:
    assert sweep_of(RATES, rising(60, 4.0)).stopped is None


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_loss_that_is_not_finite_and_all_after_it_do_not_count(bad: float) -> None:
    losses = rising(100, 1.0)
    losses[[40, 41]] = bad, 0.5
    sweep = sweep_of(RATES, losses)
    assert (len(sweep.loss), sweep.stopped) == (40, "not finite")


def test_divergence_before_a_loss_that_is_not_finite_is_what_stops() -> None:
    losses = rising(50, 50.0)
    losses[80:] = np.nan
    sweep = sweep_of(RATES, losses)
    assert (len(sweep.loss), sweep.stopped) == (51, "diverging")


def test_one_small_batch_at_the_start_stops_nothing() -> None:
    losses = rising(1, 10.0)
    assert sweep_of(RATES, losses).stopped is None
    losses[:TENTH] = 1.0
    assert sweep_of(RATES, losses).stopped is None


@pytest.mark.parametrize("made", [0, 1, 30, 65])
def test_a_test_under_way_is_judged_as_the_whole_one_will_be(made: int) -> None:
    losses = rising(60, 20.0)
    part, whole = sweep_of(RATES, losses[:made]), sweep_of(RATES, losses)
    count = min(made, len(whole.loss))
    assert len(part.loss) == count
    np.testing.assert_array_equal(part.smoothed, whole.smoothed[:count])


def sweeps(*losses: np.ndarray) -> list[Sweep]:
    return [sweep_of(RATES, values) for values in losses]


def test_the_median_of_one_sweep_is_the_sweep() -> None:
    (one,) = sweeps(rising(60, 20.0))
    median = median_sweep(RATES, [one])
    assert median.stopped == one.stopped
    np.testing.assert_array_equal(median.loss, one.loss)


def test_the_median_goes_on_while_more_than_half_of_the_sweeps_do() -> None:
    early, middle, late = rising(30, 20.0), rising(60, 20.0), rising(90, 20.0)
    median = median_sweep(RATES, sweeps(early, middle, late))
    assert (len(median.loss), median.stopped) == (61, "diverging")


def test_the_median_ends_where_half_of_the_sweeps_are_not_finite() -> None:
    losses = rising(100, 1.0)
    broken = np.where(np.arange(100) < 50, 1.0, np.nan)
    median = median_sweep(RATES, sweeps(broken, broken, losses))
    assert (len(median.loss), median.stopped) == (50, "not finite")


def test_the_band_spans_the_sweeps_that_have_come_so_far() -> None:
    early, late = rising(30, 20.0), rising(100, 1.0) * 3
    low, high = band(sweeps(early, late), 40)
    np.testing.assert_allclose(low[:30], 1.0)
    np.testing.assert_allclose(high[:30], 3.0)
    np.testing.assert_allclose([low[31:], high[31:]], 3.0)
