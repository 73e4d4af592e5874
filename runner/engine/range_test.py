"""The range test: how the loss answers to a learning rate that grows with every batch.

Invariant: whatever happens within :func:`preserved`, the learner afterwards is bit for bit what it was.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from runner.build.arrays import Dataset, Examples, example_order
from runner.curves.range_test import Sweep, growing_rates, stopped_at, sweep_of
from runner.engine.checks import require_planned
from runner.engine.learner import make_learner
from runner.engine.pace import Pace
from runner.engine.steps import CompiledSteps, Learner, compile_steps
from runner.plan.plan import Plan

LEAST_STEPS, MOST_STEPS = 100, 300
"""Bounds of the default length, which is one epoch: less says little, more says little more."""


@dataclass(frozen=True)
class Range:
    """What is swept."""

    min_lr: float
    max_lr: float
    steps: int


def default_steps(plan: Plan) -> int:
    """One epoch, but no less than 100 steps and no more than 300."""
    return min(max(plan.steps_per_epoch, LEAST_STEPS), MOST_STEPS)


def first_momentum(plan: Plan) -> np.float32 | None:
    """What the schedule gives step 0, and the test holds; None for an optimizer without."""
    _, momenta = plan.schedule.evaluate(np.zeros(1, dtype=np.int64))
    return None if momenta is None else momenta[0]


def fresh_learner(plan: Plan, dataset: Dataset, seed: int) -> Learner:
    """A learner whose weights and dropout masks follow from ``seed``.

    Raises:
        BuildError: when Keras does not accept a layer.
    """
    keras.utils.set_random_seed(seed)
    return make_learner(plan, dataset)


def range_test(plan: Plan, learner: Learner, train: Examples, swept: Range, *, seed: int) -> Sweep:
    """Train with η(t) = η_min · (η_max/η_min)^(t/(n−1)) and take down each batch's loss; then undo it all.

    The loss is the step's own: of that batch, before the update, with regularizers. Order of examples and
    dropout are those of training with the same seed; the momentum stays at the schedule's first value.

    Args:
        plan: names the batch size and the schedule.
        learner: what trains; afterwards it is bit for bit what it was.
        train: the training examples; a test longer than an epoch goes on with the next one.
        swept: least and largest learning rate, and n.
        seed: gives the order of the examples, as ``recipe.seed`` does in training.

    Raises:
        ScheduleMismatch: when the optimizer did not use the planned values.
    """
    rates = growing_rates(swept.min_lr, swept.max_lr, swept.steps).astype(np.float32)
    momentum = first_momentum(plan)
    run_steps = compile_steps(learner, train, plan.batch_size)
    losses = np.zeros(0)
    with preserved(learner):
        for chunk in _calls(plan, run_steps, rates, momentum, len(train), seed):
            losses = np.append(losses, chunk)
            if stopped_at(losses, swept.steps) is not None:
                break
    return sweep_of(rates, losses)


def _calls(
    plan: Plan,
    run_steps: CompiledSteps,
    rates: NDArray[np.float32],
    momentum: np.float32 | None,
    examples: int,
    seed: int,
) -> Iterator[NDArray[np.float32]]:
    """Losses of one compiled call after another; no call goes beyond an epoch, whose last batch may be short."""
    size, pace, step = plan.batch_size, Pace(), 0
    while step < len(rates):
        epoch, position = divmod(step, plan.steps_per_epoch)
        count = pace.steps(min(plan.steps_per_epoch - position, len(rates) - step))
        order = example_order(seed, epoch, examples)[position * size : (position + count) * size]
        wanted = rates[step : step + count]
        momenta = np.full(count, momentum if momentum is not None else 0, dtype=np.float32)
        pace.begin()
        values = run_steps(order, wanted, momenta)
        pace.end(count)
        require_planned(step, values, wanted, momenta if momentum is not None else None)
        yield values.loss
        step += count


@contextmanager
def preserved(learner: Learner) -> Iterator[None]:
    """Put back every variable that a step may change, however the block ends.

    Those are the model's (weights, moving statistics, states of dropout and noise), the optimizer's (slots,
    iterations, learning rate) with the ones it keeps to itself, and the momentum that the schedule drives.
    Keras' and TensorFlow's global seeds need no saving: a step draws from the layers' own generators.
    """
    variables = list(all_variables(learner))
    saved = [tf.identity(variable) for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, saved, strict=True):
            variable.assign(value)


def all_variables(learner: Learner) -> Iterator[Any]:
    """Each variable of a learner once: ``optimizer.variables`` leaves out some, such as Nadam's product of β₁."""
    seen: set[int] = set()
    optimizer = learner.optimizer
    for variable in (*learner.model.variables, *_within(optimizer.optimizer), *_within(optimizer.momentum)):
        if id(variable) not in seen:
            seen.add(id(variable))
            yield variable


def _within(thing: Any) -> Iterator[Any]:
    """Variables among the attributes of an optimizer, also of one that it wraps, and in their lists."""
    match thing:
        case keras.Variable() | tf.Variable():
            yield thing
        case list() | tuple():
            for item in thing:
                yield from _within(item)
        case dict():
            yield from _within(list(thing.values()))
        case keras.optimizers.Optimizer():
            yield from _within(vars(thing))
