"""What several tests of the sinks share."""

import os
from collections.abc import Iterator

import pytest

from tests.sinks.mlflow_server import VARIABLE, MlflowReader, MlflowServer, mlflow_client, mlflow_server
from tests.sinks.mlflow_stub import MlflowStub, mlflow_stub


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[MlflowStub]:
    """A server that stands for MLflow's, where the program looks for it."""
    with mlflow_stub() as told:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", told.uri)
        yield told


@pytest.fixture(scope="session")
def python() -> str:
    """One that has MLflow."""
    found = os.environ.get(VARIABLE)
    assert found, f"{VARIABLE} names no Python that has MLflow; `make test-trackers` makes one"
    return found


@pytest.fixture(scope="session")
def server(python: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    """MLflow's own; a test that kills it starts it again."""
    with mlflow_server(python, tmp_path_factory.mktemp("mlflow")) as running:
        yield running


@pytest.fixture(scope="session")
def client(python: str, server: MlflowServer) -> Iterator[MlflowReader]:
    """MLflow's own client."""
    with mlflow_client(python, server.address) as reader:
        yield reader
