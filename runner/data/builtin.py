"""Samples that installed packages ship, divided into their parts."""

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Array, Dataset, Examples
from runner.data.facts import DataFacts
from runner.data.sample_reading import read_builtin
from schemas.data_base import fold_bounds


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
