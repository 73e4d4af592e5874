"""TensorFlow, started as a run starts it, for tests that call the program in their process."""

import os
from collections.abc import Iterator

import pytest

from runner.engine.start import start_tensorflow
from schemas.hardware import Hardware


@pytest.fixture(scope="session", autouse=True)
def tensorflow() -> Iterator[None]:
    """TensorFlow takes its threads once a process; the environment's word keeps runs from setting them again."""
    before = os.environ.get("TF_NUM_INTEROP_THREADS")
    os.environ["TF_NUM_INTEROP_THREADS"] = "2"
    start_tensorflow(Hardware(device="cpu"))
    yield
    if before is None:
        del os.environ["TF_NUM_INTEROP_THREADS"]
    else:
        os.environ["TF_NUM_INTEROP_THREADS"] = before
