"""A problem trained once more in plain NumPy, by the plan's curves and the engine's order of examples."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from runner.data.examples import example_order
from tests.engine.problem import Problem
from tests.engine.reference import Array, Update, loss_and_gradients

Gradients = Callable[[list[Array], Array, Any], tuple[float, list[Array]]]


def batches(problem: Problem, steps: int) -> Iterator[Any]:
    """The examples of each step, as training takes them."""
    plan = problem.plan
    for step in range(steps):
        epoch, position = divmod(step, plan.steps_per_epoch)
        order = example_order(plan.recipe.seed, epoch, len(problem.dataset.train))
        yield order[position * plan.batch_size : (position + 1) * plan.batch_size]


def replay(
    problem: Problem,
    update: Update,
    *,
    gradients: Gradients = loss_and_gradients,
    clip: Callable[[list[Array]], list[Array]] = lambda gradients: gradients,
    after: Callable[[list[Array]], None] = lambda weights: None,
) -> tuple[list[Array], list[float]]:
    """Weights after the plan's steps, and each step's loss.

    Args:
        problem: fresh; it is not touched.
        update: the optimizer.
        gradients: loss and gradients of a batch.
        clip: what is done to the gradients before the update.
        after: sees the weights after every update.
    """
    plan, train = problem.plan, problem.dataset.train
    weights = [w.astype(np.float64) for w in problem.learner.model.get_weights()]
    values = plan.schedule.evaluate(np.arange(plan.steps))
    rates, momenta = values["learning_rate"], values["momentum"]
    losses = []
    for step, batch in enumerate(batches(problem, plan.steps)):
        loss, found = gradients(weights, train.x[batch].astype(np.float64), train.y[batch])
        update(weights, clip(found), float(rates[step]), float(momenta[step]))
        after(weights)
        losses.append(loss)
    return weights, losses


def largest_difference(ours: list[Any], wanted: list[Any]) -> float:
    return max(float(np.abs(a - b).max()) for a, b in zip(ours, wanted, strict=True))


def losses_of(problem: Problem) -> list[float]:
    return [loss for event in problem.steps() for loss in event.loss]
