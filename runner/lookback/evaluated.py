"""The evaluation that a run keeps, as a report shows it: figures and drawings, none of them markup."""

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from runner.lookback.cells import is_number, plural
from runner.lookback.chart import Chart
from runner.lookback.evaluation_charts import Matrix, matrix_of, reliability_chart, residual_charts
from runner.lookback.recorded_run import Past
from runner.measures.calibration import Calibration
from runner.measures.class_counts import Confusion
from runner.measures.decisions import cut, decisions
from runner.numerals import measure
from runner.record.kept_evaluation import SPLITS, EvaluationFacts, KeptEvaluation, path_of, read_evaluation
from runner.sinks import formatting as fmt
from runner.text import printable

Array = NDArray[Any]
_PAIRS = 12
"""Rows of the table of confused pairs."""
_TARGETS = 8
"""Predicted numbers of which residuals are shown."""


class Worst(NamedTuple):
    """One of the worst examples."""

    name: str
    target: str
    said: str
    image: str
    """A PNG as a ``data:`` address; empty where the examples are no images."""
    values: list[tuple[str, str]]


class Evaluated(NamedTuple):
    """What the template shows of an evaluation."""

    split: str
    about: str
    matrix: Matrix | None
    """None where there are too many classes, or none."""
    pairs: list[tuple[str, ...]]
    """Most confused pairs: true class, decision, examples, share of the true class."""
    calibration: str
    charts: list[Chart]
    residuals: list[tuple[str, ...]]
    """A row a target: mean, deviation and quantiles of prediction − truth."""
    labels: list[tuple[str, ...]]
    """A row a label: precision, recall, F1, examples."""
    worst: list[Worst]
    outputs: list[tuple[str, "Evaluated"]]
    """Each of several outputs by name; the fields above are then theirs, but for the first two."""

    @property
    def worst_headings(self) -> list[str]:
        """Columns of the table of worst examples that are no images."""
        return ["example", "target", "model", *(name for name, _ in self.worst[0].values)]

    @property
    def worst_rows(self) -> list[tuple[str, ...]]:
        """Its rows."""
        return [(one.name, one.target, one.said, *(value for _, value in one.values)) for one in self.worst]

    @property
    def worst_numbers(self) -> list[int]:
        """Its columns, counted from 1, that hold numbers alone."""
        columns = enumerate(zip(*self.worst_rows, strict=True), start=1)
        return [k for k, cells in columns if any(cells) and all(not cell or is_number(cell) for cell in cells)]

    @property
    def has_images(self) -> bool:
        """Whether a worst example is an image."""
        return any(one.image for one in self.worst) or any(one.has_images for _, one in self.outputs)


def evaluated(past: Past) -> tuple[Evaluated | None, str]:
    """The kept evaluation of the test split, else of another, and a remark where there is one that is out of date.

    Raises:
        RunError: the file is not what an evaluation leaves.
        OSError: it cannot be read.
    """
    outdated = ""
    for split in SPLITS:
        try:
            kept = read_evaluation(path_of(past.path, split))
        except FileNotFoundError:
            continue
        if _is_current(kept, past):
            return _shown(kept), ""
        outdated = outdated or (
            f"The kept evaluation of the {split} split is of step {kept.facts.step:,} and not of the run's end: "
            "`recipe evaluate` makes it again."
        )
    return None, outdated


def kept_of(past: Past, split: str) -> KeptEvaluation | None:
    """The evaluation of a split that a run keeps; None where there is none, or one of another state of the run.

    Raises:
        RunError: the file is not what an evaluation leaves.
        OSError: it cannot be read.
    """
    try:
        kept = read_evaluation(path_of(past.path, split))
    except FileNotFoundError:
        return None
    return kept if _is_current(kept, past) else None


def _is_current(kept: KeptEvaluation, past: Past) -> bool:
    return (kept.facts.fingerprint, kept.facts.step) == (past.started.fingerprint, past.steps)


def _shown(kept: KeptEvaluation) -> Evaluated:
    facts = kept.facts
    if facts.task != "multi_output":
        return _output(kept, f"{plural(facts.examples, 'example')} of {printable(facts.data)}: ")
    about = f"{plural(facts.examples, 'example')} of {printable(facts.data)}: {_figures(facts)}"
    outputs = [(printable(name), _output(one, "")) for name, one in kept.outputs.items()]
    return Evaluated(facts.split, about, None, [], "", [], [], [], [], outputs)


