"""Keras' own schedules, called as they are installed, at every step of a run of N = 60.

Keras computes in float32, so the comparison is to a few of its last bits. Where the meanings differ:
``PiecewiseConstantDecay`` gives a boundary's own step the old value (asked with b−1); a final value comes at step N
(asked with N−1);
``CosineDecayRestarts`` raises each period's top by its alpha as well (asked with alpha 0).
"""

from typing import Any

import numpy as np
import pytest
from keras import ops
from keras.callbacks import ReduceLROnPlateau
from keras.optimizers import schedules

from tests.curves.test_oracles import ORACLES, planned, trained

N = 60
CASES: dict[str, tuple[dict[str, Any], Any]] = {
    "power": (
        {"kind": "power", "initial_lr": 0.1, "decay_every": "15 steps"},
        schedules.InverseTimeDecay(0.1, decay_steps=15, decay_rate=1.0)),
    "power in stairs": (
        {"kind": "power", "initial_lr": 0.1, "decay_every": "1 epoch", "staircase": True},
        schedules.InverseTimeDecay(0.1, decay_steps=10, decay_rate=1.0, staircase=True)),
    "exponential": (
        {"kind": "exponential", "initial_lr": 0.1, "decay_every": "20 steps"},
        schedules.ExponentialDecay(0.1, decay_steps=20, decay_rate=0.1)),
    "exponential in stairs": (
        {"kind": "exponential", "initial_lr": 0.1, "decay_every": "25 steps", "decay_rate": 0.7, "staircase": True},
        schedules.ExponentialDecay(0.1, decay_steps=25, decay_rate=0.7, staircase=True)),
    "piecewise": (
        {"kind": "piecewise", "boundaries": ["20 steps", "45 steps"], "values": [0.1, 0.05, 0.005]},
        schedules.PiecewiseConstantDecay([19, 44], [0.1, 0.05, 0.005])),
    "linear": (
        {"kind": "linear", "initial_lr": 0.1, "final_lr": 0.001},
        schedules.PolynomialDecay(0.1, decay_steps=N - 1, end_learning_rate=0.001)),
    "polynomial": (
        {"kind": "polynomial", "initial_lr": 0.1, "final_lr": 0.001, "power": 1.7},
        schedules.PolynomialDecay(0.1, decay_steps=N - 1, end_learning_rate=0.001, power=1.7)),
    "cosine behind a warmup": (
        {"kind": "cosine", "initial_lr": 0.1, "final_lr": 0.001, "warmup": {"duration": "12 steps", "from": 0.005}},
        schedules.CosineDecay(0.005, decay_steps=N - 13, alpha=0.01, warmup_target=0.1, warmup_steps=12)),
    "cosine_restarts": (
        {"kind": "cosine_restarts", "initial_lr": 0.1, "first_period": "8 steps", "t_mul": 2.0, "m_mul": 0.5},
        schedules.CosineDecayRestarts(0.1, first_decay_steps=8, t_mul=2.0, m_mul=0.5)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_trains_with_the_learning_rate_of_keras_own_schedule(name: str) -> None:
    schedule, keras_schedule = CASES[name]
    case = {"schedule": schedule, "optimizer": {"kind": "sgd"}, "epochs": 6, "steps_per_epoch": 10, "monitor": ()}
    theirs = [float(ops.convert_to_numpy(keras_schedule(step))) for step in range(N)]
    np.testing.assert_allclose(trained(case)[0], theirs, rtol=3e-6, atol=1e-8)


class Model:
    """As much of a model as the callback touches."""

    class optimizer:  # noqa: N801
        learning_rate = 0.1


def test_plateau_trains_with_the_learning_rate_of_keras_own_callback() -> None:
    case = ORACLES["plateau"]
    rule = planned(case).schedule.plateau
    assert rule is not None
    callback = ReduceLROnPlateau("val_loss", factor=rule.factor, patience=rule.patience, min_delta=rule.min_delta,
                                 cooldown=rule.cooldown, min_lr=rule.min_lr)  # fmt: skip
    callback.set_model(Model)
    callback.on_train_begin()
    theirs = []
    for epoch, value in enumerate(case["monitor"]):
        theirs.append(float(Model.optimizer.learning_rate))
        callback.on_epoch_end(epoch, {"val_loss": value})
    ours = trained(case)[0].reshape(len(theirs), -1)
    np.testing.assert_allclose(ours[:, 0], theirs, rtol=1e-6)
    assert len(set(theirs)) == 4
