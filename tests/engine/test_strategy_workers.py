"""Two workers by TF_CONFIG: the same bits on both, and what one device would do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from runner.engine.distributed.cluster import Cluster
from runner.engine.distributed.workers import worker_loss_as_error
from runner.errors import WorkerLost
from runner.events import EpochEnded
from tests.cli.crew import Crew, configs, start
from tests.engine.problem import Problem

pytestmark = pytest.mark.slow

Make = Callable[..., Problem]
CASES: dict[str, dict[str, Any]] = {
    "sgd": {"n": 77, "optimizer": {"kind": "sgd", "nesterov": True}, "schedule": {"kind": "1cycle", "max_lr": 0.1}},
    "adam": {
        "n": 73,
        "optimizer": {"kind": "adam"},
        "schedule": {"kind": "1cycle", "max_lr": 0.01},
        "training": {"epochs": 5, "metrics": ["accuracy", "f1", "auc"]},
    },
}


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    program = ("-m", "tests.engine.worker_driver")
    cwd = Path(__file__).parents[2]
    with Crew(*(start(config, json.dumps(CASES), cwd=cwd, program=program) for config in configs())) as crew:
        ended = crew.wait()
    assert [code for code, _, _ in ended] == [0, 0], ended
    return [json.loads(out) for _, out, _ in ended]


def test_a_worker_that_dies_just_after_all_have_met_does_not_keep_the_chief_for_ever() -> None:
    script = (
        "from runner.engine.distributed import strategy\n"
        "from runner.engine.start import start_tensorflow\n"
        "from schemas.hardware import Hardware\n"
        "strategy.meet, strategy.JOIN_SECONDS = lambda cluster: None, 2.0\n"
        "start_tensorflow(Hardware(device='cpu', strategy='multi_worker'))\n"
    )
    with Crew(start(configs()[0], script, cwd=Path(__file__).parents[2], program=("-c",))) as crew:
        ((code, _, err),) = crew.wait()
    assert code == 1
    assert "Timeout" in err
    assert "in _joined" in err


@pytest.mark.parametrize("kind", [tf.errors.AbortedError, tf.errors.UnavailableError])
def test_a_worker_that_is_lost_while_a_layer_is_built_is_no_fault_of_the_layer(
    problem: Make, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def gone(*_: object) -> None:
        raise kind(None, None, "Error reported from /job:worker/replica:0/task:1: it stopped sending heartbeats")

    monkeypatch.setattr("runner.model.build.build_layer", gone)
    cluster = Cluster("TF_CONFIG", ("a:1", "b:2"), 0)
    with pytest.raises(WorkerLost, match=r"worker 1 \(b:2\) is gone"), worker_loss_as_error(cluster):
        problem()


@pytest.mark.parametrize("name", CASES)
def test_both_workers_end_with_the_same_bits(answers: list[dict[str, Any]], name: str) -> None:
    first, second = (answer[name] for answer in answers)
    assert first["digest"] == second["digest"]
    assert first["losses"] == second["losses"]
    assert first["figures"] == second["figures"]


@pytest.mark.parametrize("name", CASES)
def test_two_workers_have_losses_and_weights_of_one_device(
    answers: list[dict[str, Any]], problem: Make, name: str
) -> None:
    alone = problem(**CASES[name])
    alone.train()
    losses = [loss for event in alone.steps() for loss in event.loss]
    np.testing.assert_allclose(answers[0][name]["losses"], losses, atol=1e-4)
    figures = [event.metrics for event in alone.events if isinstance(event, EpochEnded)][-1]
    assert answers[0][name]["figures"] == pytest.approx(figures, abs=1e-4)
    for two, one in zip(answers[0][name]["weights"], alone.learner.model.get_weights(), strict=True):
        np.testing.assert_allclose(two, one, atol=1e-4)
