"""k-fold: every example is held out once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.splits.groups import by_group
from runner.data.splits.shares import Indices, Parts, by_share, stratified
from runner.errors import DataError
from schemas.data_base import fold_numbers


def folds(
    n: int, k: int, seed: int, *, classes: NDArray[Any] | None = None, groups: NDArray[Any] | None = None
) -> list[tuple[Indices, Indices]]:
    """The examples that train and those that are held out, for each of ``k`` folds.

    Args:
        n: number of examples.
        k: number of folds.
        seed: the recipe's.
        classes: of the examples, when every fold is to have them in their overall shares.
        groups: of the examples, when all of a group are to be held out together.

    Raises:
        DataError: ``k`` is less than 2 or more than there are examples or groups.
    """
    if classes is not None and groups is not None:
        raise DataError("folds are stratified, or keep groups together, not both")
    most, what = (n, "examples") if groups is None else (len(np.unique(groups)), "groups")
    if not 2 <= k <= most:
        raise DataError(f"folds are from 2 to the {most:,} {what}, got {k:,}")
    shares = {str(fold): 1 / k for fold in range(k)}
    parts = _parts(n, shares, seed, classes, groups)
    everything = np.arange(n)
    return [(np.setdiff1d(everything, held, assume_unique=True), held) for held in parts.values()]


def fold_of(
    parts: Parts, fold: str, seed: int, classes: NDArray[Any] | None = None, groups: NDArray[Any] | None = None
) -> Parts:
    """The parts, with one fold of what trains or validates for validation and the rest of it for training.

    Args:
        parts: places of the examples of each part.
        fold: which of how many, such as ``2/5``.
        seed: the recipe's; the same for all folds.
        classes: of all examples, when every fold is to have them in their overall shares.
        groups: of all examples, when all of a group are to be held out together.

    Raises:
        DataError: there are fewer examples or groups than folds.
    """
    which, of = fold_numbers(fold)
    pool = np.sort(np.concatenate([parts["train"], parts.get("validation", parts["train"][:0])]))
    train, held = folds(
        len(pool),
        of,
        seed,
        classes=None if classes is None else classes[pool],
        groups=None if groups is None else groups[pool],
    )[which - 1]
    return {**parts, "train": pool[train], "validation": pool[held]}


def _parts(
    n: int, shares: dict[str, float], seed: int, classes: NDArray[Any] | None, groups: NDArray[Any] | None
) -> Parts:
    if groups is not None:
        return by_group(groups, shares, seed)
    return by_share(n, shares, seed) if classes is None else stratified(classes, shares, seed)
