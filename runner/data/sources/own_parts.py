"""Parts of a person's own examples: those that have their own files or arrays, and shares of the rest."""

from collections.abc import Mapping, Sequence

from runner.data.examples import Array
from runner.data.splits.folds import fold_of
from runner.data.splits.shares import Indices, Parts, by_share, stratified
from runner.errors import DataError
from schemas.data_base import Shares

ALL = "all"
"""Examples that are not divided yet."""
PARTS = ("train", "validation", "test")


def divided(own: Mapping[str, Indices], classes: Array | None, splits: Shares, seed: int) -> Parts:
    """Places of the examples of each part that has any.

    Args:
        own: places by the part that they were found for, or all of them under ``all``.
        classes: of each example; None for regression.
        splits: shares of what trains or is not divided, for parts that have nothing of their own.
        seed: the recipe's.

    Raises:
        DataError: the shares do not fit the examples.
    """
    pool = own[ALL] if ALL in own else own["train"]
    try:
        found = _taken(pool, classes, shares_of(splits, [part for part in PARTS[1:] if part not in own]), seed)
        if splits.fold is not None:
            found = fold_of(found, splits.fold, seed, classes)
    except DataError as error:
        raise DataError(str(error), *error.help, path=("data", "splits")) from error
    return found | {part: own[part] for part in PARTS[1:] if part in own}


def shares_of(splits: Shares, evaluated: Sequence[str]) -> dict[str, float]:
    """The share that trains, and those of other parts that are above 0; what is left trains if nothing is written.

    >>> shares_of(Shares.model_validate({"validation": "20%"}), ["validation"])
    {'train': 0.8, 'validation': 0.2}
    """
    shares = {part: getattr(splits, part).value / 100 for part in evaluated}
    shares = {part: share for part, share in shares.items() if share > 0}
    rest = 1 - sum(shares.values())
    return {"train": splits.train.value / 100 if "train" in splits.model_fields_set else rest, **shares}


def _taken(pool: Indices, classes: Array | None, shares: Mapping[str, float], seed: int) -> Parts:
    if list(shares.values()) == [1.0]:
        return {"train": pool}
    places = by_share(len(pool), shares, seed) if classes is None else stratified(classes[pool], shares, seed)
    return {part: pool[chosen] for part, chosen in places.items()}


def sizes_of(parts: Parts) -> tuple[int, int, int]:
    """Examples that train, validate and test; 0 where there is no such part."""
    train, validation, test = (len(parts.get(part, ())) for part in PARTS)
    return train, validation, test
