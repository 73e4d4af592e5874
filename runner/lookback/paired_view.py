"""Runs compared on the same examples, by the evaluations that they keep."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from runner.lookback.evaluated import decided_labels, kept_of
from runner.lookback.recorded_run import Past
from runner.measures.paired import Paired, paired
from runner.record.kept_evaluation import SPLITS, KeptEvaluation
from runner.text import printable
from runner.views.lines import Screen, paragraph

Array = NDArray[Any]
_SCORES = {"classification": "accuracy", "multi_label": "share of right labels", "regression": "absolute error"}
_GREATEST = float(np.finfo(np.float32).max)


class PairedRuns(NamedTuple):
    """A run compared with the first one."""

    run: int
    """Number of the run, from 1; the first is 0."""
    split: str
    score: str
    """What is compared of each example."""
    lower_is_better: bool
    found: Paired
    output: str = ""
    """One of several by name."""

    @property
    def better(self) -> int | None:
        """0 or the run's number; None: not told apart."""
        if not self.found.apart:
            return None
        return self.run if (self.found.difference > 0) != self.lower_is_better else 0


def paired_runs(pasts: Sequence[Past]) -> list[PairedRuns]:
    """Every run against the first, where both keep an evaluation of the same examples.

    Raises:
        RunError: a file is not what an evaluation leaves.
        OSError: it cannot be read.
    """
    kept = [_current(past) for past in pasts]
    found: list[PairedRuns] = []
    for number, other in enumerate(kept[1:], start=1):
        split = next((name for name in SPLITS if name in kept[0] and name in other), None)
        if split is not None and _same_examples(kept[0][split], other[split]):
            found += _pairs(number, split, kept[0][split], other[split])
    return found


def _current(past: Past) -> Mapping[str, KeptEvaluation]:
    of_splits = {split: kept_of(past, split) for split in SPLITS}
    return {split: kept for split, kept in of_splits.items() if kept is not None}


def _same_examples(one: KeptEvaluation, other: KeptEvaluation) -> bool:
    return (one.facts.data_sha256, one.facts.examples) == (other.facts.data_sha256, other.facts.examples) and (
        one.facts.examples > 1
    )


def _pairs(number: int, split: str, one: KeptEvaluation, other: KeptEvaluation) -> Iterator[PairedRuns]:
    """A comparison for each output that both have, of the same task and the same classes."""
    others = other.outputs
    for output, own in one.outputs.items():
        against = others.get(output)
        if against is None or (own.facts.task, own.facts.names) != (against.facts.task, against.facts.names):
            continue
        task = own.facts.task
        found = paired(_scores(own), _scores(against))
        yield PairedRuns(number, split, _SCORES[task], task == "regression", found, output)


def _scores(kept: KeptEvaluation) -> Array:
    """One number an example, shape ``(n,)``; a prediction that is not a number has the largest error in float32."""
    arrays = kept.arrays
    if kept.facts.task == "classification":
        return np.asarray(arrays["target"] == arrays["decided"], np.float64)
    if kept.facts.task == "multi_label":
        return np.asarray((decided_labels(kept.facts, arrays) == (arrays["target"] > 0)).mean(axis=1))
    errors = np.abs(arrays["predicted"].astype(np.float64) - arrays["target"]).mean(axis=1)
    return np.asarray(np.nan_to_num(errors, nan=_GREATEST, posinf=_GREATEST))


def paired_lines(pairs: Sequence[PairedRuns], letters: Sequence[str], screen: Screen) -> Iterator[Text]:
    """A line for each run: the difference, its standard error, and whether it is more than chance."""
    for pair in pairs:
        found, letter = pair.found, letters[pair.run]
        score = f"{printable(pair.output)} {pair.score}" if pair.output else pair.score
        verdict = "not told apart" if pair.better is None else f"{letters[pair.better]} is better"
        text = (
            f"{letter} − {letters[0]} on the same {found.examples:,} {pair.split} examples: {score} "
            f"{found.difference:+.4g} ± {found.error:.2g} ({found.test}, p={found.p:.2g}): {verdict}"
        )
        yield from paragraph(screen, text, hang=2)


def as_mapping(pair: PairedRuns) -> dict[str, Any]:
    """A comparison for JSON; runs by their number."""
    found = pair.found
    return {
        "runs": [0, pair.run], "split": pair.split, "score": pair.score, "examples": found.examples,
        "difference": found.difference, "standard_error": found.error, "test": found.test, "p": found.p,
        "better": pair.better, **({"output": pair.output} if pair.output else {}),
    }  # fmt: skip
