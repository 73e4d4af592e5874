"""An application trains: frozen to the bit, then from a checkpoint as without a break."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from runner.record.checkpoint import newest_checkpoint
from tests.engine.problem import Problem, go_on
from tests.engine.test_resume import Killed, fingerprint, trainer

Make = Callable[..., Problem]
LAYER = {"kind": "application", "application": "mobilenet", "alpha": 0.05, "pooling": "avg", "name": "base"}


def made(problem: Make, layer: dict[str, Any], **more: Any) -> Problem:
    case = {"model": {"kind": "sequential", "layers": [layer]}, "training": {"steps": 4}, **more}
    return problem(n=16, sides=(32, 32, 3), optimizer={"kind": "sgd", "momentum": 0.9, "learning_rate": 0.01}, **case)


def weights_of(case: Problem) -> dict[str, list[Any]]:
    return {layer.name: [weight.numpy() for weight in layer.weights] for layer in case.learner.model.layers}


def test_a_frozen_part_of_an_application_keeps_its_bits(problem: Make) -> None:
    """Weights and the moving averages of its batch normalization; the rest trains."""
    case = made(problem, LAYER, groups={"base": {"layers": ["base[:83]"], "factor": 0}})
    before = weights_of(case)
    case.train()
    same = {
        name: all(np.array_equal(*pair) for pair in zip(before[name], after, strict=True))
        for name, after in weights_of(case).items()
        if after
    }
    order = [name for name in same if name.startswith("base.")]
    frozen = order[: order.index("base.conv_pw_13")]
    assert len(frozen) == 2 + 12 * 4 + 2  # with weights: the first convolution, twelve blocks, and half of the last
    assert all(same[name] for name in frozen)
    assert not any(same[name] for name in ("base.conv_pw_13_bn", "output"))


@pytest.mark.slow
def test_killed_and_resumed_an_application_with_dropout_has_the_same_bits(problem: Make, tmp_path: Path) -> None:
    """EfficientNet drops whole examples within its blocks, by seeds that are a part of the checkpoint."""
    case = {
        "model": {"kind": "sequential", "layers": [{**LAYER, "application": "efficientnet_b0", "alpha": None}]},
        "n": 24,
        "sides": (32, 32, 3),
        "training": {"steps": 5, "checkpoint": "2 steps"},
    }
    straight, killed, again = (problem(**case) for _ in range(3))
    assert any(isinstance(layer, keras.layers.Dropout) for layer in straight.learner.model.layers)
    reference = trainer(straight, tmp_path / "straight")
    reference.run()
    with pytest.raises(Killed):
        trainer(killed, tmp_path / "killed", kill_at=3).run()
    going = trainer(again, tmp_path / "killed")
    checkpoint, _ = newest_checkpoint(tmp_path / "killed")
    assert checkpoint is not None
    go_on(going, checkpoint)
    going.run()
    assert fingerprint(going) == fingerprint(reference)
