"""Classes that are rare, absent or new, and targets that say nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from runner.data.facts import DataFacts
from runner.text import printable
from runner.workflows.dataset_check.oddity import MOST_EXAMPLES, Name, Oddity
from runner.workflows.dataset_check.scanned import Scan

_FEWEST = 5
"""Training examples of a class, below which it is rare."""


def labels_seen(parts: Mapping[str, Scan], facts: DataFacts, name: Name) -> Iterator[Oddity]:
    """Findings on the targets."""
    if facts.classes is None:
        yield from _constant_targets(parts)
        return
    if parts["train"].targets.ndim > 1:  # a label each in columns of their own; what is rare there is no class
        return
    counts = {part: np.bincount(scan.targets, minlength=facts.classes) for part, scan in parts.items()}
    trained = counts["train"]
    rare = np.flatnonzero((trained > 0) & (trained < _FEWEST))
    if len(rare):
        said = tuple(f"{_called(facts, c)}: {trained[c]:,} in train" for c in rare[:MOST_EXAMPLES].tolist())
        message = f"{_classes(len(rare))} fewer than {_FEWEST} training examples"
        yield Oddity("class", message, said, len(rare))
    for part, found in counts.items():
        yield from _absent(part, found, facts)
        new = np.flatnonzero((found > 0) & (trained == 0))
        if len(new):
            places = np.flatnonzero(np.isin(parts[part].targets, new))[:MOST_EXAMPLES].tolist()
            message = f"{_classes(len(new))} examples in {part} and none in train"
            yield Oddity("class", message, tuple(name(part, k) for k in places), len(new))


def _absent(part: str, found: Any, facts: DataFacts) -> Iterator[Oddity]:
    absent = np.flatnonzero(found == 0)
    if len(absent):
        said = tuple(_called(facts, c) for c in absent[:MOST_EXAMPLES].tolist())
        yield Oddity("class", f"{_classes(len(absent))} no example in {part}", said, len(absent))


def _constant_targets(parts: Mapping[str, Scan]) -> Iterator[Oddity]:
    for part, scan in parts.items():
        if len(scan) > 1 and (scan.targets == scan.targets[:1]).all():
            yield Oddity("target", f"all targets of {part} are one number", (), len(scan))


def _called(facts: DataFacts, c: int) -> str:
    return printable(facts.class_names[c]) if facts.class_names else str(c)


def _classes(count: int) -> str:
    return f"{count:,} {'class has' if count == 1 else 'classes have'}"
