"""Two runs that many tests look at, each made once."""

from pathlib import Path

import pytest

from tests.faults.program import run


@pytest.fixture(scope="session")
def straight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nothing happened to."""
    folder = tmp_path_factory.mktemp("straight") / "run"
    done = run(folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was killed at step 33 of 60, with checkpoints of 21 and 28 steps; to be copied."""
    folder = tmp_path_factory.mktemp("killed") / "run"
    done = run(folder, fault="torn-event:33")
    assert done.returncode == -9, done.stderr
    return folder
