"""Mirrored on two logical devices: what one device would do with the same batch."""

from typing import Any

import pytest

from tests.engine.driven import answers_of

pytestmark = pytest.mark.slow

IRIS = {"source": "builtin", "name": "iris"}
NORMALISED = {
    "kind": "sequential",
    "layers": [{"kind": "dense", "units": 6, "kernel_regularizer": {"l2": 0.1}}, {"kind": "batch_normalization"}],
}
NOISY = {
    "kind": "sequential",
    "input_dropout": 0.3,
    "layers": [{"kind": "dense", "units": 6, "dropout": 0.3}, {"kind": "batch_normalization"}],
}
CONSTRAINED = {
    "kind": "sequential",
    "layers": [{"kind": "dense", "units": 6, "kernel_constraint": {"kind": "max_norm", "max_value": 0.3}}],
}
SAME: dict[str, dict[str, Any]] = {
    # 77 = 9 · 8 + 5: one replica gets two examples of the tail, the other three
    "sgd, 1cycle": {"n": 77, "optimizer": {"kind": "sgd", "nesterov": True},
                    "schedule": {"kind": "1cycle", "max_lr": 0.1}},
    "adam, 1cycle, metrics of the whole split": {
        "n": 77, "optimizer": {"kind": "adam"}, "schedule": {"kind": "1cycle", "max_lr": 0.01},
        "training": {"epochs": 5, "metrics": ["accuracy", "f1", "auc", "calibration_error"]}},
    "adamw, moving weight decay": {
        "n": 77, "optimizer": {"kind": "adamw"}, "schedule": {
            "kind": "cosine", "initial_lr": 0.01,
            "weight_decay": {"phases": [{"duration": "100%", "weight_decay": {"from": 0, "to": 2}}]}}},
    # 73 = 9 · 8 + 1: one replica gets nothing of the tail
    "one example left": {"n": 73, "optimizer": {"kind": "sgd", "momentum": 0.9}},
    "batches normalised, one left": {"n": 73, "model": NORMALISED, "optimizer": {"kind": "sgd", "momentum": 0.9}},
    "batches normalised, uneven shares": {"n": 77, "model": NORMALISED, "data": {**IRIS, "batch_size": 9}},
    "accumulated, clipped, averaged, weighed": {
        "n": 73, "optimizer": {"kind": "rmsprop"},
        "training": {"epochs": 3, "ema": {"decay": 0.9}, "accumulate": 3, "clip": {"global_norm": 0.1},
                     "class_weight": "balanced"}},
    "constrained": {"n": 77, "model": CONSTRAINED, "optimizer": {"kind": "sgd", "momentum": 0.9},
                    "schedule": {"kind": "constant", "learning_rate": 0.5}},
    "float16": {"n": 73, "hardware": {"precision": "mixed_float16"}, "optimizer": {"kind": "adam"},
                "training": {"epochs": 3, "clip": {"norm": 0.5}}},
    "plateau": {"n": 77, "schedule": {"kind": "plateau", "learning_rate": 0.05, "patience": 1, "min_delta": 0.02}},
    "weighted examples, one left": {"n": 73, "weighted": True},
    # with 73 one replica gets nothing of the tail, and a lone example is mixed with itself
    "changed and mixed images": {
        "n": 73, "sides": [6, 6, 1], "model": {"kind": "sequential", "layers": [{"kind": "flatten"}]},
        "data": {**IRIS, "name": "digits", "scale": "1/255", "batch_size": 8, "augment": [
            {"kind": "rotate", "degrees": 30}, {"kind": "erase"}, {"kind": "mixup", "alpha": 1.0},
            {"kind": "cutmix"}]}},
    "labels, weighted, one left": {"n": 73, "weighted": True, "task": "multi_label",
                                   "training": {"epochs": 3, "metrics": ["accuracy", "f1_micro"]}},
    "several numbers": {"n": 77, "task": "regression", "training": {"epochs": 3, "metrics": ["r2"], "accumulate": 2}},
    "an optimizer of custom code": {
        "n": 73, "optimizer": {"kind": "custom", "target": "own_optimizers:Walks", "momentum": 0.9,
                               "momentum_argument": "beta_1", "weight_decay": 0.1},
        "schedule": {"kind": "1cycle", "max_lr": 0.01}, "training": {"epochs": 3, "clip": {"global_norm": 0.1}}},
    "no metrics": {"n": 77, "training": {"epochs": 1, "metrics": []}},
}  # fmt: skip
FALLING = {"phases": [{"duration": "100%", "factor": {"from": 1.5, "to": 0}}]}
RESUMED = {"n": 77, "model": {**NOISY, "dropout_factor": FALLING},
            "optimizer": {"kind": "adam"},
           "training": {"epochs": 6, "checkpoint": "7 steps", "ema": {"decay": 0.9}}}  # fmt: skip
REFUSED = {"n": 77, "model": NORMALISED, "training": {"epochs": 1, "accumulate": 2}}


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    asked = {"compared": SAME, "resumed": {"resumed": RESUMED}, "refused": REFUSED}
    return answers_of("strategy_driver", asked)


@pytest.mark.parametrize("name", SAME)
def test_two_replicas_have_losses_metrics_and_weights_of_one_device(answers: dict[str, Any], name: str) -> None:
    answer = answers[name]
    assert answer["loss"] < 1e-4
    assert answer["metrics"] < 1e-4
    assert answer["weights"] < 1e-4
    assert answer["examples"][0] == answer["examples"][1] > 0


@pytest.mark.parametrize("name", SAME)
def test_both_replicas_hold_the_same_bits_and_a_second_run_has_them_too(answers: dict[str, Any], name: str) -> None:
    assert answers[name]["copies_differ"] == 0.0
    assert answers[name]["repeats"]


def test_a_run_that_goes_on_from_its_middle_comes_to_the_same_bits(answers: dict[str, Any]) -> None:
    assert answers["resumed"] == {"from": 56, "same": True}


def test_each_replica_draws_its_own_dropout_masks(answers: dict[str, Any]) -> None:
    first, second = answers["masks"]
    assert 0 < sum(first) < len(first)
    assert first != second


def test_an_update_that_overflows_in_float16_is_skipped_on_both_replicas(answers: dict[str, Any]) -> None:
    skipped, unchanged = answers["overflow"]
    assert skipped
    assert unchanged


def test_micro_batches_and_normalised_batches_are_refused_together(answers: dict[str, Any]) -> None:
    assert "work on one device alone" in answers["refused"]


def test_the_devices_are_counted(answers: dict[str, Any]) -> None:
    assert (answers["replicas"], answers["description"]) == (2, ", 2 replicas")
