"""What several tests of the sinks share."""

from collections.abc import Iterator

import pytest

from tests.sinks.mlflow_stub import MlflowStub, mlflow_stub


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[MlflowStub]:
    """A server that stands for MLflow's, where the program looks for it."""
    with mlflow_stub() as told:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", told.uri)
        yield told
