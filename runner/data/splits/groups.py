"""Parts that share no group: all examples of a person, a film or a machine are on one side."""

from collections.abc import Mapping
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
    rest = max(1.0 - sum(shares.values()), 0.0)
    lacking = np.array([*shares.values(), rest]) * len(groups)
    part_of = np.empty(len(groups), np.int64)
    empty = set(range(len(shares)))
    for left, group in _with_left(members, seed):
        open_parts = sorted(empty) if left <= len(empty) else range(len(lacking))
        part = max(open_parts, key=lambda place: lacking[place])
        part_of[members[group]] = part
        lacking[part] -= len(members[group])
        empty.discard(part)
    return {name: np.flatnonzero(part_of == part) for part, name in enumerate(shares)}


def _with_left(members: list[NDArray[np.int64]], seed: int) -> list[tuple[int, int]]:
    """How many groups are left to give out, and the group."""
    random = generator(seed, _GROUPS).permutation(len(members))
    order = sorted(random.tolist(), key=lambda group: -len(members[group]))
    return list(zip(range(len(order), 0, -1), order, strict=True))
