"""Parts that share no group: all examples of a person, a film or a machine are on one side."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.splits.shares import Parts, check_shares, class_members, generator
from runner.errors import DataError

_GROUPS = (1 << 59) + 2


def by_group(groups: NDArray[Any], shares: Mapping[str, float], seed: int) -> Parts:
    """Divide groups at random, so that the parts have about their shares of the examples.

    Groups come by size, the largest first, equals at random, and each goes where most examples are lacking; a part
    without a group is served before groups run out.

    Args:
        groups: of each example.
        shares: of the parts, at most 1 in sum.
        seed: the recipe's.

    Raises:
        DataError: the shares are wrong, or there are fewer groups than parts.
    """
    check_shares(shares)
    members = class_members(groups)
    if len(members) < len(shares):
        raise DataError(
            f"{len(shares)} parts need as many groups, there {'is' if len(members) == 1 else 'are'} {len(members)}",
            "divide by another column, or make fewer parts",
        )
    part_of = np.empty(len(groups), np.int64)
    for group, part in enumerate(_parts_of(list(map(len, members)), shares, seed)):
        part_of[members[group]] = part
    return {name: np.flatnonzero(part_of == part) for part, name in enumerate(shares)}


def by_size(sizes: Sequence[int], shares: Mapping[str, float], seed: int) -> Parts:
    """Divide files at random, so that the parts have about their shares of what is in all of them.

    They are given out as the groups of :func:`by_group` are.

    Args:
        sizes: how much is in each.
        shares: of the parts, at most 1 in sum.
        seed: the recipe's.

    Raises:
        DataError: the shares are wrong, or there are fewer files than parts.
    """
    check_shares(shares)
    if len(sizes) < len(shares):
        raise DataError(
            f"{len(shares)} parts need as many files, there {'is' if len(sizes) == 1 else 'are'} {len(sizes)}",
            "add files, or give a part the share 0%",
        )
    part_of = np.array(_parts_of(sizes, shares, seed))
    return {name: np.flatnonzero(part_of == part) for part, name in enumerate(shares)}


def _parts_of(sizes: Sequence[int], shares: Mapping[str, float], seed: int) -> list[int]:
    """The part of each group; what the shares leave over is a part too, behind the others."""
    lacking = np.array([*shares.values(), max(1.0 - sum(shares.values()), 0.0)]) * sum(sizes)
    part_of, empty = [0] * len(sizes), set(range(len(shares)))
    for left, group in _with_left(sizes, seed):
        open_parts = sorted(empty) if left <= len(empty) else range(len(lacking))
        part = max(open_parts, key=lambda place: lacking[place])
        part_of[group] = part
        lacking[part] -= sizes[group]
        empty.discard(part)
    return part_of


def _with_left(sizes: Sequence[int], seed: int) -> list[tuple[int, int]]:
    """How many groups are left to give out, and the group."""
    random = generator(seed, _GROUPS).permutation(len(sizes))
    order = sorted(random.tolist(), key=lambda group: -sizes[group])
    return list(zip(range(len(order), 0, -1), order, strict=True))
