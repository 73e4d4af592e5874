"""Evaluation of a split: the engine's against Keras' own.

``python -m tests.benchmarks.evaluating NAME WORKLOAD EXAMPLES`` prints one JSON object, as the contestants do.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from runner.plan.plan import Plan
from tests.benchmarks.workload import dataset, plan_for

TIMES = 5
"""Evaluations after the first, which compiles."""


def engine(plan: Plan) -> Callable[[], Any]:
    """The compiled evaluation of a run."""
    from runner.engine.start import start_tensorflow
    from runner.plan.threads import threads_for
    from schemas.hardware import Hardware

    replicas = start_tensorflow(Hardware(device="cpu"), threads_for(plan)).replicas
    from runner.engine.step.evaluation import compile_evaluation
    from runner.engine.step.learner import make_learner

    data = dataset(plan)
    return compile_evaluation(make_learner(plan, data, replicas), data.train, plan.metrics)


def _keras(plan: Plan, batch_size: int | None) -> Callable[[], Any]:
    from tests.benchmarks.contestants import _examples, _plain_model

    model = _plain_model(plan)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    data = _examples(plan)
    return lambda: model.evaluate(data["x"], data["y"], batch_size=batch_size, verbose=0)


CONTESTANTS: dict[str, Callable[[Plan], Callable[[], Any]]] = {
    "engine": engine,
    "keras": lambda plan: _keras(plan, None),
    "keras x1000": lambda plan: _keras(plan, 1000),
}
"""Keras with its own batches of 32, and with the engine's."""


def main() -> None:
    """Evaluate and print what it took."""
    name, workload, examples = sys.argv[1:]
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    evaluate = CONTESTANTS[name](plan_for(workload, 1, int(examples)))
    evaluate()
    ends = [time.perf_counter()]
    for _ in range(TIMES):
        evaluate()
        ends.append(time.perf_counter())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": list(np.diff(ends)), "peak_mib": peak}))


if __name__ == "__main__":
    main()
