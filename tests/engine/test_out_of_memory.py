"""Memory that really runs out: the batch size is named, and what would fit.

In processes of their own, with little memory left to them. Without oneDNN, whose kernels crash where an allocation
fails instead of saying so (TensorFlow 2.21); on a GPU they have no part.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.engine.loop.out_of_memory import out_of_memory_as_error
from runner.errors import OutOfMemory
from runner.plan.capacity import fitting_batch_size, memory_of
from tests.cli.program import LIMIT
from tests.engine.problem import Problem

ROOT = Path(__file__).parents[2]


def ended(batch_size: int, units: int) -> str:
    command = [sys.executable, "-m", "tests.engine.out_of_memory_driver", str(batch_size), str(units)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "TF_ENABLE_ONEDNN_OPTS": "0"},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=True,
    )
    return done.stdout.strip()


def test_a_batch_that_does_not_fit_is_named_with_one_that_would() -> None:
    said = ended(20_000, 1_000_000)
    assert said.startswith("failed after 0 steps: out of memory with data.batch_size: 20000; the run needs about 7")
    size = int(said.split("try data.batch_size: ")[1].split(",")[0])
    divided = int(said.split("training.accumulate: ")[1].split(",")[0])
    assert 100 < size < 2_000
    assert size * divided == pytest.approx(20_000, rel=0.05)


def test_weights_that_do_not_fit_have_no_batch_size() -> None:
    said = ended(64, 2_000_000_000)
    assert said.startswith("failed after 0 steps: out of memory with data.batch_size: 64")
    assert said.endswith("no batch size fits, take fewer units or a part of the data")


def test_what_would_fit_is_halved_until_the_estimate_does(problem: Callable[..., Problem]) -> None:
    from runner.model.build import layer_shapes

    data = {"source": "builtin", "name": "iris", "batch_size": 1000}
    plan = problem(data=data).plan
    layers = layer_shapes(plan.layers, plan.data.shape)
    memory = memory_of(plan, layers)
    assert fitting_batch_size(plan, layers, 10 * memory.total) == 500, "it did not fit, whatever the estimate says"
    assert fitting_batch_size(plan, layers, memory.weights + memory.data + memory.activations // 10) == 62
    assert fitting_batch_size(plan, layers, memory.weights) is None


def test_the_estimate_counts_micro_batches_averages_and_half_precision(problem: Callable[..., Problem]) -> None:
    from runner.model.build import layer_shapes

    data = {"source": "builtin", "name": "iris", "batch_size": 1000}
    ways = [{}, {"training": {"epochs": 1, "accumulate": 4}}, {"training": {"epochs": 1, "ema": {}}},
            {"hardware": {"precision": "mixed_float16"}}]  # fmt: skip
    plans = [problem(data=data, **way).plan for way in ways]
    plain, divided, averaged, half = (memory_of(plan, layer_shapes(plan.layers, (4,))) for plan in plans)
    assert divided.activations * 4 == half.activations * 2 == plain.activations == averaged.activations
    assert divided.weights * 3 == averaged.weights * 3 == plain.weights * 4


@pytest.mark.parametrize("error", [MemoryError("no room"), None])
def test_python_running_out_is_told_as_well_and_other_errors_are_left_alone(
    problem: Callable[..., Problem], error: MemoryError | None
) -> None:
    plan = problem().plan
    with pytest.raises(OutOfMemory if error else ZeroDivisionError), out_of_memory_as_error(plan):
        raise error or ZeroDivisionError
