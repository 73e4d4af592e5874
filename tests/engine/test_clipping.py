"""Bounds on gradients, against plain NumPy."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.engine.problem import Problem
from tests.engine.reference import Array, sgd
from tests.engine.replay import largest_difference, replay

Make = Callable[..., Problem]
Gradients = list[Array]


def by_value(gradients: Gradients) -> Gradients:
    return [np.clip(g, -0.02, 0.02) for g in gradients]


def by_norm(gradients: Gradients) -> Gradients:
    return [g * min(1.0, 0.05 / np.linalg.norm(g)) for g in gradients]


def by_global_norm(gradients: Gradients) -> Gradients:
    norm = np.sqrt(sum(float((g**2).sum()) for g in gradients))
    return [g * min(1.0, 0.2 / norm) for g in gradients]


@pytest.mark.parametrize(
    ("clip", "bound"),
    [({"value": 0.02}, by_value), ({"norm": 0.05}, by_norm), ({"global_norm": 0.2}, by_global_norm)],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
# the bound is on the update's gradient, unscaled, and not on a micro-batch's
@pytest.mark.parametrize("way", [{}, {"accumulate": 3}], ids=["whole", "accumulated"])
def test_a_clipped_update_is_numpys(problem: Make, clip: dict[str, float], bound: Any, way: dict[str, int]) -> None:
    case = problem(n=77, training={"epochs": 3, "clip": clip, **way}, schedule={"kind": "1cycle", "max_lr": 0.5})
    wanted, _ = replay(case, sgd(nesterov=False), clip=bound)
    free, _ = replay(case, sgd(nesterov=False))
    case.train()
    weights = case.learner.model.get_weights()
    assert largest_difference(weights, wanted) < 1e-5
    assert largest_difference(weights, free) > 1e-2


def test_the_bound_is_on_gradients_that_are_unscaled(problem: Make) -> None:
    training = {"epochs": 3, "clip": {"global_norm": 0.2}}
    case = problem(n=77, training=training, hardware={"precision": "mixed_float16"})
    wanted, _ = replay(case, sgd(nesterov=False), clip=by_global_norm)
    case.train()
    assert largest_difference(case.learner.model.get_weights(), wanted) < 2e-3
