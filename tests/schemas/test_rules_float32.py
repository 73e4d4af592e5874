"""What float32 changes beyond rounding is told at its key."""

from typing import Any

import pytest

from tests.schemas.rules_helpers import BASE, findings, recipe

ONE = 0.99999999999
LAYER = {"kind": "dense", "units": 10}


def layers(*more: dict[str, Any]) -> dict[str, Any]:
    return {"model": {"kind": "sequential", "layers": [{"kind": "flatten"}, *more]}}


CHANGED: list[tuple[tuple[str | int, ...], dict[str, Any], str]] = [
    (("optimizer", "momentum"), {"optimizer": {"kind": "sgd", "momentum": ONE}}, "is 1 in float32"),
    (("optimizer", "beta_1"), {"optimizer": {"kind": "adam", "beta_1": ONE}}, "is 1 in float32"),
    (("optimizer", "beta_2"), {"optimizer": {"kind": "lion", "beta_2": ONE}}, "is 1 in float32"),
    (("optimizer", "rho"), {"optimizer": {"kind": "rmsprop", "rho": ONE}}, "is 1 in float32"),
    (("optimizer", "learning_rate"), {"optimizer": {"kind": "sgd", "learning_rate": 1e-46}}, "is 0 in float32"),
    (("optimizer", "learning_rate"), {"optimizer": {"kind": "sgd", "learning_rate": 1e-40}}, "is 0 in float32"),
    (("optimizer", "weight_decay"), {"optimizer": {"kind": "sgd", "weight_decay": 1e39}}, "is infinite in float32"),
    (("schedule", "learning_rate"), {"schedule": {"kind": "constant", "learning_rate": 1e-46}}, "is 0 in float32"),
    (("schedule", "base", "initial_lr"),
     {"schedule": {"kind": "plateau", "base": {"kind": "cosine", "initial_lr": 1e-50}}}, "is 0 in float32"),
    (("schedule", "values", 1),
     {"schedule": {"kind": "piecewise", "boundaries": ["1 epoch"], "values": [0.1, 1e-60]}}, "values 1e-60"),
    (("schedule", "momentum"), {"schedule": {"kind": "linear", "initial_lr": 0.1, "momentum": ONE}}, "is 1"),
    (("schedule", "momentum", "high"), {"schedule": {"kind": "1cycle", "max_lr": 0.1, "momentum": {"high": ONE}}},
     "is 1"),
    (("schedule", "momentum", "phases", 0, "momentum", "from"),
     {"schedule": {"kind": "linear", "initial_lr": 0.1, "momentum": {"phases": [
         {"duration": "100%", "momentum": {"from": ONE, "to": 0.9}}]}}}, "from 0.99999999999 is 1"),
    (("schedule", "warmup", "from"),
     {"schedule": {"kind": "linear", "initial_lr": 0.1, "warmup": {"duration": "1 epoch", "from": 1e-46}}}, "from"),
    (("training", "class_weight", "0"), {"training": {"class_weight": {"0": 1e300}}}, "is infinite in float32"),
    (("training", "ema", "decay"), {"training": {"ema": {"decay": ONE}}}, "is 1"),
    (("training", "clip", "norm"), {"training": {"clip": {"norm": 1e-100}}}, "is 0"),
    (("data", "scale"), {"data": {**BASE["data"], "scale": "1/999999999999999e99"}}, "is 0"),
    (("model", "layers", 1, "dropout"), layers({**LAYER, "dropout": ONE}), "is 1"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "changes", "says"), CHANGED, ids=lambda value: str(value)[:60])
def test_a_number_that_float32_makes_another_is_an_error(
    path: tuple[str | int, ...], changes: dict[str, Any], says: str
) -> None:
    found = [finding for finding in findings(recipe(changes)) if finding.code == "R242"]
    assert [(finding.path, finding.severity) for finding in found] == [(path, "error")]
    assert says in found[0].message


@pytest.mark.parametrize("changes", [
    {"optimizer": {"kind": "sgd", "momentum": 0.9999999}},
    {"optimizer": {"kind": "sgd", "momentum": 0.1}},
    {"optimizer": {"kind": "sgd", "learning_rate": ONE}},
    {"optimizer": {"kind": "adafactor", "epsilon_1": 1e-30}},
    {"schedule": {"kind": "exponential", "initial_lr": 0.1, "decay_every": "1 epoch", "decay_rate": 1e-60}},
    {"schedule": {"kind": "cyclic", "min_lr": 0.0, "max_lr": 0.1, "half_cycle": "1 epoch", "gamma": ONE}},
    {"schedule": {"kind": "plateau", "learning_rate": 0.1, "factor": ONE, "min_delta": 1e-60}},
    {"training": {"early_stopping": {"min_delta": 1e-60, "patience": 3}}},
    {"training": {"class_weight": {"0": 0.0, "1": 3e38}}},
    {"training": {"label_smoothing": 1 / 3}},
])  # fmt: skip
def test_a_number_that_float32_rounds_or_that_the_host_keeps_is_fine(changes: dict[str, Any]) -> None:
    assert "R242" not in {finding.code for finding in findings(recipe(changes))}
