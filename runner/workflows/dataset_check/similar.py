"""Images that look the same and are not: copies in another size, encoding or brightness."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from runner.workflows.dataset_check.looks import Looks
from runner.workflows.dataset_check.oddity import MOST_EXAMPLES, Name, Oddity
from runner.workflows.dataset_check.scanned import Scan

MOST_BITS = 3
"""Bits of 64 in which the hashes of two similar images differ at most."""
MOST_DIFFERENCE = 0.06
"""Root of the mean square difference of two similar small pictures, each less its mean and over its deviation: with
the correlation ρ it is √(2 − 2ρ)."""
_BANDS = MOST_BITS + 1
_NEIGHBOURS = 256
"""Images with the same band of bits that each is compared with at most, which bounds the time to n · 256 · 4."""
_NONE = MOST_BITS + 1
Indices = NDArray[np.intp]


@dataclass
class _Nearest:
    """Of each image, the nearest of those before it in each part: its place, and by how many bits it differs."""

    place: NDArray[np.int64]
    bits: NDArray[np.uint8]
    bounded: bool = False

    def take(self, later: Indices, earlier: Indices, part: Indices, bits: NDArray[np.uint8]) -> None:
        """Take in pairs, each image at most once as the later one."""
        better = bits < self.bits[later, part]
        later, earlier, part, bits = later[better], earlier[better], part[better], bits[better]
        self.place[later, part], self.bits[later, part] = earlier, bits


def similar(parts: Mapping[str, Scan], name: Name) -> Iterator[Oddity]:
    """Findings on similar images, within a part and between two, equal ones and those of one color left out."""
    looks = [scan.looks for scan in parts.values() if scan.looks is not None]
    if len(looks) < len(parts):
        return
    names, sizes = list(parts), [len(scan) for scan in parts.values()]
    starts = np.cumsum([0, *sizes])
    part_of = np.repeat(np.arange(len(parts)), sizes)
    nearest = _nearest(parts, looks, part_of)
    for one, other in [(k, k) for k in range(len(parts))] + [(i, j) for j in range(len(parts)) for i in range(j)]:
        where = slice(int(starts[other]), int(starts[other + 1]))
        found = np.flatnonzero(nearest.bits[where, one] < _NONE)
        if not len(found):
            continue
        shown = [
            f"{name(names[other], k)} ~ {name(names[one], int(nearest.place[where][k, one] - starts[one]))}, "
            f"{nearest.bits[where][k, one]} of 64 bits"
            for k in found[:MOST_EXAMPLES].tolist()
        ]
        whose = "an earlier one there" if one == other else f"one in {names[one]}"
        are = "image of {} looks" if len(found) == 1 else "images of {} look"
        bounded = "; some have too many alike for all to be compared" if nearest.bounded else ""
        message = f"{len(found):,} {are.format(names[other])} nearly like {whose}{bounded}"
        yield Oddity("similar", message, tuple(shown), len(found))


def _nearest(parts: Mapping[str, Scan], looks: list[Looks], part_of: Indices) -> _Nearest:
    """By the pigeonhole principle hashes that differ in 3 bits have one of 4 bands in common: those are compared."""
    hashes, pictures = (
        np.concatenate([look.hashes for look in looks]),
        np.concatenate([look.pictures for look in looks]),
    )
    same = np.concatenate([scan.hashes for scan in parts.values()])
    uniform = np.concatenate([scan.uniform for scan in parts.values()])
    shape = (len(hashes), len(parts))
    nearest = _Nearest(np.full(shape, -1, np.int64), np.full(shape, _NONE, np.uint8))
    bits = np.unpackbits(hashes.view(np.uint8).reshape(-1, 8), axis=1)
    for band in range(_BANDS):
        key = np.packbits(bits[:, band::_BANDS], axis=1).view(np.uint16)[:, 0]
        order = np.lexsort((hashes, key))
        order = order[~uniform[order]]
        for offset in range(1, _NEIGHBOURS + 1):
            pairs = np.flatnonzero(key[order[offset:]] == key[order[:-offset]])
            if not len(pairs):
                break
            a, b = order[pairs], order[pairs + offset]
            earlier, later = np.minimum(a, b), np.maximum(a, b)
            apart = np.bitwise_count(hashes[earlier] ^ hashes[later])
            near = (apart <= MOST_BITS) & (same[earlier] != same[later]).any(axis=1)
            earlier, later, apart = earlier[near], later[near], apart[near]
            alike = _alike(pictures, earlier, later)
            earlier, later, apart = earlier[alike], later[alike], apart[alike]
            nearest.take(*_once(later, earlier, part_of[earlier], apart))
        else:
            nearest.bounded = True
    return nearest


def _alike(pictures: NDArray[np.uint8], earlier: Indices, later: Indices) -> NDArray[np.bool_]:
    """Whether small pictures differ little, brightness and contrast apart; a part of the pairs at a time."""
    found = np.zeros(len(earlier), np.bool_)
    for start in range(0, len(earlier), 20_000):
        where = slice(start, start + 20_000)
        a, b = (_standardized(pictures[places[where]]) for places in (earlier, later))
        found[where] = ((a - b) ** 2).mean(axis=1) <= MOST_DIFFERENCE**2
    return found


def _standardized(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    values = pictures.astype(np.float32)
    values -= values.mean(axis=1, keepdims=True)
    scaled: NDArray[np.float32] = values / np.maximum(values.std(axis=1, keepdims=True), 1)
    return scaled


def _once(
    later: Indices, earlier: Indices, part: Indices, bits: NDArray[np.uint8]
) -> tuple[Indices, Indices, Indices, NDArray[np.uint8]]:
    """Of several pairs with the same later image and part the nearest one."""
    order = np.lexsort((earlier, bits, part, later))
    later, earlier, part, bits = later[order], earlier[order], part[order], bits[order]
    first = np.ones(len(later), np.bool_)
    first[1:] = (later[1:] != later[:-1]) | (part[1:] != part[:-1])
    return later[first], earlier[first], part[first], bits[first]
