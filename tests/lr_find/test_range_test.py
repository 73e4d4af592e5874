"""The range test on small problems: exact losses, and a learner that is bit for bit what it was."""

import random
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from runner.data.examples import example_order
from runner.engine.loop.call_length import CallLength
from runner.engine.loop.variables import preserved
from runner.engine.step.learner import Learner
from runner.lr_find.range_test import Range, RangeTest, default_steps, find, repeated
from tests.engine.problem import Problem
from tests.engine.reference import loss_and_gradients, sgd

Make = Callable[..., Problem]

RANDOM_MODEL = {
    "kind": "sequential",
    "input_dropout": 0.2,
    "layers": [
        {"kind": "dense", "units": 6, "activation": "relu", "dropout": 0.5},
        {"kind": "batch_normalization"},
        {"kind": "gaussian_noise", "stddev": 0.1},
    ],
}
OPTIMIZERS = [
    {"kind": "sgd", "momentum": 0.9, "nesterov": True},
    {"kind": "rmsprop", "momentum": 0.5, "centered": True},
    {"kind": "adam", "amsgrad": True},
    {"kind": "nadam"},
    {"kind": "muon"},
]
WAYS: dict[str, dict[str, Any]] = {
    "accumulated": {"training": {"epochs": 5, "accumulate": 3}},
    "averaged in float16": {"training": {"epochs": 5, "ema": {}}, "hardware": {"precision": "mixed_float16"}},
}
FAR = Range(1e-5, 1e4, 60)
"""Far enough for a loss that is not finite or grows without end."""
NEAR = Range(1e-4, 0.5, 40)


def range_test_of(case: Problem) -> RangeTest:
    return RangeTest(case.plan, case.learner, case.dataset)


def everything(learner: Learner) -> list[Any]:
    """Variables wherever they hide: in layers and their generators, and in any attribute of the optimizer."""
    found: list[Any] = []

    def look(thing: Any) -> None:
        match thing:
            case keras.Variable() | tf.Variable():
                found.append(thing)
            case dict():
                look(list(thing.values()))
            case list() | tuple():
                for item in thing:
                    look(item)
            case keras.optimizers.Optimizer() | keras.Layer() | keras.random.SeedGenerator():
                if id(thing) not in seen:
                    seen.add(id(thing))
                    look(vars(thing))

    seen: set[int] = set()
    look([learner.model, learner.optimizer.optimizer, *learner.hyperparameters.values()])
    look([part.variables for part in (learner.average, learner.loss_scale) if part is not None])
    return list({id(variable): variable for variable in found}.values())


def bits(learner: Learner) -> list[bytes]:
    return [np.asarray(tf.convert_to_tensor(variable)).tobytes() for variable in everything(learner)]


def held(learner: Learner, steps: int, **values: float) -> dict[str, Any]:
    """The same values at every step, of the hyperparameters that the learner has."""
    return {name: np.full(steps, values[name], np.float32) for name in learner.hyperparameters}


def trained_a_little(case: Problem) -> Problem:
    """Seven steps, so that no slot, counter or generator is at its start."""
    order = example_order(0, 0, 56)
    range_test_of(case).run_steps(order, held(case.learner, 7, learning_rate=0.01, momentum=0.8))
    return case


def batches(case: Problem, steps: int) -> list[Any]:
    """The examples of each step, as training takes them."""
    plan, train = case.plan, case.dataset.train
    found = []
    for step in range(steps):
        epoch, position = divmod(step, plan.steps_per_epoch)
        order = example_order(plan.recipe.seed, epoch, len(train))
        found.append(order[position * plan.batch_size : (position + 1) * plan.batch_size])
    return found


def test_each_loss_is_its_own_batchs_with_an_uneven_tail_and_a_penalty(problem: Make) -> None:
    layer = {"kind": "dense", "units": 5, "activation": "tanh", "kernel_regularizer": {"l2": 0.3}}
    case = problem(model={"kind": "sequential", "layers": [layer]})
    steps = 25
    assert case.plan.steps_per_epoch == 10
    assert [len(batch) for batch in batches(case, steps)][8:11] == [8, 3, 8]
    weights = [w.astype(np.float64) for w in case.learner.model.get_weights()]
    train = case.dataset.train
    losses = [loss_and_gradients(weights, train.x[b].astype(np.float64), train.y[b])[0] for b in batches(case, steps)]
    # Rates so small that the weights stay.
    sweep = range_test_of(case).sweep(Range(1e-12, 1e-11, steps), seed=3)
    np.testing.assert_allclose(sweep.loss, np.array(losses) + 0.3 * (weights[0] ** 2).sum(), rtol=2e-6)
    assert (sweep.weight * 8).tolist() == [len(batch) for batch in batches(case, steps)]


