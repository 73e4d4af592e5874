"""TensorFlow, started once as a run starts it, and small problems to train on."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from runner.engine.start import start_tensorflow
from schemas.hardware import Hardware
from tests.engine.problem import Problem


@pytest.fixture(scope="session", autouse=True)
def tensorflow() -> None:
    start_tensorflow(Hardware(device="cpu"))


@pytest.fixture
def problem() -> Callable[..., Problem]:
    """Make a small classification problem; keyword arguments are keys of the recipe."""

    def make(**overrides: Any) -> Problem:
        return Problem.make(np.random.default_rng(7), **overrides)

    return make
