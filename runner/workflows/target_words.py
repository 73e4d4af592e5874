"""What targets and outputs are called on the screen."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.facts import DataFacts
from runner.data.sources.language import TokenDetails
from runner.measures.decisions import Threshold, cut, decisions, of_each_class, of_each_output, probabilities
from runner.numerals import measure
from runner.plan.outputs import PlannedOutput
from runner.plan.plan import Plan
from runner.text import printable

Array = NDArray[Any]


def said_targets(facts: DataFacts, targets: Array) -> Iterator[str]:
    """What each target is called: by its class or labels, as a number, or as several with their names."""
    each = [alone for _, alone in facts.of_each_target()]
    for target in targets.tolist():
        if facts.next_token:
            yield said_tokens(facts, target)
        elif facts.labels and not each:
            yield _there(facts.targets or tuple(map(str, range(len(target)))), target)
        elif isinstance(target, list):
            names = facts.targets or facts.class_names or tuple(map(str, range(len(target))))
            words = [_said(alone, value) for alone, value in zip(each, target, strict=True)] if each else None
            said = words or [f"{measure(value)}" for value in target]
            yield printable(", ".join(f"{name} {value}" for name, value in zip(names, said, strict=False)))
        else:
            yield _said(facts, target)


def _said(facts: DataFacts, target: float) -> str:
    return f"{measure(target)}" if facts.classes is None else class_name(facts, int(target))


def said_tokens(facts: DataFacts, numbers: Iterable[int]) -> str:
    """The text of a sequence of tokens."""
    assert isinstance(facts.details, TokenDetails)
    return printable(facts.details.vocabulary.text(numbers))


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
    if plan.outputs:
        of = of_each_output(plan.thresholds)
        each = [list(_said_output(output, outputs, of.get(output.name))) for output in plan.outputs]
        return [", ".join(said) for said in zip(*each, strict=True)]
    if facts.next_token:
        return [said_tokens(facts, numbers) for numbers in outputs.argmax(axis=-1).tolist()]
    if facts.labels:
        names = facts.targets or tuple(map(str, range(outputs.shape[1])))
        return _said_labels(names, outputs, cut(plan.threshold, logits=plan.logits))
    if facts.classes is None:
        return [", ".join(f"{measure(value)}" for value in row) for row in outputs.tolist()]
    decided = decisions(outputs, above=cut(plan.threshold, logits=plan.logits))
    shares = of_each_class(probabilities(outputs, logits=plan.logits))[np.arange(len(outputs)), decided]
    return [f"{class_name(facts, int(n))} {share:.1%}" for n, share in zip(decided, shares, strict=True)]


def _said_labels(names: Sequence[str], outputs: Array, above: float | Array) -> list[str]:
    """The labels that are there."""
    return [_there(names, row) for row in decisions(outputs, above=above, labels=True)]


def _there(names: Sequence[str], row: Iterable[float]) -> str:
    """The labels that an example has, or a dash."""
    return printable(", ".join(name for name, there in zip(names, row, strict=True) if there)) or "-"


def _said_output(output: PlannedOutput, outputs: Array, threshold: Threshold | None) -> Iterator[str]:
    """One of several outputs: numbers, the labels that are there, or the classes that it decides for."""
    own, above = outputs[:, output.first : output.stop], cut(threshold, logits=False)
    if not output.classes:
        yield from (f"{output.name} {measure(value)}" for value in own[:, 0].tolist())
    elif output.labels:
        yield from (f"{output.name} {said}" for said in _said_labels(output.classes, own, above))
    else:
        decided = decisions(own, above=above)
        shares = of_each_class(own)[np.arange(len(own)), decided]
        for number, share in zip(decided.tolist(), shares, strict=True):
            yield f"{output.name} {printable(output.classes[number])} {share:.1%}"
