"""Changed images in training: the same bits however the steps are cut up, and none in evaluation."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from runner.data.augment.augmentation import MixedTargets
from runner.data.augment.draws import Places
from runner.data.examples import Examples
from runner.data.feed import Drawn, feed_of
from runner.data.placement import Placement, Window
from runner.data.sources.builtin import streamed
from runner.engine.distributed.replicas import Replicas
from runner.engine.loop import trainer as trainer_module
from runner.engine.loop.checkpoint_saver import PeriodicSaver
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.variables import state_dict
from runner.engine.step.batch_metrics import metric_sums, training_loss
from runner.engine.step.compiled import compile_steps
from runner.engine.step.learner import make_learner
from runner.events import EpochEnded, Event, Steps
from runner.record.checkpoint import newest_checkpoint
from tests.engine.problem import Problem, go_on
from tests.engine.replay import largest_difference, losses_of
from tests.engine.test_trainer import fixed_pace

CHANGES: list[dict[str, Any]] = [
    {"kind": "flip"},
    {"kind": "rotate", "degrees": 20},
    {"kind": "crop", "padding": 1},
    {"kind": "contrast", "factor": 0.3},
    {"kind": "brightness", "factor": 0.3},
    {"kind": "erase"},
]
MIXED = [*CHANGES, {"kind": "mixup", "alpha": 1.0, "off_after": "60%"}, {"kind": "cutmix"}]
QUIET = {"kind": "constant", "learning_rate": 1e-12}
FLAT = {"kind": "sequential", "layers": [{"kind": "flatten"}]}


def made(augment: list[dict[str, Any]], replicas: Replicas | None = None, **case: Any) -> Problem:
    """77 pictures in batches of 8, three epochs."""
    data = {"source": "builtin", "name": "digits", "scale": "1/255", "batch_size": 8, "augment": augment}
    training = {"epochs": 3, **case.pop("training", {})}
    case = {"n": 77, "sides": (6, 6, 1), "model": FLAT, "data": data, "training": training, **case}
    problem = Problem.make(np.random.default_rng(7), **case)
    if replicas is not None:
        problem.learner = make_learner(problem.plan, problem.dataset, replicas)
    return problem


def test_the_number_of_steps_of_a_call_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = []
    for pace in (1, 7):
        monkeypatch.setattr(trainer_module, "CallLength", fixed_pace(pace))
        problem = made(MIXED)
        problem.train()
        weights.append(problem.learner.model.get_weights())
    plain = made([])
    plain.train()
    assert all(np.array_equal(a, b) for other in weights[1:] for a, b in zip(weights[0], other, strict=True))
    assert largest_difference(weights[0], plain.learner.model.get_weights()) > 0.01


@pytest.mark.parametrize(
    "how", [{"replicas": Replicas(towers=3)}, {"training": {"accumulate": 3}}], ids=["parts", "micro-batches"]
)
def test_examples_are_the_same_in_parts_of_a_batch(how: dict[str, Any]) -> None:
    whole, parts = made(MIXED, weighted=True), made(MIXED, weighted=True, **how)
    whole.train()
    parts.train()
    np.testing.assert_allclose(losses_of(whole), losses_of(parts), rtol=1e-5)
    assert largest_difference(whole.learner.model.get_weights(), parts.learner.model.get_weights()) < 1e-5


def test_examples_that_are_read_as_it_trains_are_changed_as_those_in_memory() -> None:
    """The same examples at the same places of an epoch."""
    every = [{"kind": "rand_augment", "probability": 0.5}, *MIXED]
    resident, read = made(every), made(every)
    taken = feed_of(resident.dataset.train, resident.learner.augmentation).take(3, 1, 0, 77)
    assert isinstance(taken, Drawn)
    assert isinstance(resident.dataset.train, Examples)
    order = taken.examples
    assert isinstance(order, np.ndarray)
    given = Drawn(Examples(resident.dataset.train.x[order], resident.dataset.train.y[order]), taken.numbers)
    planned = resident.plan.schedule.evaluate(np.arange(10))
    stream = streamed(read.dataset.train, Placement(Window(4, 3), False, 0))
    one = compile_steps(resident.learner, resident.dataset.train, 8)(taken, planned)
    two = compile_steps(read.learner, stream, 8)(given, planned)
    np.testing.assert_array_equal(one.loss, two.loss)
    streaming = feed_of(stream, read.learner.augmentation).take(3, 1, 0, 77)
    assert isinstance(streaming, Drawn)
    np.testing.assert_array_equal(streaming.numbers, taken.numbers)


class Killed(BaseException):
    """The process is gone."""


def trainer_of(problem: Problem, folder: Path, kill_at: int | None = None) -> Trainer:
    def emit(event: Event) -> None:
        if kill_at is not None and isinstance(event, Steps) and event.last_step >= kill_at:
            raise Killed

    saver = PeriodicSaver(folder, problem.plan)
    return Trainer(problem.plan, problem.learner, problem.dataset, emit, StopRequest(), saver)


@pytest.mark.parametrize("streams", [False, True], ids=["in memory", "read"])
def test_killed_within_an_epoch_a_run_goes_on_to_the_same_bits(tmp_path: Path, streams: bool) -> None:
    def start(folder: Path, kill_at: int | None = None) -> Trainer:
        model = {"kind": "sequential", "layers": [{"kind": "flatten"}, {"kind": "dense", "units": 6, "dropout": 0.3}]}
        problem = made(MIXED, model=model, training={"checkpoint": "7 steps"})
        if streams:
            windows = Placement(Window(4, 3), False, 0)
            problem.dataset = replace(problem.dataset, train=streamed(problem.dataset.train, windows))
        trainer = trainer_of(problem, folder, kill_at)
        checkpoint, _ = newest_checkpoint(folder) if kill_at is None else (None, [])
        if checkpoint is not None:
            assert checkpoint.step % 10 > 0
            go_on(trainer, checkpoint)
        return trainer

    reference = start(tmp_path / "straight")
    reference.run()
    killed = start(tmp_path / "killed", kill_at=16)
    with pytest.raises(Killed):
        killed.run()
    again = start(tmp_path / "killed")
    again.run()
    wanted, found = state_dict(reference.learner), state_dict(again.learner)
    assert wanted.keys() == found.keys()
    assert all(np.array_equal(wanted[name], found[name]) for name in wanted)


def test_validation_images_stay_as_they_are() -> None:
    plain, changed = made([], schedule=QUIET), made(MIXED, schedule=QUIET)
    ends = []
    for problem in (plain, changed):
        problem.train()
        ends.append([event.metrics for event in problem.events if isinstance(event, EpochEnded)])
    for one, other in zip(*ends, strict=True):
        assert one["val_loss"] == other["val_loss"]
        assert one["val_accuracy"] == other["val_accuracy"]
        assert one["loss"] != other["loss"]


def test_each_epoch_changes_an_image_anew() -> None:
    """At a rate of nothing the weights stay, and the mean over an epoch does not depend on the order."""
    changed = made([{"kind": "brightness", "factor": 0.9}], schedule=QUIET)
    changed.train()
    first, second, third = (event.metrics["loss"] for event in changed.events if isinstance(event, EpochEnded))
    assert len({round(first, 5), round(second, 5), round(third, 5)}) == 3


def test_mixing_ends_after_its_share_of_the_run() -> None:
    """Off after 60 % of 30 steps; the losses of the steps after it are those of unmixed images."""
    mixing = {"kind": "mixup", "alpha": 1.0, "off_after": "60%"}
    mixed, plain = made([mixing], schedule=QUIET), made([], schedule=QUIET)
    mixed.train()
    plain.train()
    same = np.isclose(losses_of(mixed), losses_of(plain), rtol=1e-6)
    assert not same[:18].any()
    assert same[18:].all()


@pytest.mark.parametrize(
    "training", [{"label_smoothing": 0.1}, {"class_weight": {"1": 4.0}}], ids=["smooth", "weighed"]
)
def test_the_loss_of_an_example_of_two_is_the_crossentropy_with_soft_labels(training: dict[str, Any]) -> None:
    problem = made(MIXED, training=training)
    share, own, other = np.array([0.3, 0.8, 1.0]), np.array([0, 1, 2]), np.array([1, 2, 0])
    p = np.array([[0.2, 0.5, 0.3], [0.1, 0.3, 0.6], [0.3, 0.3, 0.4]])
    targets = MixedTargets(*(tf.constant(each) for each in (own, other, share.astype(np.float32))))
    given = tf.constant(p, tf.float32)
    weight = np.array([1.0, 4.0, 1.0]) if "class_weight" in training else np.ones(3)
    smoothing = training.get("label_smoothing", 0.0)
    one_hot = np.eye(3) * (1 - smoothing) + smoothing / 3
    soft = share[:, None] * weight[own][:, None] * one_hot[own]
    soft += (1 - share)[:, None] * weight[other][:, None] * one_hot[other]
    wanted = -(soft * np.log(p)).sum() / 3
    assert float(training_loss(problem.learner, targets, given)) == pytest.approx(wanted, rel=1e-5)
    # the larger shares are those of 1, 1 and 2
    assert metric_sums(problem.learner, targets, given).numpy().tolist() == [2.0]


def test_the_drawn_numbers_are_those_of_the_places_in_the_epoch() -> None:
    problem = made(MIXED)
    augmentation = problem.learner.augmentation
    assert augmentation is not None
    taken = feed_of(problem.dataset.train, augmentation).take(3, 2, 72, 80)
    assert isinstance(taken, Drawn)
    assert len(taken) == 5
    np.testing.assert_array_equal(taken.numbers, augmentation.drawn(Places(3, 2, 72, 77)))
