"""tensorflow-datasets: real prepared data where there is some, and a hub that does not answer."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from runner.data.facts import DataFacts
from runner.data.placement import Placement
from runner.data.tfds.hub import unreachable
from runner.data.tfds.load import download, load_tfds
from runner.data.tfds.metadata import tfds_facts
from runner.errors import DataError, HubError
from schemas.data import TfdsData
from tests.cli.program import LIMIT

PREPARED = os.environ.get("TFDS_DATA_DIR")
needs_data = pytest.mark.skipif(
    PREPARED is None, reason="TFDS_DATA_DIR names no prepared tensorflow-datasets directory"
)

IN_MEMORY = Placement(None, True, 0)


def mnist(name: str = "mnist") -> TfdsData:
    return TfdsData.model_validate(
        {"source": "tfds", "name": name,
         "splits": {"train": "train[:500]", "validation": "train[99%:]", "test": "test[-100:]"}}
    )  # fmt: skip


@needs_data
@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_prepared_data_is_read_and_is_what_its_metadata_says(name: str) -> None:
    assert PREPARED is not None
    facts = tfds_facts(mnist(name), Path(PREPARED))
    assert facts == DataFacts("tfds", name, "3.0.1", 500, 600, 100, (28, 28, 1), 10, 1)
    parts = load_tfds(mnist(name), facts, Path(PREPARED), IN_MEMORY)
    assert parts.train.x.shape == (500, 28, 28, 1)
    assert parts.train.x.dtype == np.uint8
    assert set(parts.train.y.tolist()) == set(range(10))
    assert parts.validation is not None
    assert len(parts.validation) == 600


@needs_data
def test_data_that_is_not_what_the_plan_was_made_for_is_refused() -> None:
    assert PREPARED is not None
    facts = tfds_facts(mnist(), Path(PREPARED))
    assert facts is not None
    with pytest.raises(DataError, match="metadata says 501"):
        load_tfds(mnist(), replace(facts, train=501), Path(PREPARED), IN_MEMORY)


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port that nobody listens at, and that nobody else gets in the meantime."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def test_a_hub_out_of_reach_is_known_before_anything_is_written(
    deaf_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{deaf_port}")
    monkeypatch.setattr("runner.data.tfds.hub.SECONDS", LIMIT)
    with pytest.raises(HubError, match="cannot be reached") as caught:
        download(mnist(), tmp_path, lambda message: None)
    assert len(caught.value.help) == 2
    assert not any(tmp_path.iterdir())


def test_a_hub_that_accepts_and_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.data.tfds.hub.SECONDS", 0.5)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        reason = unreachable([f"http://127.0.0.1:{listener.getsockname()[1]}/file"])
    assert reason is not None


def test_a_name_that_tensorflow_datasets_does_not_ship_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no dataset 'no_such_dataset'"):
        download(mnist("no_such_dataset"), tmp_path, lambda message: None)
