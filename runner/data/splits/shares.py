"""Parts by their shares of the examples, plain or with every class in its overall share."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.errors import DataError

Indices = NDArray[np.int64]
"""Places of examples, rising."""
Parts = dict[str, Indices]
"""Examples by the name of their part."""

_TOLERANCE = 1e-9
_SHARES, _CLASSES = 1 << 59, (1 << 59) + 1  # keep the generators apart from each other and from the epochs'


def generator(seed: int, stream: int) -> np.random.Generator:
    """Random numbers that are a function of both."""
    return np.random.Generator(np.random.Philox(key=np.array([seed, stream], dtype=np.uint64)))


def check_shares(shares: Mapping[str, float]) -> None:
    """Whether shares are positive and add up to at most 1.

    Raises:
        DataError: they are not, or do not.
    """
    written = " + ".join(f"{name} {share:g}" for name, share in shares.items())
    if not shares or min(shares.values()) <= 0 or sum(shares.values()) > 1 + _TOLERANCE:
        raise DataError(f"shares are positive and add up to at most 1, got {written or 'none'}")


def sizes(n: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Examples of each part, within one of its share; all examples are given out when the shares add up to 1.

    Raises:
        DataError: a part gets no example.
    """
    check_shares(shares)
    bounds = np.rint(np.cumsum([0.0, *shares.values()]) * n).astype(int)
    found = dict(zip(shares, np.diff(bounds).tolist(), strict=True))
    _check_sizes(found, n)
    return found


def _check_sizes(found: Mapping[str, int], n: int) -> None:
    empty = next((name for name, size in found.items() if size == 0), None)
    if empty is not None:
        raise DataError(f"part {empty!r} gets none of {n:,} examples", "give it a larger share")


def by_share(n: int, shares: Mapping[str, float], seed: int) -> Parts:
    """Divide ``n`` examples at random.

    Args:
        n: number of examples.
        shares: of the parts, at most 1 in sum.
        seed: the recipe's.

    Raises:
        DataError: the shares are wrong, or a part gets no example.
    """
    order = generator(seed, _SHARES).permutation(n)
    ends = np.cumsum([0, *sizes(n, shares).values()])
    return {name: np.sort(order[ends[i] : ends[i + 1]]) for i, name in enumerate(shares)}


def stratified(classes: NDArray[Any], shares: Mapping[str, float], seed: int) -> Parts:
    """Divide examples at random, every class in its overall share: within one example in every part.

    What a class has over goes to the parts that are furthest behind, so that rare classes do not all fall to one.

    Args:
        classes: of each example.
        shares: of the parts, at most 1 in sum.
        seed: the recipe's.

    Raises:
        DataError: the shares are wrong, or a part gets no example.
    """
    check_shares(shares)
    rest = max(1.0 - sum(shares.values()), 0.0)
    wanted = np.array([*shares.values(), rest])
    random, behind = generator(seed, _CLASSES), np.zeros(len(wanted))
    chosen: list[list[Indices]] = [[] for _ in wanted]
    for members in class_members(classes):
        shuffled, counts = random.permutation(members), _counts(len(members), wanted, behind)
        behind += len(members) * wanted - counts
        for part, piece in enumerate(np.split(shuffled, np.cumsum(counts)[:-1])):
            chosen[part].append(piece)
    found = {name: np.sort(np.concatenate(chosen[part])) for part, name in enumerate(shares)}
    _check_sizes({name: len(part) for name, part in found.items()}, len(classes))
    return found


def class_members(classes: NDArray[Any]) -> list[Indices]:
    """Places of the examples of each class, the classes in their own order."""
    _, inverse = np.unique(classes, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(inverse[order])) + 1) if len(classes) else []


def _counts(n: int, wanted: NDArray[np.float64], behind: NDArray[np.float64]) -> NDArray[np.int64]:
    """Each part's share of ``n`` rounded down, or up for those that are furthest behind."""
    exact = n * wanted
    counts = np.floor(exact + _TOLERANCE).astype(np.int64)
    over = n - int(counts.sum())
    lag = np.where(exact - counts > _TOLERANCE, behind + exact - counts, -np.inf)
    counts[np.argsort(-lag, kind="stable")[:over]] += 1
    return counts
