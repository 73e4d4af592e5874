"""What targets and outputs are called on the screen."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.facts import DataFacts
from runner.measures.decisions import cut, decisions, of_each_class, probabilities
from runner.plan.plan import Plan
from runner.text import printable

Array = NDArray[Any]


def said_targets(facts: DataFacts, targets: Array) -> Iterator[str]:
    """What each target is called: by its class, or as a number, or as several with their names."""
    for target in targets.tolist():
        if isinstance(target, list):
            names = facts.class_names or tuple(map(str, range(len(target))))
            yield printable(", ".join(f"{name} {value:g}" for name, value in zip(names, target, strict=False)))
        elif facts.classes is None:
            yield f"{target:.4g}"
        else:
            yield class_name(facts, int(target))


def class_name(facts: DataFacts, number: int) -> str:
    """The name of a class, or its number where it has none."""
    return printable(facts.class_names[number]) if facts.class_names else str(number)


def said_mixture(own: str, other: str, share: float) -> str:
    """What an example that is made of two is called.

    Args:
        own: what its own target is called.
        other: that of the other one.
        share: how much of it is its own.
    """
    if share >= 0.995 or own == other:
        return own
    if share < 0.005:
        return other
    return f"{share:.0%} {own}, {1 - share:.0%} {other}"


def said_outputs(plan: Plan, outputs: Array) -> Iterable[str]:
    """What the model said of each example: ``setosa 97.2 %``, or the numbers that it predicted.

    Args:
        plan: says what outputs are.
        outputs: shape ``(b, units)``.
    """
    facts = plan.data
    if facts.labels:
        found = decisions(outputs, above=cut(plan.threshold, logits=plan.logits), labels=True)
        names = facts.targets or tuple(map(str, range(outputs.shape[1])))
        return [printable(", ".join(n for n, there in zip(names, row, strict=True) if there)) or "-" for row in found]
    if facts.classes is None:
        return [", ".join(f"{value:.4g}" for value in row) for row in outputs.tolist()]
    decided = decisions(outputs, above=cut(plan.threshold, logits=plan.logits))
    shares = of_each_class(probabilities(outputs, logits=plan.logits))[np.arange(len(outputs)), decided]
    return [f"{class_name(facts, int(n))} {share:.1%}" for n, share in zip(decided, shares, strict=True)]
