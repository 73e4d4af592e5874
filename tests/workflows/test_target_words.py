"""What targets are called."""

from dataclasses import replace

import numpy as np
import pytest

from runner.data.facts import DataFacts
from runner.workflows.target_words import said_targets


@pytest.fixture
def labels() -> DataFacts:
    """Facts of data with three labels."""
    return DataFacts("builtin", "made", "1", 40, 8, 8, (4,), None, targets=("rain", "snow", "fog"), labels=True)


def test_labels_are_those_that_an_example_has(labels: DataFacts) -> None:
    targets = np.array([[1, 0, 1], [0, 0, 0], [0, 1, 0]], np.float32)
    assert list(said_targets(labels, targets)) == ["rain, fog", "-", "snow"]


def test_several_numbers_have_their_names(labels: DataFacts) -> None:
    assert list(said_targets(replace(labels, labels=False), np.array([[1.0, 0.5, 12345.6]]))) == [
        "rain 1.0000, snow 0.5000, fog 12345.6"
    ]
