"""The plan's data as arrays."""

from pathlib import Path

from runner.build.arrays import Dataset
from runner.build.builtin import load_builtin
from runner.build.tfds import load_tfds
from runner.plan.plan import Plan
from schemas.data import TfdsData


def load_data(plan: Plan, data_dir: Path) -> Dataset:
    """Read what the plan names: the recipe's dataset, or the built-in sample (its own or the fallback).

    Raises:
        DataError: when the files are missing or are not what the plan was made for.
    """
    data = plan.recipe.data
    if plan.data.source == "tfds":
        assert isinstance(data, TfdsData)
        return load_tfds(data, plan.data, data_dir)
    return load_builtin(plan.data, plan.recipe.seed)