def test_losses_equal_numpy_while_the_learning_rate_grows(problem: Make) -> None:
    case = problem(optimizer={"kind": "sgd"}, schedule={"kind": "1cycle", "max_lr": 0.1})
    weights = [w.astype(np.float64) for w in case.learner.model.get_weights()]
    update, train, losses = sgd(nesterov=False), case.dataset.train, []
    for batch, rate in zip(batches(case, NEAR.steps), NEAR.rates, strict=True):
        loss, gradients = loss_and_gradients(weights, train.x[batch].astype(np.float64), train.y[batch])
        update(weights, gradients, float(rate), 0.95)
        losses.append(loss)
    sweep = range_test_of(case).sweep(NEAR, seed=3)
    assert sweep.stopped is None
    np.testing.assert_allclose(sweep.loss, losses, rtol=1e-4)
    np.testing.assert_array_equal(sweep.learning_rate, NEAR.rates)


def test_the_first_batch_is_the_first_of_training_with_its_dropout(problem: Make) -> None:
    one, other = problem(model=RANDOM_MODEL), problem(model=RANDOM_MODEL)
    for a, b in zip(one.learner.model.variables, other.learner.model.variables, strict=True):
        b.assign(a)
    sweep = range_test_of(one).sweep(NEAR, seed=one.plan.recipe.seed)
    other.train()
    assert np.float32(sweep.loss[0]) == np.float32(other.steps()[0].loss[0])


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_losses_under_accumulation_and_half_precision_are_those_of_the_plain_test(
    problem: Make, way: dict[str, Any]
) -> None:
    plain, case = trained_a_little(problem()), trained_a_little(problem(**way))
    before = bits(case.learner)
    assert len(before) > len(bits(plain.learner)) or "hardware" not in way
    sweep = range_test_of(case).sweep(NEAR, seed=3)
    wanted = range_test_of(plain).sweep(NEAR, seed=3)
    np.testing.assert_allclose(sweep.loss, wanted.loss, atol=1e-2 if "hardware" in way else 1e-5)
    assert bits(case.learner) == before


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer["kind"])
def test_every_variable_is_bit_for_bit_what_it_was(problem: Make, optimizer: dict[str, Any]) -> None:
    case = trained_a_little(problem(model=RANDOM_MODEL, optimizer=optimizer))
    before = bits(case.learner)
    assert len(before) > 2 * len(case.learner.model.trainable_variables)
    test = range_test_of(case)
    test.sweep(FAR, seed=1)
    assert bits(case.learner) == before
    test.run_steps(example_order(0, 0, 16), held(case.learner, 2, learning_rate=1.0, momentum=0.1))
    changed = sum(a != b for a, b in zip(bits(case.learner), before, strict=True))
    assert changed >= len(case.learner.model.trainable_variables)


def test_what_breaks_off_is_undone_as_well(problem: Make) -> None:
    case = trained_a_little(problem(model=RANDOM_MODEL))
    before = bits(case.learner)

    def break_off() -> None:
        with preserved(case.learner):
            trained_a_little(case)
            assert bits(case.learner) != before
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert bits(case.learner) == before


def test_training_after_a_test_is_training_without_one(problem: Make) -> None:
    weights = []
    for tested in (False, True):
        keras.utils.set_random_seed(11)
        case = problem(model=RANDOM_MODEL, optimizer={"kind": "nadam"})
        if tested:
            range_test_of(case).sweep(FAR, seed=5)
        case.train()
        weights.append([w.tobytes() for w in case.learner.model.get_weights()])
    assert weights[0] == weights[1]


def test_global_random_states_are_left_alone(problem: Make) -> None:
    test = range_test_of(problem(model=RANDOM_MODEL))

    def draws() -> list[float]:
        return [random.random(), float(np.random.rand()), float(tf.random.uniform([])), float(keras.random.normal([]))]

    keras.utils.set_random_seed(2)
    wanted = draws()
    keras.utils.set_random_seed(2)
    test.sweep(NEAR, seed=1)
    assert draws() == wanted


