"""Examples with the same inputs: within a part, in two parts, and with different targets."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.workflows.dataset_check.oddity import MOST_EXAMPLES, Name, Oddity
from runner.workflows.dataset_check.scanned import Scan

Indices = NDArray[np.intp]


def duplicates(parts: Mapping[str, Scan], name: Name) -> Iterator[Oddity]:
    """Findings on equal inputs; equal is what has the same bytes as the model is given."""
    groups = {part: np.empty(len(scan), np.intp) for part, scan in parts.items()}
    _, inverse = np.unique(np.concatenate([scan.hashes for scan in parts.values()]), axis=0, return_inverse=True)
    start = 0
    for part, scan in parts.items():
        groups[part] = inverse.reshape(-1)[start : start + len(scan)]
        start += len(scan)
    for part in parts:
        yield from _within(part, groups[part], name)
    for one, other in combinations(parts, 2):
        yield from _between(one, other, groups, name)
    yield from _contradictions(parts, groups, name)


def _within(part: str, groups: Indices, name: Name) -> Iterator[Oddity]:
    first = _first_of(groups)
    again = np.flatnonzero(first[groups] != np.arange(len(groups)))
    if len(again):
        pairs = [f"{name(part, k)} = {name(part, int(first[groups[k]]))}" for k in again[:MOST_EXAMPLES].tolist()]
        yield Oddity(
            "duplicate", f"{_are(len(again), part)} the inputs of an earlier one there", tuple(pairs), len(again)
        )


def _between(one: str, other: str, groups: Mapping[str, Indices], name: Name) -> Iterator[Oddity]:
    size = int(max(groups[one].max(initial=-1), groups[other].max(initial=-1))) + 1
    first = np.full(size, -1, np.intp)
    first[groups[one][::-1]] = np.arange(len(groups[one]))[::-1]
    both = np.flatnonzero(first[groups[other]] >= 0)
    if len(both):
        pairs = [f"{name(other, k)} = {name(one, int(first[groups[other][k]]))}" for k in both[:MOST_EXAMPLES].tolist()]
        yield Oddity("leak", f"{_are(len(both), other)} the inputs of one in {one}", tuple(pairs), len(both))


def _contradictions(parts: Mapping[str, Scan], groups: Mapping[str, Indices], name: Name) -> Iterator[Oddity]:
    """Equal inputs with other targets than the first one of them."""
    every = np.concatenate(list(groups.values()))
    targets: Any = np.concatenate([scan.targets for scan in parts.values()])
    first = _first_of(every)[every]
    differs = (targets != targets[first]).reshape(len(targets), -1).any(axis=1)
    found = np.flatnonzero(differs)
    if len(found):
        starts = np.cumsum([0, *(len(scan) for scan in parts.values())])

        def called(place: int) -> str:
            number = int(np.searchsorted(starts, place, side="right")) - 1
            return name(list(parts)[number], place - int(starts[number]))

        pairs = [f"{called(k)} ≠ {called(int(first[k]))}" for k in found[:MOST_EXAMPLES].tolist()]
        message = f"{len(found):,} {_word(len(found))} the inputs of an earlier one and another target"
        yield Oddity("contradiction", message, tuple(pairs), len(found))


def _first_of(groups: Indices) -> Indices:
    """Place of the first example of each group."""
    first = np.zeros(int(groups.max(initial=-1)) + 1, np.intp)
    first[groups[::-1]] = np.arange(len(groups))[::-1]
    return first


def _are(count: int, part: str) -> str:
    return f"{count:,} {'example' if count == 1 else 'examples'} of {part} {'has' if count == 1 else 'have'}"


def _word(count: int) -> str:
    return "example has" if count == 1 else "examples have"
