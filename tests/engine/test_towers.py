"""A batch in parts side by side is the batch as a whole, but for rounding and the masks of dropout."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from runner.engine.distributed.replicas import Replicas
from runner.engine.step.learner import make_learner
from runner.engine.step.lockstep import outputs_of_parts
from runner.plan.plan import Plan
from runner.plan.threads import VARIABLES, Threads, cores, process_settings, threads_for, why_apart
from tests.engine.problem import Problem
from tests.engine.replay import largest_difference, losses_of

PENALTY = {"kind": "dense", "units": 5, "activation": "tanh", "kernel_regularizer": {"l2": 0.3}}
DENSE = {"kind": "dense", "units": 16, "activation": "relu"}
RESIDUAL = {
    "kind": "functional",
    "layers": [
        {**DENSE, "name": "stem"},
        {"kind": "batch_normalization"},
        {"kind": "dense", "units": 16, "name": "learned"},
        {"kind": "batch_normalization", "name": "normalised"},
        {"kind": "add", "inputs": ["stem", "normalised"]},
    ],
}
DROPOUT = {"kind": "dense", "units": 16, "activation": "tanh", "dropout": 0.4}


def trained(towers: int, seed: int = 11, **case: Any) -> Problem:
    case = {"n": 77, "schedule": {"kind": "1cycle", "max_lr": 0.1}, **case}
    problem = Problem.make(np.random.default_rng(seed), **case)
    problem.learner = make_learner(problem.plan, problem.dataset, Replicas(towers=towers))
    problem.train()
    return problem


NORMALISED = {"kind": "batch_normalization"}


def layers(*layers: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "sequential", "layers": list(layers)}


# 77 examples in batches of 8 leave a tail of 5; with 9 it is a single one, and a part of it is empty
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "empty part": {"n": 9},
    "penalty": {"model": layers(PENALTY)},
    "weighted examples": {"weighted": True},
    "micro-batches": {"training": {"epochs": 5, "accumulate": 3}},
    "weights and clipping": {"training": {"epochs": 5, "class_weight": {"1": 4.0}, "clip": {"global_norm": 0.1}}},
}
NORMALISING: dict[str, dict[str, Any]] = {
    "chain": {"model": layers(PENALTY, NORMALISED, DENSE, {**NORMALISED, "scale": False, "center": False})},
    "frozen at first": {
        "model": layers(PENALTY, {**NORMALISED, "name": "normalised"}),
        "groups": {
            "base": {
                "layers": ["normalised"],
                "factor": {"phases": [{"duration": "1 epochs", "factor": 0}, {"duration": "1 epochs", "factor": 1}]},
            }
        },
    },
    "resized": {
        "model": layers(
            {"kind": "reshape", "target_shape": [2, 2, 1]},
            {"kind": "resizing", "height": 4, "width": 4},  # Keras keeps the arguments of this layer's call
            {"kind": "flatten"},
            NORMALISED,
        )
    },
    "empty part": {
        "model": layers(PENALTY, NORMALISED),
        "n": 9,
        "schedule": {"kind": "constant", "learning_rate": 0.1},
    },
    "residual": {"model": RESIDUAL},
    "weighted examples": {"weighted": True, "model": layers(PENALTY, NORMALISED)},
    "averaged weights": {"model": layers(DENSE, NORMALISED), "training": {"epochs": 1, "ema": {"decay": 0.9}}},
}


@pytest.mark.parametrize(("towers", "name"), [*((2, name) for name in CASES), (3, "plain"), (3, "empty part")])
def test_parts_train_as_the_whole_batch_does(towers: int, name: str) -> None:
    require_same(towers, CASES[name], 1e-5)


@pytest.mark.parametrize(("towers", "name"), [*((2, name) for name in NORMALISING), (3, "empty part")])
def test_parts_are_normalised_by_the_whole_batch(towers: int, name: str) -> None:
    """A part's own moments would move the weights by more than 0.01; a small variance amplifies the rounding."""
    require_same(towers, {"training": {"epochs": 2}, **NORMALISING[name]}, 1e-4)


def require_same(towers: int, case: dict[str, Any], within: float) -> None:
    whole, divided = trained(1, **case), trained(towers, **case)
    assert largest_difference(divided.learner.model.get_weights(), whole.learner.model.get_weights()) < within
    np.testing.assert_allclose(losses_of(divided), losses_of(whole), atol=within)
    assert not np.isnan(losses_of(divided)).any()


