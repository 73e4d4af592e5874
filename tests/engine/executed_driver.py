"""Trains every kind of schedule mirrored on two devices, in a process with a divided CPU; prints what differed.

A process of its own, because the CPU is divided before TensorFlow computes anything.
"""

import json
import os
from typing import Any

import numpy as np

from runner.engine.distributed.strategy import LOGICAL_CPUS
from runner.engine.start import start_tensorflow
from runner.engine.step.learner import make_learner
from schemas.hardware import Hardware
from tests.engine.executed import DRIVEN, compiled_once, cuts, differing, executed, under
from tests.engine.problem import Problem
from tests.schedule_examples import EXAMPLES


def told(case: Problem) -> dict[str, Any]:
    return {
        "differing": differing(case),
        "steps": {name: len(values) for name, values in executed(case).items()},
        "cuts": len(cuts(case)),
    }


def main() -> None:
    os.environ[LOGICAL_CPUS] = "2"
    replicas = start_tensorflow(Hardware(device="cpu", strategy="mirrored")).replicas
    # 77 = 9 · 8 + 5: one replica gets two examples of the tail, the other three
    problem = Problem.make(np.random.default_rng(7), n=77, training={"epochs": 10}, **DRIVEN)
    problem.learner = make_learner(problem.plan, problem.dataset, replicas)
    with compiled_once(problem):
        kinds = {kind: told(under(problem, kind, pace=7)) for kind in EXAMPLES}
    print(json.dumps({"replicas": replicas.count, "kinds": kinds}))


if __name__ == "__main__":
    main()
