"""Trains each case on one device and mirrored on two, in one process with a divided CPU; prints what came out.

A process of its own, because the CPU is divided before TensorFlow computes anything.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np

from runner.engine.distributed.replicas import ALONE, Replicas
from runner.engine.distributed.strategy import LOGICAL_CPUS
from runner.engine.loop.checkpoint_saver import PeriodicSaver
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Trainer
from runner.engine.loop.variables import state_dict
from runner.engine.start import start_tensorflow
from runner.engine.step.learner import make_learner
from runner.errors import BuildError
from runner.events import EpochEnded, Steps
from runner.record.checkpoint import list_checkpoints, read_checkpoint
from schemas.hardware import Hardware
from tests.engine.problem import Problem, go_on

REPLICAS = 2


def made(case: dict[str, Any], replicas: Replicas) -> Problem:
    keras.utils.clear_session()
    problem = Problem.make(np.random.default_rng(7), code=Path(__file__).parent, **case)
    problem.learner = make_learner(problem.plan, problem.dataset, replicas)
    return problem


def trained(case: dict[str, Any], replicas: Replicas) -> tuple[Problem, Trainer]:
    problem = made(case, replicas)
    trainer = problem.trainer()
    trainer.run()
    return problem, trainer


def compared(case: dict[str, Any], replicas: Replicas) -> dict[str, Any]:
    """Largest differences of one device and two, and whether two are the same the second time."""
    (one, _), (two, _), (again, _) = (trained(case, r) for r in (ALONE, replicas, replicas))
    reference, weights = state_dict(one.learner), state_dict(two.learner)
    return {
        "loss": largest(losses(one), losses(two)),
        "metrics": largest(metrics(one), metrics(two)),
        "weights": max(largest(reference[name], weights[name]) for name in reference),
        "examples": [sum(e.examples for e in p.steps()) for p in (one, two)],
        "repeats": all(np.array_equal(a, weights[name]) for name, a in state_dict(again.learner).items()),
        "copies_differ": copies_differ(two),
    }


def copies_differ(problem: Problem) -> float:
    """Largest difference between the two replicas' copies of any variable of the model."""
    pairs = [variable.value.values for variable in problem.learner.model.variables]
    return max(largest(*(copy.numpy() for copy in copies)) for copies in pairs)


def losses(problem: Problem) -> list[float]:
    return [loss for event in problem.events if isinstance(event, Steps) for loss in event.loss]


def metrics(problem: Problem) -> list[list[float]]:
    return [list(event.metrics.values()) for event in problem.events if isinstance(event, EpochEnded)]


def largest(a: Any, b: Any) -> float:
    return float(np.max(np.abs(np.asarray(a, np.float64) - np.asarray(b, np.float64))))


def resumed(case: dict[str, Any], replicas: Replicas) -> dict[str, Any]:
    """Whether a run that goes on from a checkpoint in its middle comes to the same bits."""
    straight, _ = trained(case, replicas)
    with tempfile.TemporaryDirectory() as folder:
        first = made(case, replicas)
        saver = PeriodicSaver(Path(folder), first.plan)
        Trainer(first.plan, first.learner, first.dataset, first.events.append, StopRequest(), saver).run()
        checkpoint = read_checkpoint(list_checkpoints(Path(folder))[-1])
    second = made(case, replicas)
    trainer = second.trainer()
    go_on(trainer, checkpoint)
    trainer.run()
    wanted = state_dict(straight.learner)
    return {
        "from": checkpoint.step,
        "same": all(np.array_equal(array, wanted[name]) for name, array in state_dict(second.learner).items()),
    }


def masks(replicas: Replicas) -> list[list[float]]:
    """What a dropout layer lets through on each replica."""
    model = {"kind": "sequential", "layers": [{"kind": "dense", "units": 64, "dropout": 0.5}]}
    (layer,) = (item for item in made({"model": model}, replicas).learner.model.layers if "dropout" in item.name)
    drawn = replicas.run(lambda: layer(np.ones((1, 64), np.float32), training=True)[0] > 0)
    return [copy.numpy().astype(float).tolist() for copy in replicas.strategy.experimental_local_results(drawn)]


def overflow(replicas: Replicas) -> tuple[bool, bool]:
    """Whether a step with a loss scale beyond float16 is skipped, and whether it leaves the weights alone."""
    problem = made({"hardware": {"precision": "mixed_float16"}, "training": {"epochs": 1}}, replicas)
    before = problem.learner.model.get_weights()
    problem.learner.loss_scale.scale.assign(2.0**24)
    planned = {"learning_rate": np.ones(1, np.float32), "momentum": np.zeros(1, np.float32)}
    values = problem.trainer().stepper.run_steps(np.arange(8, dtype=np.int32), planned)
    after = problem.learner.model.get_weights()
    return bool(values.skipped[0]), all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def refused(case: dict[str, Any], replicas: Replicas) -> str:
    try:
        made(case, replicas)
    except BuildError as error:
        return str(error)
    return ""


def main() -> None:
    asked = json.load(sys.stdin)
    os.environ[LOGICAL_CPUS] = str(REPLICAS)
    replicas = start_tensorflow(Hardware(device="cpu", strategy="mirrored")).replicas
    answers = {name: compared(case, replicas) for name, case in asked["compared"].items()}
    answers |= {name: resumed(case, replicas) for name, case in asked["resumed"].items()}
    answers |= {
        "masks": masks(replicas),
        "overflow": overflow(replicas),
        "refused": refused(asked["refused"], replicas),
    }
    print(json.dumps({"replicas": replicas.count, "description": replicas.description, **answers}))


if __name__ == "__main__":
    main()
