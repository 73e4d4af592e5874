"""Metrics that are no means over examples: computed of a whole split, from its targets and outputs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.measures.calibration import Calibration
from runner.measures.class_counts import Confusion, ErrorsOfEach
from runner.measures.decisions import Threshold, cut, decisions, of_each_class, probabilities
from runner.measures.ranking import average_precision, roc_auc
from runner.measures.scores import Scores

Array = NDArray[Any]
_AREAS = {"auc": roc_auc, "pr_auc": average_precision}
_ERRORS = {"root_mean_squared_error", "r2"}
"""No metrics, but what is to be found of a split in the same way."""


@dataclass(frozen=True)
class Measuring:
    """Which metrics are computed of a split, and what the outputs mean."""

    names: tuple[str, ...]
    """By the language's names."""
    classes: int | None
    """None where numbers or labels are predicted."""
    logits: bool = False
    """Whether outputs are logits."""
    targets: int = 1
    """How many numbers or labels are predicted of an example."""
    labels: bool = False
    """Whether these are labels."""
    threshold: Threshold | None = None
    """Probability above which a single output means class 1 or a label is there; None: one half."""

    def start(self) -> "Measures":
        """Nothing measured yet."""
        return Measures(self)


class Measures:
    """Counts, sums and scores of the examples so far; memory grows with them only for the areas under curves.

    Args:
        of: what is computed.
    """

    def __init__(self, of: Measuring) -> None:
        self.of = of
        size = of.targets if of.labels else of.classes or 0
        self._counts = Confusion.of(max(size, 2), labels=of.labels)
        self._calibration = Calibration() if "calibration_error" in of.names else None
        ranked = bool(set(of.names) & {*_AREAS})
        self._scores = Scores(size, of.labels) if ranked else None
        self._errors = ErrorsOfEach(of.targets)

    def add(self, truth: Array, outputs: Array) -> None:
        """Count a batch.

        Args:
            truth: classes or numbers, shape ``(b,)``; several numbers or labels, ``(b, k)``.
            outputs: the model's, shape ``(b, units)``.
        """
        if self.of.classes is None and not self.of.labels:
            self._errors.add(truth, outputs)
            return
        decided = decisions(outputs, above=cut(self.of.threshold, logits=self.of.logits), labels=self.of.labels)
        self._counts.add(truth, decided)
        if self._calibration is not None:
            each = of_each_class(probabilities(outputs, logits=self.of.logits))
            confidence = each[np.arange(len(each)), decided]
            self._calibration.add(confidence, decided == truth)
        if self._scores is not None:
            self._scores.add(truth, self._ranked(outputs))

    def _ranked(self, outputs: Array) -> Array:
        """What orders the examples: probabilities, but logits of two classes or of labels, without ties by rounding."""
        if outputs.shape[1] == 1 or self.of.labels:
            return outputs
        return probabilities(outputs, logits=self.of.logits)

    def values(self) -> dict[str, float]:
        """Every metric of all examples so far, in float64."""
        return {name: self._value(name) for name in self.of.names}

    def _value(self, name: str) -> float:
        if name in _ERRORS:
            return self._errors.figures()[name]
        if name in _AREAS:
            assert self._scores is not None
            return self._scores.area(_AREAS[name])
        if name == "calibration_error":
            assert self._calibration is not None
            return self._calibration.error()
        if name in ("balanced_accuracy", "cohen_kappa"):
            return float(getattr(self._counts, name)())
        figure, _, average = name.partition("_")
        return self._counts.mean(figure, average or ("binary" if self.of.classes == 2 else "macro"))
