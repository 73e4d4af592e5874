"""What the next trial is, and which ends early: pure functions of the trials so far."""

from pathlib import Path

import pytest
from optuna.samplers import RandomSampler, TPESampler
from optuna.trial import TrialState

from runner.sweeps.sampling import importances, suggest, verdict
from schemas.sweep import Range
from tests.sweeps.made import definition, trial

RATE, UNITS = "optimizer.learning_rate", "model.layers.0.units"


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_a_suggestion_depends_on_the_trials_so_far_alone(tmp_path: Path, sampler: str) -> None:
    of = definition(tmp_path, sampler=sampler, trials=20)
    made = []
    for number in range(14):  # beyond TPE's random start of ten
        values = suggest(of, made)
        again = suggest(of, list(made))
        assert values == again
        made.append(trial(of, number, {0: abs(float(values[RATE]) - 0.1)}, **values))
    assert suggest(of, made[:12]) == made[12].params
    assert len({str(each.params) for each in made}) > 10


def test_a_sampler_with_a_memory_would_not_do() -> None:
    """The trap: of one sampler the second question has another answer than of a fresh one."""
    assert TPESampler(seed=1)._rng.rng.random() == RandomSampler(seed=1)._rng.rng.random()
    kept = RandomSampler(seed=1)
    assert kept._rng.rng.random() != kept._rng.rng.random()


def test_tpe_follows_the_results(tmp_path: Path) -> None:
    of = definition(tmp_path, trials=60)
    made = []
    for number in range(40):
        values = suggest(of, made)
        made.append(trial(of, number, {0: abs(float(values[RATE]) - 0.05)}, **values))
    late = [abs(float(each.params[RATE]) - 0.05) for each in made[30:]]
    early = [abs(float(each.params[RATE]) - 0.05) for each in made[:10]]
    assert sorted(late)[5] < sorted(early)[5]


def test_a_grid_has_each_combination_once(tmp_path: Path) -> None:
    of = definition(tmp_path, sampler="grid", trials=None, rate="{log: [1e-3, 0.1], points: 3}")
    found = [of.combination(number) for number in range(of.sweep.planned)]
    assert [(each[RATE], each[UNITS]) for each in found] == [
        (rate, units) for rate in (0.001, 0.01, 0.1) for units in (4, 8, 12, 16)
    ]
    assert suggest(of, [trial(of, k, {0: 1.0}) for k in range(5)]) == found[5]


def test_values_stay_in_their_range_and_read_well() -> None:
    each = Range(log=(1e-3, 0.1234567891))
    assert each.rounded(0.05123456789) == 0.0512346
    assert each.rounded(0.12345678) == 0.1234567891  # 0.123457 is beyond the end
    assert Range(int=(4, 15), step=4).values() == (4, 8, 12)


def test_the_median_ends_what_is_worse(tmp_path: Path) -> None:
    of = definition(tmp_path, pruner="median", trials=9)
    others = [trial(of, k, {0: 0.5, 1: 0.4}) for k in range(5)]
    mine = trial(of, 5, {0: 0.9, 1: 0.1}, TrialState.RUNNING)
    assert verdict(of, 3, [*others, mine], 5, {0: 0.9})[0]
    assert not verdict(of, 3, [*others, mine], 5, {0: 0.3})[0]
    assert not verdict(of, 3, [*others[:4], mine], 4, {0: 0.9})[0]  # the first five trials are never judged


def test_a_verdict_after_a_kill_does_not_know_the_epochs_that_were_lost(tmp_path: Path) -> None:
    """The journal has epoch 1 of the session that was killed; the run goes on from epoch 0."""
    of = definition(tmp_path, pruner="median", trials=9)
    others = [trial(of, k, {0: 0.5, 1: 0.4}) for k in range(5)]
    killed = trial(of, 5, {0: 0.3, 1: 0.9}, TrialState.RUNNING)
    assert not verdict(of, 3, [*others, killed], 5, {0: 0.3})[0]
    assert verdict(of, 3, [*others, killed], 5, {0: 0.6, 1: 0.9})[0]


def test_hyperband_asked_again_says_the_same(tmp_path: Path) -> None:
    """The trap: Optuna's rule notes a rung on the trial, and asked again it would skip it and train on."""
    of = definition(tmp_path, pruner="hyperband", trials=40, epochs=9)
    made, ended = [], 0
    for number in range(30):
        epochs: dict[int, float] = {}
        state = TrialState.COMPLETE
        for epoch in range(8):
            epochs[epoch] = 1.0 / (1 + (number * 7) % 10) + 0.01 * epoch
            running = trial(of, number, dict(epochs), TrialState.RUNNING)
            ends, rungs = verdict(of, 9, [*made, running], number, epochs)
            noted = trial(of, number, dict(epochs), TrialState.RUNNING, rungs)
            assert verdict(of, 9, [*made, noted], number, epochs) == (ends, rungs)
            if ends:
                state, ended = TrialState.PRUNED, ended + 1
                break
        made.append(trial(of, number, epochs, state, rungs))
    assert 5 < ended < 30


def test_importance_is_of_what_changes_the_result(tmp_path: Path) -> None:
    of = definition(tmp_path, trials=40, sampler="random")
    made = []
    for number in range(30):
        values = suggest(of, made)
        made.append(trial(of, number, {0: float(values[RATE])}, **values))
    found = importances(of, made)
    assert found[RATE] > 0.8
    assert sum(found.values()) == pytest.approx(1)
    assert importances(of, made) == found
    assert importances(of, made[:1]) == {}
