"""A state that is not finite is never a checkpoint."""

from pathlib import Path

import numpy as np
import pytest

from runner.engine.loop.checkpoint_saver import PeriodicSaver
from runner.engine.start import start_tensorflow
from runner.errors import Diverged
from runner.record.checkpoint import list_checkpoints
from schemas.hardware import Hardware
from tests.engine.problem import Problem


@pytest.fixture(scope="module", autouse=True)
def _tensorflow() -> None:
    start_tensorflow(Hardware(device="cpu"))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_weight_that_is_not_finite_ends_the_run_before_it_is_saved(tmp_path: Path, value: float) -> None:
    """The loss of a step shows what the weights were before its update."""
    problem = Problem.make(np.random.default_rng(7))
    trainer, saver = problem.trainer(), PeriodicSaver(tmp_path, problem.plan)
    saver.save(trainer.state, trainer.learner)
    trainer.state.position.step = 7
    kernel = problem.learner.model.trainable_variables[0]
    kernel.assign(np.where(np.arange(np.size(kernel)).reshape(kernel.shape) == 3, value, kernel))
    with pytest.raises(Diverged, match=r"kernel is not finite after 7 steps"):
        saver.save(trainer.state, trainer.learner)
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step-000000000000.safetensors"]
