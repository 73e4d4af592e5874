"""Slices of a dataset's splits, as tensorflow-datasets has them (``tfds.core.ReadInstruction``)."""

from collections.abc import Mapping
from typing import NamedTuple

from runner.errors import DataError
from schemas.rules.slices import ALL, Slice, parse


class Part(NamedTuple):
    """Examples ``start … stop - 1`` of a whole split."""

    split: str
    start: int
    stop: int

    @property
    def examples(self) -> int:
        """How many."""
        return self.stop - self.start


def parts_of(split: str, sizes: Mapping[str, int]) -> tuple[Part, ...]:
    """The examples of ``train[:55000]`` or ``train[:10%]+test``, in this order.

    Percents are rounded to the nearest example, halves to the even one.

    Args:
        split: of a form that the schema has checked.
        sizes: examples of each whole split, in the dataset's order.

    Raises:
        DataError: when the dataset has no such split, or a slice is empty or goes beyond its split.
    """
    found: list[Part] = []
    for part in parse(split):
        if part.split == ALL and ALL not in sizes and not any(part.bounds):
            found += [Part(name, 0, size) for name, size in sizes.items() if size]
        else:
            found.append(_part(part, split, sizes))
    return tuple(found)


def _part(part: Slice, written: str, sizes: Mapping[str, int]) -> Part:
    name = part.split
    if name not in sizes:
        raise DataError(f"split {name!r} is not in the dataset; it has {', '.join(sorted(sizes))}")
    if any(bound.endswith("%") and abs(float(bound[:-1])) > 100 for bound in part.bounds):
        raise DataError(f"split {written!r} has a bound beyond 100%", "percents lie between -100% and 100%")
    total = sizes[name]
    start, stop = (_position(bound, total, otherwise) for bound, otherwise in zip(part.bounds, (0, total), strict=True))
    for bound, position in zip(part.bounds, (start, stop), strict=True):
        if abs(position) > total:
            raise DataError(
                f"split {written!r} asks for example {bound.lstrip('-')}: {name} has {total:,} examples",
                f"give a bound of at most {total}, or leave it out",
            )
    start, stop = (position + total if position < 0 else position for position in (start, stop))
    if stop <= start:
        raise DataError(f"split {written!r} is empty: {name} has {total:,} examples")
    return Part(name, start, stop)


def _position(bound: str, total: int, otherwise: int) -> int:
    """A bound in examples; negative: from the end."""
    if not bound:
        return otherwise
    return round(float(bound[:-1]) * total / 100.0) if bound.endswith("%") else int(bound)
