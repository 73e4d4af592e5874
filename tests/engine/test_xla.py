"""An update compiled by XLA is the same update; tails, micro-batches and dropout included."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from runner.engine.step import compiled as steps_module
from runner.engine.step import learner as learner_module
from tests.engine.problem import Problem
from tests.engine.replay import largest_difference, losses_of

Make = Callable[..., Problem]
ON = {"xla": "on"}
DROPPED = {
    "kind": "sequential",
    "input_dropout": 0.1,
    "layers": [{"kind": "dense", "units": 6, "activation": "relu", "dropout": 0.3}, {"kind": "batch_normalization"}],
}
CASES: dict[str, dict[str, Any]] = {
    "nesterov": {"optimizer": {"kind": "sgd", "nesterov": True}, "schedule": {"kind": "1cycle", "max_lr": 0.1}},
    "rmsprop, accumulated": {"optimizer": {"kind": "rmsprop", "centered": True, "epsilon": 1e-3},
                             "training": {"epochs": 2, "accumulate": 3, "clip": {"global_norm": 1.0}}},
    "adam, averaged": {"optimizer": {"kind": "adam", "epsilon": 1e-3}, "model": DROPPED,
                       "training": {"epochs": 2, "ema": {"decay": 0.9}, "class_weight": "balanced"}},
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_weights_and_losses_are_the_same_but_for_rounding(problem: Make, name: str) -> None:
    plain, compiled = problem(n=77, **CASES[name]), problem(n=77, hardware=ON, **CASES[name])
    assert (plain.learner.xla, compiled.learner.xla) == (False, True)
    plain.train()
    compiled.train()
    assert largest_difference(compiled.learner.model.get_weights(), plain.learner.model.get_weights()) < 1e-4
    np.testing.assert_allclose(losses_of(compiled), losses_of(plain), atol=1e-4)
    np.testing.assert_allclose(compiled.events[-1].metrics["val_loss"], plain.events[-1].metrics["val_loss"], atol=1e-4)


@pytest.mark.parametrize(("hardware", "clusters"), [({}, 0), (ON, 2)], ids=["off", "on"])
def test_gradients_and_what_follows_from_them_are_clusters_of_xla(
    problem: Make, monkeypatch: pytest.MonkeyPatch, hardware: dict[str, str], clusters: int
) -> None:
    seen: list[int] = []
    honest = steps_module.make_update

    def spied(*arguments: Any) -> Any:
        update = honest(*arguments)

        @tf.autograph.experimental.do_not_convert
        def spy(*batch: Any) -> Any:
            made = update(*batch)
            nodes = tf.compat.v1.get_default_graph().as_graph_def().node
            seen.append(sum(node.attr["_XlaMustCompile"].b for node in nodes))
            return made

        return spy

    monkeypatch.setattr(steps_module, "make_update", spied)
    problem(n=77, hardware=hardware, training={"epochs": 1}).train()
    assert set(seen) == {clusters}


@pytest.mark.parametrize(
    ("xla", "gpus", "deterministic", "used"),
    [
        ("auto", [], False, False),
        ("auto", ["a GPU"], False, True),
        ("auto", ["a GPU"], True, False),
        ("on", [], True, True),
        ("off", ["a GPU"], False, False),
    ],
)
def test_it_is_chosen_for_a_gpu_unless_kernels_must_be_deterministic(
    problem: Make, monkeypatch: pytest.MonkeyPatch, xla: str, gpus: list[str], deterministic: bool, used: bool
) -> None:
    monkeypatch.setattr(learner_module.tf.config, "get_visible_devices", lambda kind: gpus)
    assert problem(hardware={"xla": xla, "deterministic": deterministic}).learner.xla is used
