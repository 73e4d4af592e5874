"""The plateau's decisions against a plain statement of Keras' rule, and what a checkpoint keeps."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.curves import PlateauRule, PlateauState


class KerasRule:
    """ReduceLROnPlateau's bookkeeping on a learning rate of its own."""

    def __init__(self, rule: PlateauRule, learning_rate: float) -> None:
        self.rule = rule
        self.learning_rate = learning_rate
        self.best = math.inf if rule.mode == "min" else -math.inf
        self.wait = 0
        self.resting = 0

    def end_epoch(self, value: float) -> bool:
        """Whether this epoch's value cuts the learning rate."""
        if self.resting > 0:
            self.resting -= 1
            self.wait = 0
        delta = self.rule.min_delta
        better = value < self.best - delta if self.rule.mode == "min" else value > self.best + delta
        if better:
            self.best = value
            self.wait = 0
            return False
        if self.resting > 0:
            return False
        self.wait += 1
        if self.wait < self.rule.patience or np.float32(self.learning_rate) <= np.float32(self.rule.min_lr):
            return False
        self.learning_rate = max(self.learning_rate * self.rule.factor, self.rule.min_lr)
        self.resting = self.rule.cooldown
        self.wait = 0
        return True


RULES = st.builds(
    PlateauRule,
    monitor=st.just("val_loss"),
    mode=st.sampled_from(["min", "max"]),
    factor=st.sampled_from([0.1, 0.5, 0.9]),
    patience=st.integers(1, 4),
    min_delta=st.sampled_from([0.0, 1e-4, 0.25]),
    cooldown=st.integers(0, 3),
    min_lr=st.sampled_from([0.0, 0.01, 0.04, 0.1, 0.2]),
)
# Few distinct values, so that long waits, ties and changes of exactly min_delta are common.
MONITORED = st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0, 1.25, math.nan]), max_size=60)


@given(RULES, MONITORED)
def test_cuts_in_the_same_epochs_and_to_the_same_rates_as_keras(rule: PlateauRule, values: list[float]) -> None:
    keras, state, learning_rate = KerasRule(rule, 0.1), PlateauState(), 0.1
    for value in values:
        decision = state.update(rule, value, learning_rate)
        state = decision.state
        assert decision.cut is keras.end_epoch(value)
        learning_rate = max(decision.scale * 0.1, min(0.1, rule.min_lr))
        assert learning_rate == pytest.approx(keras.learning_rate, rel=1e-12)
        assert state.wait == keras.wait
        assert state.cooldown == keras.resting


@given(RULES, MONITORED)
def test_a_state_read_back_from_json_decides_the_same(rule: PlateauRule, values: list[float]) -> None:
    straight = resumed = PlateauState()
    for value in values:
        resumed = PlateauState.from_dict(json.loads(json.dumps(resumed.to_dict(), allow_nan=False)))
        straight, resumed = (state.update(rule, value, 0.1).state for state in (straight, resumed))
        assert straight == resumed


def _feed(rule: PlateauRule, values: list[float]) -> tuple[list[bool], PlateauState]:
    state, cuts = PlateauState(), []
    for value in values:
        decision = state.update(rule, value, 0.1)
        cuts.append(decision.cut)
        state = decision.state
    return cuts, state


def test_cuts_when_wait_reaches_patience_and_starts_counting_again() -> None:
    cuts, _ = _feed(PlateauRule("val_loss", "min", patience=2), [1, 1, 1, 1, 1])
    assert cuts == [False, False, True, False, True]


def test_a_cooldown_of_two_leaves_one_epoch_uncounted_because_it_is_shortened_first() -> None:
    cuts, _ = _feed(PlateauRule("val_loss", "min", patience=1, cooldown=2), [1, 1, 1, 1, 1])
    assert cuts == [False, True, False, True, False]


def test_a_change_of_exactly_min_delta_is_no_improvement() -> None:
    _, state = _feed(PlateauRule("val_loss", "min", min_delta=0.25), [1.0, 0.75])
    assert (state.best, state.wait) == (1.0, 1)


def test_more_is_better_with_mode_max() -> None:
    _, state = _feed(PlateauRule("val_accuracy", "max", min_delta=0.0), [0.5, 0.6, 0.55])
    assert (state.best, state.wait) == (0.6, 1)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("mode", ["min", "max"])
def test_a_value_that_is_not_finite_never_improves(value: float, mode: str) -> None:
    _, state = _feed(PlateauRule("val_loss", mode), [value, value])  # type: ignore[arg-type]
    assert (state.best, state.wait) == (None, 2)


def test_nothing_is_cut_at_the_floor_as_float32_sees_it() -> None:
    rule = PlateauRule("val_loss", "min", patience=1, min_lr=0.1)
    waiting = PlateauState(best=1.0)
    assert not waiting.update(rule, 1.0, float(np.float32(0.1))).cut
    assert waiting.update(rule, 1.0, 0.11).cut


def test_a_decision_says_why() -> None:
    state = PlateauState(scale=0.5, best=0.25, wait=2)
    decision = state.update(PlateauRule("val_loss", "min", patience=3), 0.5, 0.1)
    assert (decision.cut, decision.improved) == (True, False)
    assert (decision.value, decision.best, decision.wait, decision.scale) == (0.5, 0.25, 3, 0.25)


def test_updating_leaves_the_state_as_it_was() -> None:
    state = PlateauState(best=1.0)
    state.update(PlateauRule("val_loss", "min", patience=1), 2.0, 0.1)
    assert state == PlateauState(best=1.0)
