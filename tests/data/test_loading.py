"""Data on its way: whoever asks for a split waits for it, and hears what went wrong."""

import subprocess
import sys
import threading

import numpy as np
import pytest

from runner.data.background import Loading
from runner.data.examples import Dataset, Examples
from runner.errors import DataError
from tests.cli.program import LIMIT

DATASET = Dataset(Examples(np.zeros((3, 2)), np.zeros(3)), None, Examples(np.ones((1, 2)), np.ones(1)))


def test_a_split_is_waited_for() -> None:
    go = threading.Event()

    def load() -> Dataset:
        assert go.wait(LIMIT)
        return DATASET

    loading = Loading(load)  # returns before there is anything
    go.set()
    assert loading.train is DATASET.train
    assert loading.validation is None
    assert loading.test is DATASET.test


def test_what_goes_wrong_is_raised_where_a_split_is_asked_for() -> None:
    def load() -> Dataset:
        raise DataError("torn")

    loading = Loading(load)
    for _ in range(2):
        with pytest.raises(DataError, match="torn"):
            _ = loading.train


def test_what_must_not_be_imported_beside_the_model_is_imported_before() -> None:
    """In a process of its own, because this one may have it already."""
    script = (
        "import sys; from types import SimpleNamespace as Plan; from runner.data.load import import_readers; "
        "from schemas.data import TfdsData; import_readers(Plan(source=TfdsData(source='tfds', name='mnist'))); "
        "assert 'tensorflow_datasets' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