def test_dropout_is_the_same_in_every_run_and_differs_between_parts() -> None:
    once, again = (trained(2, model=layers(DROPOUT)) for _ in range(2))
    assert losses_of(once) == losses_of(again)
    assert all(
        np.array_equal(a, b)
        for a, b in zip(once.learner.model.get_weights(), again.learner.model.get_weights(), strict=True)
    )


def test_masks_in_lockstep_are_those_of_parts_apart() -> None:
    """To the bit: each layer draws them part after part, whichever layer comes between."""
    problem = Problem.make(np.random.default_rng(4), model=layers(DROPOUT, {**DROPOUT, "dropout": 0.2}))
    model, inputs = problem.learner.model, tf.constant(problem.dataset.train.x)
    parts, states = (
        [inputs[:20], inputs[20:37], inputs[37:]],
        [state.numpy() for state in model.non_trainable_variables],
    )
    assert len(states) == 2
    apart = [model(part, training=True).numpy() for part in parts]
    for state, before in zip(model.non_trainable_variables, states, strict=True):
        state.assign(before)
    together = outputs_of_parts(model, parts)
    assert all(np.array_equal(one, other) for one, other in zip(apart, together, strict=True))


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


STEPS = {"kind": "reshape", "target_shape": [2, 2]}


def plan(batch_size: int = 128, **overrides: Any) -> Plan:
    data = {"source": "builtin", "name": "iris", "batch_size": batch_size}
    overrides = {"hardware": {"threads": 2}, **overrides}
    return Problem.make(np.random.default_rng(0), n=256, data=data, **overrides).plan


def test_a_batch_is_divided_among_the_threads() -> None:
    assert threads_for(plan()) == Threads(within=1, between=2, towers=2)
    assert threads_for(plan(hardware={"threads": 4})) == Threads(within=1, between=4, towers=4)
    assert threads_for(plan(128, model=layers(STEPS, {"kind": "gru", "units": 3}))).towers == 2


@pytest.mark.parametrize(
    "whole",
    [
        {"model": layers({"kind": "dense", "units": 3}, {"kind": "batch_normalization"})},
        {"hardware": {"threads": 2, "strategy": "mirrored"}},
        {"hardware": {"threads": 2, "xla": "on"}},
        {"batch_size": 31},
        {"training": {"epochs": 1, "accumulate": 8}},
        {"hardware": {"threads": 5}},
        {"hardware": {"threads": 1}},
        {"batch_size": 126, "model": layers(STEPS, {"kind": "gru", "units": 3})},
        {"model": layers(STEPS, {"kind": "bidirectional", "layer": {"kind": "gru", "units": 3}})},
    ],
    ids=[
        "normalisation",
        "several devices",
        "XLA",
        "small parts",
        "small micro-batches",
        "many threads",
        "one thread",
        "small recurrent parts",
        "two directions",
    ],
)
def test_a_batch_stays_whole_where_it_has_to_or_where_it_does_not_pay(whole: dict[str, Any]) -> None:
    decided = threads_for(plan(**whole))
    assert decided.towers == 1
    assert decided.within == decided.between


def test_parts_that_are_known_rule_whatever_the_threads() -> None:
    assert threads_for(replace(plan(), parts=1)) == Threads(within=2, between=2)
    assert threads_for(replace(plan(), parts=4)) == Threads(within=1, between=2, towers=4)
    assert threads_for(replace(plan(hardware={"threads": 8}), parts=2)) == Threads(within=4, between=8, towers=2)
    assert threads_for(replace(plan(hardware={"threads": 1}), parts=2)) == Threads(within=1, between=1, towers=2)
    assert threads_for(replace(plan(hardware={"threads": 2, "xla": "on"}), parts=2)).towers == 1


def test_threads_that_the_environment_sets_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "2")
    assert threads_for(plan()).towers == 1
    assert threads_for(plan(hardware={})) == Threads()


def test_plans_with_other_threads_do_not_share_a_process() -> None:
    assert process_settings(plan()) == process_settings(replace(plan(), steps=7))
    assert process_settings(plan()) != process_settings(plan(batch_size=8))
    assert process_settings(plan()) != process_settings(plan(hardware={"threads": 2, "deterministic": False}))


def test_what_keeps_two_plans_apart_is_named() -> None:
    small, other = process_settings(plan(batch_size=8)), plan(hardware={"threads": 2, "deterministic": False})
    assert "takes the use of threads, deterministic kernels once a process" in why_apart(process_settings(other), small)
    assert "takes the use of threads once a process" in why_apart(process_settings(plan()), small)


def test_cores_are_those_that_this_process_may_use() -> None:
    assert cores() >= 1
