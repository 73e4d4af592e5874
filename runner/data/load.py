"""The plan's data as arrays."""

from pathlib import Path
from typing import Protocol

from runner.data.builtin import load_builtin
from runner.data.examples import Dataset, Examples, Split
from runner.data.facts import DataFacts
from runner.data.placement import Residency
from runner.data.streaming.windows import Streamed, WindowOrder
from runner.data.tfds.load import load_tfds
from schemas.data import TfdsData
from schemas.recipe import Recipe


class PlannedData(Protocol):
    """The part of a plan that says which examples are read, and how."""

    @property
    def recipe(self) -> Recipe:
        """What was asked for."""

    @property
    def data(self) -> DataFacts:
        """What it was found to be; the fallback's facts where the fallback is used."""

    @property
    def residency(self) -> Residency:
        """What stays in memory."""


def load_data(plan: PlannedData, data_dir: Path) -> Dataset:
    """Read what the plan names: the recipe's dataset, or the built-in sample (its own or the fallback).

    Raises:
        DataError: when the files are missing or are not what the plan was made for.
    """
    data, where = plan.recipe.data, plan.residency
    if plan.data.source == "tfds":
        assert isinstance(data, TfdsData)
        return load_tfds(data, plan.data, data_dir, where)
    dataset = load_builtin(plan.data, plan.recipe.seed)
    return dataset if where.window is None else _windowed(dataset, where)


def _windowed(dataset: Dataset, where: Residency) -> Dataset:
    """In the order and by the way of data that does not fit: a sample behaves as its recipe says, however small."""

    def made(split: Split | None) -> Split | None:
        return split if split is None or where.evaluation else streamed(split, where)

    return Dataset(streamed(dataset.train, where), made(dataset.validation), made(dataset.test))


def streamed(split: Split, where: Residency) -> Streamed:
    """Examples in memory, given out window by window."""
    assert isinstance(split, Examples)
    assert where.window is not None
    return Streamed(
        WindowOrder(len(split), where.window.block, where.window.blocks),
        lambda ranges: (Examples(split.x[start:stop], split.y[start:stop]) for start, stop in ranges),
        split.x.shape[1:],
        split.x.dtype,
        split.y.dtype,
        split.digest(),
    )
