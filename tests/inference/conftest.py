"""Small runs, trained once in this process, and the program called in it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from runner.cli import app
from tests.inference.trained import OWN_DATA, RECIPES, Trained
from tests.started import tensorflow

__all__ = ["tensorflow"]


def _trained(name: str, factory: pytest.TempPathFactory) -> Trained:
    folder = factory.mktemp(name)
    (folder / "recipe.yaml").write_text(RECIPES[name])
    if name in OWN_DATA:
        OWN_DATA[name](folder)
    arguments = ["run", str(folder / "recipe.yaml"), "--run-dir", str(folder / "run"), "--progress", "none", "--json"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return Trained(folder / "run", json.loads(done.stdout))


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Grey images of 8 × 8 in ten classes, with batch normalisation and dropout."""
    return _trained("digits", tmp_path_factory)


@pytest.fixture(scope="session")
def iris(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Rows of four numbers, in three classes that have names."""
    return _trained("iris", tmp_path_factory)


@pytest.fixture(scope="session")
def cancer(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Two named classes, and a model with a single output."""
    return _trained("breast_cancer", tmp_path_factory)


@pytest.fixture(scope="session")
def threshold(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Two classes, told apart by a threshold that was chosen on validation; the model gives a logit."""
    return _trained("threshold", tmp_path_factory)


@pytest.fixture(scope="session")
def diabetes(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A regression on rows of ten numbers."""
    return _trained("diabetes", tmp_path_factory)


@pytest.fixture(scope="session")
def flats(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A table with missing values, in three classes; a row without `year` is dropped."""
    return _trained("flats", tmp_path_factory)


@pytest.fixture(scope="session")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Texts of a CSV file, in two classes."""
    return _trained("reviews", tmp_path_factory)


@pytest.fixture(scope="session")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A table of dates; a row without `born` is dropped."""
    return _trained("visits", tmp_path_factory)


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Image files that are turned and brought to one size, in two classes."""
    return _trained("snapshots", tmp_path_factory)


@pytest.fixture(scope="session")
def hours(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A table of which two numbers are predicted, one of them called ``id``."""
    return _trained("hours", tmp_path_factory)


@pytest.fixture(scope="session")
def weather(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A table of which two labels are predicted, by a model that gives logits."""
    return _trained("weather", tmp_path_factory)


@pytest.fixture(scope="session")
def rain(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A table of which two labels are predicted, each by a threshold that was chosen on validation."""
    return _trained("rain", tmp_path_factory)


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Four outputs: two classes and labels with thresholds, a number, three classes; with dropout."""
    return _trained("clinic", tmp_path_factory)


@pytest.fixture(scope="session")
def moles(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Photos beside a number and a word, in two named classes."""
    return _trained("moles", tmp_path_factory)


@pytest.fixture(scope="session")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MLP, trained for a short while on whole MNIST."""
    folder = tmp_path_factory.mktemp("mnist") / "run"
    short = ["--set", "training.epochs=1", "--set", "expect=null", "--set", "data.fallback=null"]
    arguments = ["run", "mnist_1cycle", "--run-dir", str(folder), "--progress", "none", *short]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return folder
