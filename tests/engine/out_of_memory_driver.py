"""Trains in a process that may take 4 GiB more than it has once TensorFlow is ready; prints how the run ended.

Arguments: batch size, units of the hidden layer.
"""

import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.access import DataAccess
from runner.data.examples import Dataset
from runner.data.facts import DataFacts
from runner.engine.loop import session
from runner.engine.start import start_tensorflow
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.record.directory import open_explicit
from schemas.hardware import Hardware
from schemas.recipe import Recipe
from tests.engine.problem import BASE, Problem, examples

EXAMPLES = 40_000


def plan_of(batch_size: int, units: int) -> Plan:
    changes: dict[str, Any] = {
        "data": {"source": "builtin", "name": "iris", "batch_size": batch_size},
        "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": units}]},
        "training": {"epochs": 1},
    }
    facts = DataFacts("builtin", "made", "1", EXAMPLES, 20, 0, (4,), 3)
    return make_plan(Recipe.model_validate({**BASE, **changes}), facts)


def limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + 4 * 2**30
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def main(batch_size: int, units: int) -> None:
    start_tensorflow(Hardware(device="cpu", threads=2))
    generator = np.random.default_rng(7)
    Problem.make(generator).train()  # threads have their stacks now, and kernels are loaded
    dataset = Dataset(examples(generator, EXAMPLES), examples(generator, 20), None)
    session.load_data = lambda plan, folder: dataset  # type: ignore[attr-defined]
    directory = open_explicit(Path(tempfile.mkdtemp()) / "run")
    job = session.TrainingJob(
        plan_of(batch_size, units), DataAccess(directory.root), directory, directory.checkpoints(), lambda _: None
    )
    limit_memory()
    ended = session.train(job, lambda event: None, 0.0)
    print(f"{ended.status} after {ended.steps} steps: {ended.message}")


main(*map(int, sys.argv[1:]))