def _output(kept: KeptEvaluation, before: str) -> Evaluated:
    facts, arrays = kept.facts, kept.arrays
    charts: list[Chart | None] = []
    matrix, pairs, calibration = None, list[tuple[str, ...]](), ""
    residuals, labels = list[tuple[str, ...]](), list[tuple[str, ...]]()
    if facts.task == "classification":
        counts = _pair_counts(arrays)
        names = [printable(name) for name in facts.names]
        matrix, pairs = matrix_of(counts, names), _pairs(counts, arrays, names)
        bins = _calibration(arrays)
        calibration = f"Expected calibration error {bins.error():.4f}: the mean distance of the points from the line."
        charts = [reliability_chart(bins)]
    elif facts.task == "regression":
        names = [printable(name) for name in facts.names] or ["prediction"]
        residuals = [_residuals(name, arrays, k) for k, name in enumerate(names[:_TARGETS])]
        charts = [drawn for k, name in enumerate(names[:_TARGETS]) for drawn in residual_charts(name, arrays, k)]
    else:
        labels = _labels(facts, arrays)
    shown = [chart for chart in charts if chart is not None]
    about = before + _figures(facts)
    return Evaluated(facts.split, about, matrix, pairs, calibration, shown, residuals, labels, _worst(kept), [])


def _figures(facts: EvaluationFacts) -> str:
    return ", ".join(f"{printable(name)} {fmt.measure(value)}" for name, value in facts.metrics.items())


def _pair_counts(arrays: Mapping[str, Array]) -> dict[tuple[int, int], int]:
    """Examples by (true class, decision); of a million classes only the pairs that there are."""
    pairs, counts = np.unique(np.stack([arrays["target"], arrays["decided"]], axis=1), axis=0, return_counts=True)
    return {(int(t), int(d)): int(n) for (t, d), n in zip(pairs.tolist(), counts.tolist(), strict=True)}


def _pairs(
    counts: Mapping[tuple[int, int], int], arrays: Mapping[str, Array], names: Sequence[str]
) -> list[tuple[str, ...]]:
    of_class = np.bincount(arrays["target"], minlength=len(names))
    wrong = sorted((-n, true, decided) for (true, decided), n in counts.items() if true != decided)
    return [
        (names[true], names[decided], f"{-n:,}", f"{-n / of_class[true]:.1%}") for n, true, decided in wrong[:_PAIRS]
    ]


def _calibration(arrays: Mapping[str, Array]) -> Calibration:
    found = Calibration()
    confidence = np.clip(np.nan_to_num(arrays["confidence"].astype(np.float64)), 0.0, 1.0)
    found.add(confidence, arrays["target"] == arrays["decided"])
    return found


def _residuals(name: str, arrays: Mapping[str, Array], k: int) -> tuple[str, ...]:
    errors = arrays["predicted"][:, k].astype(np.float64) - arrays["target"][:, k]
    errors = errors[np.isfinite(errors)]
    if not len(errors):
        return (name, *["–"] * 5)
    middle = np.quantile(errors, [0.05, 0.5, 0.95])
    return (name, *(measure(value) for value in (errors.mean(), errors.std(), *middle)))


def _labels(facts: EvaluationFacts, arrays: Mapping[str, Array]) -> list[tuple[str, ...]]:
    counts = Confusion.of(len(facts.names), labels=True)
    counts.add(arrays["target"], decided_labels(facts, arrays))
    return [
        (printable(row.name), *(f"{value:.4f}" for value in (row.precision, row.recall, row.f1)), f"{row.support:,}")
        for row in counts.figures(facts.names)[:60]
    ]


def decided_labels(facts: EvaluationFacts, arrays: Mapping[str, Array]) -> Array:
    """Which labels are decided for, by the thresholds of the run: 0 or 1, shape ``(n, labels)``."""
    return decisions(arrays["probability"], above=cut(facts.threshold, logits=False), labels=True)


def _worst(kept: KeptEvaluation) -> list[Worst]:
    images = kept.arrays.get("images")
    return [
        Worst(
            printable(example.name),
            printable(example.target),
            printable(example.said),
            "" if images is None else _png(images[k]),
            [(printable(name), printable(value)) for name, value in example.values.items()],
        )
        for k, example in enumerate(kept.facts.worst)
    ]


def _png(image: Array) -> str:
    """A picture as an address that needs no file."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
