"""What a first recipe trains, for how long, and what is expected of it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from runner.numerals import short

_MARGIN = 0.05
"""Share of the way from the trivial prediction to a perfect one that a model has to come."""
FEWEST = 20
"""Rows that are not of the most frequent class, below which neither training nor test has enough of them."""
_RARE = 0.9
"""Share of the most frequent class from which accuracy says little."""
_FEW = 10_000
"""Rows below which a small model that sees them often remembers them."""
_STEPS, _MOST_EPOCHS = 1_000, 200
"""Updates that a small model takes to come to its end, and passes over few rows at most to have them."""
_WIDE = 10
"""Rows for each input below which a model remembers the rows."""


@dataclass(frozen=True)
class Aim:
    """What is to be reached.

    Attributes:
        task: of the recipe.
        baseline: accuracy of always the most frequent class or value of a label, or mean distance from the median.
        rows: examples in all.
    """

    task: str
    baseline: float
    rows: int

    @property
    def others(self) -> int:
        """Examples that are not of the most frequent class."""
        return round((1 - self.baseline) * self.rows)

    @property
    def imbalanced(self) -> bool:
        """Whether nearly all examples are of one class, and enough of another one."""
        return self.task == "classification" and self.baseline > _RARE and self.others >= FEWEST

    @property
    def trivial(self) -> str:
        """What the trivial prediction of the task is, and how good."""
        if self.task == "classification":
            return f"always the most frequent class, which is right for {100 * self.baseline:.1f} % of the rows"
        if self.task == "multi_label":
            return (
                f"always the more frequent value of each label, which is right for {100 * self.baseline:.1f} % of them"
            )
        return f"always the median, which is wrong by {short(self.baseline, 4)} on the average"

    def expected(self) -> Iterator[str]:
        """The bound: a margin above the trivial prediction."""
        way = f"{100 * _MARGIN:.0f} % of the way from the trivial prediction to a perfect one"
        if self.imbalanced:
            yield f"expect:  # {way}; one answer to all has an area of 0.5 under the ROC curve"
            yield f'  test_auc: ">= {0.5 + _MARGIN / 2:.3g}"'
            return
        yield f"expect:  # {way}"
        if self.task != "regression":
            bound = (
                math.ceil(round(1000 * (self.baseline + _MARGIN * (1 - self.baseline)), 6)) / 1000
            )  # not the baseline
            yield f'  test_accuracy: ">= {bound:.3f}"'
        else:
            yield f'  test_mean_absolute_error: "<= {float(f"{self.baseline * (1 - _MARGIN):.4g}"):.15g}"'

    def target_scale(self) -> Iterator[str]:
        """The key of the data that makes targets of any unit trainable."""
        if self.task == "regression":
            yield "  target_scale: standard  # in the loss alone; metrics and predictions have the target's unit"

    def judged(self) -> Iterator[str]:
        """The keys that say what is minimised and measured, where the task does not."""
        if self.task == "regression":
            yield "  loss: mean_absolute_error  # a few values far from the others do not rule it"
        if self.imbalanced:
            yield "  metrics: [accuracy, auc]  # nearly all rows are of one class, so that accuracy says little"


def batch_size(rows: int) -> int:
    """Of the rows of a table."""
    return 8 if rows < 100 else 16 if rows < 300 else _by_rows(rows, 32, 128, 512)


def epochs(rows: int, batch: int | None = None) -> int:
    """Passes over all examples.

    Args:
        rows: examples in all, of which six of ten train if they are few.
        batch: examples of an update of a small model, which has some thousand updates of them; None: of a model for
            which a pass takes long.
    """
    usual = _by_rows(rows, 60, 20, 5)
    if batch is None or rows >= _FEW:
        return usual
    needed = math.ceil(_STEPS / math.ceil(0.6 * rows / batch) / 10) * 10
    return max(usual, min(needed, _MOST_EPOCHS))


def dense_layers(rows: int) -> Iterator[str]:
    """Layers for rows of numbers; of few rows they would remember each one without dropout."""
    first = _by_rows(rows, 32, 64, 128)
    dropout = ", dropout: 0.2" if rows < _FEW else ""
    for units in (first, first // 2):
        yield f"    - {{kind: dense, units: {units}, activation: relu, kernel_initializer: he_normal{dropout}}}"


def training(aim: Aim, length: int, *, wide: bool = False) -> Iterator[str]:
    """Optimizer, schedule, epochs and what is minimised.

    Args:
        aim: of the recipe.
        length: passes over all examples, of :func:`epochs`.
        wide: whether there are few rows for so many inputs.
    """
    adamw = "{kind: adamw, weight_decay: 0.3}  # few rows for so many inputs: weights without use shrink"
    yield from ("", f"optimizer: {adamw if wide else '{kind: adam}'}", "", "schedule:", "  kind: 1cycle")
    yield "  max_lr: 0.01  # `recipe lr-find` measures a better one"
    yield from ("", "training:", f"  epochs: {length}", *aim.judged(), "")


def is_wide(rows: int, inputs: int) -> bool:
    """Whether rows are few for so many inputs."""
    return rows < _WIDE * inputs


def _by_rows(rows: int, few: int, some: int, many: int) -> int:
    return few if rows < _FEW else some if rows < 200_000 else many
