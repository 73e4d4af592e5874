"""What an evaluation keeps of each example, gathered batch by batch."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.inference.standalone import decide
from runner.measures.decisions import Threshold, of_each_class

Array = NDArray[Any]
_LEAST = 1e-12
"""Below which a probability counts as this in a logarithm."""


class Heard:
    """Gathers targets and outputs of a split.

    Args:
        task: ``classification``, also of two classes by one output, ``multi_label`` or ``regression``.
        threshold: above which a single probability means class 1; None: one half. Labels are kept undecided.
    """

    def __init__(self, task: str, threshold: Threshold | None) -> None:
        self._task, self._threshold = task, threshold
        self._parts: dict[str, list[Array]] = {}

    def add(self, targets: Array, outputs: Array) -> None:
        """Hear a batch: probabilities of classes or labels, or predicted numbers, shape ``(b, units)``."""
        for name, values in self._kept(np.asarray(targets), np.asarray(outputs)).items():
            self._parts.setdefault(name, []).append(values)

    def arrays(self) -> dict[str, Array]:
        """All of them, in the order of the split."""
        return {name: np.concatenate(parts) for name, parts in self._parts.items()}

    def _kept(self, targets: Array, outputs: Array) -> dict[str, Array]:
        if self._task == "regression":
            return {
                "target": targets.reshape(outputs.shape).astype(np.float32),
                "predicted": outputs.astype(np.float32),
            }
        if self._task == "multi_label":
            return {"target": targets.astype(np.uint8), "probability": outputs.astype(np.float32)}
        assert not isinstance(self._threshold, tuple)
        rows, decided = np.arange(len(outputs)), decide(outputs, self._threshold)
        shares = of_each_class(outputs.astype(np.float64))
        return {
            "target": targets.astype(np.int32),
            "decided": decided.astype(np.int32),
            "confidence": shares[rows, decided].astype(np.float32),
            "truth": shares[rows, targets].astype(np.float32),
        }


def badness(arrays: dict[str, Array]) -> NDArray[np.float64]:
    """How bad each example is, shape ``(n,)``; what is not a number is the worst.

    Of classes −log p of the true one; of labels the mean of −log p of what is true of each; of predicted numbers
    Σₖ (errorₖ / σₖ)², σₖ the deviation of the k-th target.
    """
    if "predicted" in arrays:
        target = arrays["target"].astype(np.float64)
        deviation = target.std(axis=0)
        error = (arrays["predicted"] - target) / np.where(deviation > 0, deviation, 1.0)
        found = np.square(error).sum(axis=1)
    elif "probability" in arrays:
        there = arrays["target"] > 0
        truth = np.where(there, arrays["probability"], 1 - arrays["probability"].astype(np.float64))
        found = -np.log(np.clip(truth, _LEAST, None)).mean(axis=1)
    else:
        found = -np.log(np.clip(arrays["truth"].astype(np.float64), _LEAST, None))
    return np.asarray(np.nan_to_num(found, nan=np.inf), np.float64)


def worst_places(arrays: dict[str, Array], most: int) -> list[int]:
    """Places of the worst examples, the worst first; of equally bad ones the first."""
    order = np.argsort(-badness(arrays), kind="stable")[:most]
    return [int(place) for place in order]
