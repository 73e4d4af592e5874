"""The loop: positions, checks, decisions."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from runner.data.examples import example_order
from runner.engine.loop import stepper as stepper_module
from runner.engine.loop import trainer as trainer_module
from runner.engine.loop.call_length import CallLength
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.used import read_back
from runner.errors import Diverged, ScheduleMismatch
from runner.events import EarlyStopped, EpochEnded, PlateauCut, Steps
from tests.engine.problem import Problem

Make = Callable[..., Problem]
DROPPED = {
    "kind": "sequential",
    "input_dropout": 0.1,
    "layers": [{"kind": "dense", "units": 6, "activation": "relu", "dropout": 0.3}, {"kind": "batch_normalization"}],
}


def fixed_pace(count: int) -> type[CallLength]:
    class Fixed(CallLength):
        def steps(self, left: int) -> int:
            return min(count, left)

    return Fixed


def weights_with_pace(make: Make, count: int, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[float]]:
    import keras

    keras.utils.set_random_seed(11)
    monkeypatch.setattr(trainer_module, "CallLength", fixed_pace(count))
    case = make(model=DROPPED, schedule={"kind": "1cycle", "max_lr": 0.1})
    case.train()
    return case.learner.model.get_weights(), [loss for event in case.steps() for loss in event.loss]


def test_how_many_steps_one_call_makes_changes_no_bit(problem: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    reference, losses = weights_with_pace(problem, 1, monkeypatch)
    for count in (3, 7, 64):
        weights, other = weights_with_pace(problem, count, monkeypatch)
        assert all(np.array_equal(a, b) for a, b in zip(reference, weights, strict=True))
        assert losses == other


def test_the_order_of_examples_is_a_function_of_seed_and_epoch() -> None:
    first = example_order(4, 2, 1000)
    assert np.array_equal(np.sort(first), np.arange(1000))
    assert np.array_equal(first, example_order(4, 2, 1000))
    assert not np.array_equal(first, example_order(4, 3, 1000))
    assert not np.array_equal(first, example_order(5, 2, 1000))


def test_training_metrics_are_told_while_an_epoch_is_under_way(problem: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer_module, "CallLength", fixed_pace(3))
    case = problem(training={"epochs": 2})
    case.train()
    for epoch in (event for event in case.events if isinstance(event, EpochEnded)):
        calls = [event for event in case.steps() if event.epoch == epoch.epoch]
        assert len(calls) > 1
        means = calls[0].metrics
        assert means is not None
        assert means["loss"] == pytest.approx(np.mean(calls[0].loss), rel=1e-6)
        whole = {name: value for name, value in epoch.metrics.items() if not name.startswith("val_")}
        assert calls[-1].metrics == whole


@pytest.mark.parametrize("n", [64, 65, 71, 7])
def test_an_epoch_has_every_example_once_and_its_loss_weighs_the_uneven_tail(problem: Make, n: int) -> None:
    case = problem(n=n, training={"epochs": 1}, optimizer={"kind": "sgd", "learning_rate": 1e-9})
    case.train()
    steps = case.steps()
    assert sum(event.examples for event in steps) == n
    losses = np.array([loss for event in steps for loss in event.loss])
    sizes = np.array([8] * (n // 8) + ([n % 8] if n % 8 else []))
    (ended,) = (event for event in case.events if isinstance(event, EpochEnded))
    assert ended.metrics["loss"] == pytest.approx(losses @ sizes / n, rel=1e-6)
    # the learning rate is next to nothing, so that the mean over all examples is the loss of the whole
    model = case.learner.model
    p = np.asarray(model(case.dataset.train.x))[np.arange(n), case.dataset.train.y]
    assert ended.metrics["loss"] == pytest.approx(float(-np.log(p).mean()), rel=1e-5)
    assert ended.metrics["accuracy"] == pytest.approx(
        float((np.asarray(model(case.dataset.train.x)).argmax(1) == case.dataset.train.y).mean())
    )


def test_regularizers_count_in_the_loss(problem: Make) -> None:
    layers = [{"kind": "dense", "units": 5, "kernel_regularizer": {"l2": 3.0}}]
    case = problem(model={"kind": "sequential", "layers": layers}, training={"epochs": 1})
    kernel = case.learner.model.get_weights()[0]
    case.train()
    assert case.steps()[0].loss[0] > 3.0 * float((kernel**2).sum())


def test_a_loss_that_is_not_finite_ends_the_run_and_names_step_and_rate(problem: Make) -> None:
    model = {"kind": "sequential", "layers": [{"kind": "dense", "units": 5}]}
    sgd = {"kind": "sgd", "learning_rate": 1e6}
    case = problem(task="regression", training={"epochs": 50, "metrics": []}, optimizer=sgd, model=model)
    with pytest.raises(
        Diverged, match=r"loss is (nan|inf) at step \d+ \(epoch \d+, batch \d+ of \d+\), learning rate 1e\+06"
    ):
        case.train()
    assert not np.isfinite(case.steps()[-1].loss).all()


@pytest.mark.parametrize("name", ["learning_rate", "momentum", "weight_decay", "label_smoothing"])
def test_a_value_that_is_not_the_planned_one_ends_the_run(problem: Make, name: str) -> None:
    case = problem(
        optimizer={"kind": "adamw"},
        schedule={"kind": "1cycle", "max_lr": 0.1, "weight_decay": 0.01},
        training={"epochs": 2, "label_smoothing": {"value": 0.1, "off_after": "50%"}},
    )
    trainer = case.trainer()
    honest = trainer.stepper.run_steps

    def lying(*arguments: Any) -> Any:
        values = honest(*arguments)
        values.hyperparameters[name][-1] = np.nextafter(values.hyperparameters[name][-1], np.float32(1))
        return values

    trainer.stepper.run_steps = lying
    with pytest.raises(ScheduleMismatch, match=name.replace("_", " ")):
        trainer.run()


def test_the_row_of_an_epoch_has_what_acted_in_its_last_step(problem: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    case = problem(optimizer={"kind": "adam"}, schedule={"kind": "1cycle", "max_lr": 0.1}, training={"epochs": 2})
    monkeypatch.setattr(stepper_module, "require_planned", lambda *_: None)
    trainer = case.trainer()
    honest = trainer.stepper.run_steps

    def lying(*arguments: Any) -> Any:
        values = honest(*arguments)
        for used in values.hyperparameters.values():
            used += np.float32(0.5)
        return values

    trainer.stepper.run_steps = lying
    trainer.run()
    rows = [event for event in case.events if isinstance(event, EpochEnded)]
    for row in rows:
        (last,) = [event for event in case.steps() if event.last_step == row.step - 1]
        assert (row.learning_rate, row.momentum) == (last.learning_rate[-1], last.momentum and last.momentum[-1])
        assert row.learning_rate > 0.5


def test_a_row_without_a_step_of_this_session_has_what_the_variables_hold(problem: Make) -> None:
    case = problem(optimizer={"kind": "adam"}, schedule={"kind": "1cycle", "max_lr": 0.1})
    case.train()
    last = case.steps()[-1]
    used = read_back(case.learner)
    assert last.momentum is not None
    assert (used["learning_rate"], used["momentum"]) == (last.learning_rate[-1], last.momentum[-1])


def test_a_plateau_cut_acts_from_the_next_step_and_is_told(problem: Make) -> None:
    case = problem(
        training={"epochs": 12},
        schedule={"kind": "plateau", "learning_rate": 0.1, "monitor": "val_loss", "patience": 1, "min_delta": 10.0},
    )
    case.train()
    cuts = [event for event in case.events if isinstance(event, PlateauCut)]
    assert len(cuts) == 11
    executed = {}
    for event in case.steps():
        executed.update({event.first_step + k: rate for k, rate in enumerate(event.learning_rate)})
    scale = {cut.step: cut.scale for cut in cuts}
    base = case.plan.schedule.evaluate(np.arange(case.plan.steps))["learning_rate"]
    now = 1.0
    for step in range(case.plan.steps):
        now = scale.get(step, now)
        assert np.float32(executed[step]) == np.float32(0.1 * now)
        assert base[step] == np.float32(0.1)
    assert cuts[0].wait == 1


@pytest.mark.parametrize("overlap", [False, True])
def test_a_plateau_neither_counts_nor_cuts_before_its_warmup_has_ended(problem: Make, overlap: bool) -> None:
    warmup = {"duration": "6 epochs", "overlap": overlap}
    hard = {"monitor": "val_loss", "patience": 2, "min_delta": 10.0}
    case = problem(
        training={"epochs": 12},
        schedule={"kind": "plateau", "learning_rate": 0.05, "warmup": warmup, **hard},
    )
    case.train()
    # The seventh epoch is the first that is looked at and sets the best; two without improvement follow.
    cuts = [event.epoch for event in case.events if isinstance(event, PlateauCut)]
    assert cuts == [8, 10]
    executed = np.concatenate([event.learning_rate for event in case.steps()])
    per_epoch = case.plan.steps_per_epoch
    assert (np.diff(executed[: 6 * per_epoch + 1]) > 0).all()


def test_early_stopping_ends_after_patience_and_restores_nothing_by_itself(problem: Make) -> None:
    case = problem(
        training={"epochs": 30, "early_stopping": {"monitor": "loss", "patience": 3, "min_delta": 100.0}},
    )
    outcome = case.train()
    assert outcome.ended_by == "early_stopping"
    assert outcome.steps == 4 * case.plan.steps_per_epoch
    (stopped,) = (event for event in case.events if isinstance(event, EarlyStopped))
    assert (stopped.epoch, stopped.best_epoch, stopped.wait) == (3, 0, 3)


def test_the_best_epoch_is_the_one_with_the_best_monitor(problem: Make) -> None:
    case = problem(training={"epochs": 8, "best": "val_accuracy"})
    trainer = case.trainer()
    trainer.run()
    ended = [event for event in case.events if isinstance(event, EpochEnded)]
    values = [event.metrics["val_accuracy"] for event in ended]
    assert trainer.state.best.value == max(values)
    assert trainer.state.best.epoch == values.index(max(values))
    assert [event.epoch for event in ended if event.best][-1] == trainer.state.best.epoch


def test_a_signal_ends_the_run_between_two_calls(problem: Make) -> None:
    import signal

    stop = StopRequest()
    case = problem(training={"epochs": 50})

    def hear(event: object) -> None:
        case.events.append(event)  # type: ignore[arg-type]
        if isinstance(event, Steps) and event.epoch == 2:
            stop.signal = signal.SIGTERM

    trainer = case.trainer(stop)
    trainer.training.emit = hear
    outcome = trainer.run()
    assert outcome.ended_by == "SIGTERM"
    assert outcome.steps == case.steps()[-1].last_step + 1
    assert case.steps()[-1].epoch == 2
