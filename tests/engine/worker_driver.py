"""One worker of several: trains each case on its standard input and prints the losses and what it ends with."""

import hashlib
import json
import sys

import numpy as np

from runner.engine.loop.variables import state_dict
from runner.engine.start import start_tensorflow
from runner.engine.step.learner import make_learner
from runner.events import EpochEnded
from schemas.hardware import Hardware
from tests.engine.problem import Problem


def digest(problem: Problem) -> str:
    """SHA-256 of every variable of model and optimizer."""
    found = hashlib.sha256()
    for name, array in sorted(state_dict(problem.learner).items()):
        found.update(name.encode() + array.tobytes())
    return found.hexdigest()


def main() -> None:
    cases = json.loads(sys.argv[1])
    replicas = start_tensorflow(Hardware(device="cpu", strategy="multi_worker")).replicas
    answers = {}
    for name, case in cases.items():
        problem = Problem.make(np.random.default_rng(7), **case)
        problem.learner = make_learner(problem.plan, problem.dataset, replicas)
        problem.train()
        losses = [loss for event in problem.steps() for loss in event.loss]
        weights = [array.tolist() for array in problem.learner.model.get_weights()]
        figures = [event.metrics for event in problem.events if isinstance(event, EpochEnded)][-1]
        answers[name] = {"losses": losses, "digest": digest(problem), "weights": weights, "figures": figures}
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
