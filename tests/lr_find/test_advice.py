"""What is suggested, and when nothing is."""

import numpy as np
import pytest

from runner.lr_find.advice import Advice, advise, rounded
from runner.lr_find.sweep import growing_rates, sweep_of

LOW, HIGH = 1e-6, 10.0
LEVEL, LEAST = 2.3, 0.3


def curve(turn: float, steps: int = 300, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    """A plateau, a fall over two decades to its least at ``turn``, then up by a decade's worth every step."""
    rates = growing_rates(LOW, HIGH, steps)
    way = np.clip(np.log10(rates / turn) / 2 + 1, 0, 1)
    losses = LEVEL - (LEVEL - LEAST) * way + np.where(rates > turn, (rates / turn) ** 2 - 1, 0)
    return losses + noise * np.random.default_rng(seed).normal(size=steps)


def advice(losses: np.ndarray, *, peak: bool = False) -> Advice:
    return advise(sweep_of(growing_rates(LOW, HIGH, len(losses)), losses), peak=peak)


@pytest.mark.parametrize("turn", [1e-3, 1e-2, 0.1, 1.0])
@pytest.mark.parametrize("steps", [100, 300, 1000])
def test_a_tenth_of_the_turning_point_is_recommended(turn: float, steps: int) -> None:
    found = advice(curve(turn, steps))
    assert found.rule == "minimum/10"
    assert found.learning_rate is not None
    # The smoothed loss lags by a thirtieth of the seven decades.
    assert turn / 10 <= found.learning_rate <= turn / 10 * 2


def test_a_cycle_may_peak_at_a_third_of_it() -> None:
    low, high = advice(curve(0.1)), advice(curve(0.1), peak=True)
    assert high.rule == "minimum/3"
    assert low.learning_rate is not None
    assert high.learning_rate == pytest.approx(low.learning_rate * 10 / 3)


def test_the_rules_point_into_the_fall() -> None:
    found = advice(curve(0.1, noise=0.05))
    assert found.marks is not None
    assert 1e-3 < found.marks.valley < found.marks.minimum
    assert 1e-3 < found.marks.steepest < found.marks.minimum
    assert list(found.rules) == ["steepest", "valley", "minimum/10", "minimum/3", "minimum"]
    assert found.rules["minimum/10"] == found.learning_rate


def test_the_steepest_fall_is_found_where_it_is() -> None:
    rates = growing_rates(LOW, HIGH, 300)
    losses = curve(1.0)
    losses[rates > 0.05] -= 0.5 * np.clip((np.log10(rates[rates > 0.05] / 0.05)) / 0.2, 0, 1)
    found = advice(losses)
    assert found.marks is not None
    assert 0.05 < found.marks.steepest < 0.05 * 10**0.4


def test_noise_on_the_plateau_does_not_pull_the_valley_there() -> None:
    marks = [advice(curve(0.1, noise=0.1, seed=seed)).marks for seed in range(10)]
    assert all(found is not None and found.valley > 1e-3 for found in marks)


@pytest.mark.parametrize("steps", [50, 100, 300])
def test_chance_alone_suggests_something_once_in_a_hundred_at_most(steps: int) -> None:
    plain = (LEVEL + 0.3 * np.random.default_rng(seed).normal(size=steps) for seed in range(500))
    assert sum(advice(losses).learning_rate is not None for losses in plain) <= 5


@pytest.mark.parametrize("seed", range(5))
def test_a_small_fall_in_much_noise_is_called_noisy(seed: int) -> None:
    losses = np.random.default_rng(seed).exponential(size=100)
    found = advice(losses)
    assert found.learning_rate is None
    assert found.reason.startswith(("too noisy", "the loss never falls"))


def test_a_small_fall_is_called_flat_with_its_size() -> None:
    losses = LEVEL - (LEVEL - curve(0.1)) * 0.04
    assert advice(losses).reason == "too flat: the loss falls by only 3.1%, from 2.3 to 2.23"


def test_a_loss_that_only_rises_is_called_so() -> None:
    assert advice(np.linspace(2.0, 3.0, 100)).reason == "the loss never falls below its initial value of 2.05"


def test_a_loss_that_is_still_falling_asks_for_larger_rates() -> None:
    found = advice(np.linspace(2.3, 1.0, 100))
    assert found.learning_rate is None
    assert found.reason == "the loss does not rise again up to 10: try a larger max_lr"


def test_a_loss_that_stays_low_asks_for_larger_rates() -> None:
    losses = curve(0.1)
    losses = np.where(growing_rates(LOW, HIGH, 300) > 0.1, LEAST, losses)
    assert advice(losses).reason.endswith("try a larger max_lr")


def test_a_turn_too_near_to_the_least_rate_asks_for_smaller_ones() -> None:
    rates = growing_rates(0.02, 10.0, 100)
    losses = np.where(rates < 0.1, 2.3 - np.log10(rates / 0.02), 1.6 + rates)
    found = advise(sweep_of(rates, losses))
    assert found.learning_rate is None
    assert found.reason.endswith("start with a smaller min_lr")


@pytest.mark.parametrize(("made", "shown"), [(0, "after 0 of 100 steps"), (14, "after 14 of 100 steps, at a ")])
def test_a_test_that_ends_at_once_is_called_too_short(made: int, shown: str) -> None:
    found = advice(np.where(np.arange(100) < made, 2.3, np.nan))
    assert found.learning_rate is None
    assert found.rules == {}
    assert found.reason.startswith("too short: the loss was not finite")
    assert shown in found.reason


@pytest.mark.parametrize(("chance", "value"), [(slice(0, 1), 0.0), (slice(95, 97), -2.0)])
def test_the_minimum_is_neither_in_the_first_tenth_nor_among_the_last_five(chance: slice, value: float) -> None:
    losses = np.minimum(curve(0.1, 100), 1.0 + (growing_rates(LOW, HIGH, 100) < 0.1) * LEVEL)
    plain = advice(losses)
    losses[chance] = value
    moved = advice(losses)
    assert moved.learning_rate is not None
    assert moved.learning_rate == plain.learning_rate


def test_a_tail_of_two_examples_moves_neither_the_minimum_nor_the_noise() -> None:
    steps, epoch = 300, 25
    clean = curve(turn=0.1, steps=steps)
    tails, tail = np.arange(steps) % epoch == epoch - 1, 2 / 64
    losses = np.where(tails, clean + np.where(np.arange(steps) % (2 * epoch) == epoch - 1, -20.0, 20.0), clean)
    rates = growing_rates(LOW, HIGH, steps)
    whole, weighed = sweep_of(rates, losses), sweep_of(rates, losses, np.where(tails, tail, 1.0))
    smooth_minimum = advise(sweep_of(rates, clean)).marks
    assert smooth_minimum is not None
    found, misled = advise(weighed).marks, advise(whole).marks
    assert found is not None
    assert found.minimum == pytest.approx(smooth_minimum.minimum, rel=0.5)
    assert misled is None or misled.minimum != pytest.approx(smooth_minimum.minimum, rel=0.5)


def test_a_suggestion_has_two_digits() -> None:
    assert [rounded(rate) for rate in (0.06458, 1.2345e-5, 3.0, None)] == [0.065, 1.2e-5, 3.0, None]