def test_steps_after_the_stop_are_not_counted(problem: Make) -> None:
    sweep = range_test_of(problem(optimizer={"kind": "sgd", "momentum": 0.9})).sweep(FAR, seed=3)
    assert sweep.stopped == "diverging"
    assert len(sweep.loss) == len(sweep.smoothed) == len(sweep.learning_rate) < FAR.steps
    tenth = FAR.steps // 10
    best = np.minimum.accumulate(sweep.smoothed[tenth:])
    above = sweep.smoothed[tenth:] > 4 * best
    assert above[-1]
    assert not above[:-1].any()


def test_a_loss_that_is_not_finite_stops(problem: Make) -> None:
    case = problem()
    case.learner.model.trainable_variables[0].assign(np.full((4, 5), np.nan))
    sweep = range_test_of(case).sweep(NEAR, seed=3)
    assert (len(sweep.loss), sweep.stopped) == (0, "not finite")


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_how_many_steps_a_call_makes_changes_nothing(problem: Make, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    keras.utils.set_random_seed(4)
    test = range_test_of(problem(model=RANDOM_MODEL))
    wanted = test.sweep(FAR, seed=3)
    monkeypatch.setattr(CallLength, "steps", lambda self, left: min(left, most))
    sweep = test.sweep(FAR, seed=3)
    assert sweep.stopped == wanted.stopped
    np.testing.assert_array_equal(sweep.loss, wanted.loss)


def test_a_repeat_is_what_its_seed_gives_alone(problem: Make) -> None:
    case = problem(model=RANDOM_MODEL, optimizer={"kind": "adam"})
    sweeps = dict(repeated(case.plan, case.dataset, NEAR, 3))
    assert list(sweeps) == [3, 4, 5]
    alone = range_test_of(problem(seed=5, model=RANDOM_MODEL, optimizer={"kind": "adam"})).sweep(NEAR, seed=5)
    np.testing.assert_array_equal(sweeps[5].loss, alone.loss)
    assert not np.array_equal(sweeps[4].loss, sweeps[5].loss)


def test_the_advice_is_on_the_median_of_the_seeds(problem: Make) -> None:
    case = problem(optimizer={"kind": "sgd", "momentum": 0.5})
    found = find(case.plan, case.dataset, Range(1e-4, 100.0, 80), 3)
    assert found.momentum == 0.5
    assert (list(found.sweeps), len(found.each)) == ([3, 4, 5], 3)
    low, high = found.band
    inside = (low <= found.median.smoothed * 1.5) & (found.median.smoothed <= high * 1.5)
    assert inside.all()
    assert found.suggestion is not None
    assert found.suggestion == pytest.approx(found.advice.rules["minimum/10"], rel=0.06)


@pytest.mark.parametrize(("kind", "rule"), [("1cycle", "minimum/3"), ("wsd", "minimum/10")])
def test_a_cycle_gets_a_peak_and_a_plateau_gets_its_distance(problem: Make, kind: str, rule: str) -> None:
    data = {"source": "builtin", "name": "iris", "batch_size": 75}
    schedule = {"kind": kind, "max_lr": 0.1}
    training = {"epochs": 40}
    case = problem(data=data, training=training, optimizer={"kind": "sgd", "momentum": 0.5}, schedule=schedule)
    found = find(case.plan, case.dataset, Range(1e-4, 100.0, 80), 1)
    assert found.momentum == (0.95 if kind == "1cycle" else 0.5)
    assert found.advice.rule == rule


def test_an_optimizer_without_momentum_is_tested_without(problem: Make) -> None:
    case = problem(optimizer={"kind": "adagrad"})
    assert find(case.plan, case.dataset, NEAR, 1).momentum is None


def test_the_default_is_an_epoch_within_bounds(problem: Make) -> None:
    sizes = [(1, 75, 100), (1, 200, 200), (1, 1000, 300)]
    for batch, examples, steps in sizes:
        data = {"source": "builtin", "name": "iris", "batch_size": batch}
        assert default_steps(Problem.make(np.random.default_rng(7), n=examples, data=data).plan) == steps
