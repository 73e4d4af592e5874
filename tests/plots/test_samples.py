import numpy as np
import pytest

from runner.curves import PlateauRule, PlateauState
from runner.plots.sampled_steps import POINTS, earliest_cuts, kind_of, sample, sample_steps
from tests.plan.schedule_helpers import parsed
from tests.plots.tracks import COSINE, ONE_CYCLE, PIECEWISE, PLATEAU, track


def test_both_sides_of_every_boundary_are_sampled() -> None:
    steps = sample_steps(track(steps=10**8, per_epoch=10**6, **ONE_CYCLE))
    assert {0, 44_999_999, 45_000_000, 89_999_999, 90_000_000, 10**8 - 1} <= set(steps.tolist())
    assert len(steps) <= POINTS + 12
    assert np.all(np.diff(steps) > 0)


def test_a_momentum_table_of_its_own_is_sampled_too() -> None:
    momentum = {"phases": [{"duration": "33%", "momentum": 0.9}, {"duration": "67%", "momentum": 0.8, "jump": True}]}
    steps = sample_steps(track(steps=10**7, per_epoch=10**6, momentum=momentum, **COSINE))
    assert {3_299_999, 3_300_000} <= set(steps.tolist())


def test_samples_are_what_trains() -> None:
    drawn = track(**ONE_CYCLE)
    samples = sample(drawn)
    values = drawn.schedule.evaluate(samples.steps)
    assert np.array_equal(samples.rates, values["learning_rate"])
    assert np.array_equal(samples.momenta, values["momentum"])
    assert samples.lowest is None


@pytest.mark.parametrize("patience", [1, 2, 5])
@pytest.mark.parametrize("cooldown", [0, 1, 2, 4])
def test_earliest_cuts_are_what_the_rule_does_when_nothing_improves(patience: int, cooldown: int) -> None:
    rule = PlateauRule("val_loss", "min", factor=0.5, patience=patience, cooldown=cooldown)
    state, found = PlateauState(), []
    for epoch in range(24):
        decision = state.update(rule, 1.0, 1.0)
        state = decision.state
        if decision.cut and epoch + 1 < 24:
            found.append((epoch + 1, state.scale))
    assert earliest_cuts(rule, 24) == found


def test_the_lowest_curve_follows_the_cuts_and_keeps_to_the_floor() -> None:
    samples = sample(track(min_lr=0.003, **PLATEAU))
    assert samples.lowest is not None
    epochs = samples.steps // 430
    assert np.array_equal(samples.lowest[epochs < 3], samples.rates[epochs < 3])
    assert set(samples.lowest[(epochs >= 3) & (epochs < 5)].tolist()) == {float(np.float32(0.005))}
    assert set(samples.lowest[epochs >= 5].tolist()) == {float(np.float32(0.003))}


def test_a_plateau_without_end_is_bounded() -> None:
    cuts = earliest_cuts(PlateauRule("val_loss", "min", factor=0.5, patience=1), 10**6)
    assert len(cuts) < 50
    assert cuts[-1][1] > 0


def test_the_kind_names_base_and_warmup() -> None:
    assert kind_of(parsed(**PIECEWISE)) == "piecewise"
    assert kind_of(parsed(**COSINE)) == "cosine after a warm-up"
    assert kind_of(parsed(kind="plateau", base=COSINE)) == "plateau over cosine after a warm-up"
