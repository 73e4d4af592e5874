"""TensorFlow, started once as a run starts it."""

import pytest

from runner.engine.start import start_tensorflow
from schemas.hardware import Hardware


@pytest.fixture(scope="session", autouse=True)
def tensorflow() -> None:
    start_tensorflow(Hardware(device="cpu"))
