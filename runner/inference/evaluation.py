"""Evaluates a trained run's model on a split of its data, or on examples of a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.examples import Examples, Split, joined
from runner.data.load import load_data
from runner.data.series.windowed import WindowedExamples
from runner.data.streaming.block_order import StreamedSplit
from runner.engine.step.evaluation import compile_evaluation
from runner.engine.step.learner import Learner, judged_by, loss_of
from runner.errors import InputError
from runner.inference.inputs.labelled import read_labelled
from runner.inference.inputs.labelled_rows import read_labelled_rows
from runner.inference.inputs.of_model import taken_of
from runner.inference.inputs.taken import Taken
from runner.inference.opened import TrainedRun
from runner.inference.predictor import BATCH, compile_prediction
from runner.inference.raw_settings import raw_settings
from runner.inference.saved_model import with_probabilities
from runner.inference.standalone import decide, labels_of
from runner.measures.class_counts import ClassFigures, Confusion, ErrorsOfEach
from runner.model.optimizer import build_optimizer
from runner.plan.plan import Plan

Hear = Callable[[Any, Any], None]
"""Is told targets and outputs of a batch."""


@dataclass(frozen=True)
class Evaluation:
    """How well a model does on some examples."""

    examples: int
    metrics: dict[str, float]
    """``loss`` and the recipe's metrics, as the run computed them; for a regression also its errors."""
    classes: tuple[ClassFigures, ...]
    """Of the classes or labels; empty for a regression."""
    targets: tuple[tuple[str, dict[str, float]], ...] = ()
    """Names and errors of several predicted numbers."""
    changed: bool = False
    """Whether the examples are not those that the run had."""
    threshold: float | None = None
    """Probability above which the one output means class 1, as saved with the model."""


def split_of(run: TrainedRun, plan: Plan, name: str) -> tuple[Split, bool]:
    """A split of the run's data, and whether it has changed since.

    Raises:
        InputError: the recipe has no such split.
        DataError: the data cannot be read.
    """
    splits = load_data(plan, run.access)
    found: Split | None = {"train": splits.train, "validation": splits.validation, "test": splits.test}[name]
    if found is None:
        raise InputError(f"--split {name}: the recipe has no {name} examples")
    return found, bool(run.changed_data({name: found.digest()}))


def split_of_file(run: TrainedRun, plan: Plan, saved: Any, path: Path, note: Callable[[str], None]) -> Split:
    """The examples of a file, as the trained part of the model takes them.

    Args:
        run: the trained run.
        plan: its plan.
        saved: its model.
        path: of the file, or of a folder of texts.
        note: hears of rows that are left out.

    Raises:
        InputError: the file cannot be used.
    """
    units = saved.output_shape[-1]
    taken, names, targets = taken_of(saved, run.source), run.class_names(units), run.target_names(units)
    settings = raw_settings(plan, numbers=True)
    if isinstance(taken, Taken) or settings is None:
        assert isinstance(taken, Taken)
        return read_labelled(path, taken, names, len(targets), labels=run.has_labels)
    return read_labelled_rows(path, taken, run.source, names, settings, note, labels=run.has_labels)


def evaluate(
    run: TrainedRun, plan: Plan, model: Any, split: Split, *, changed: bool = False, hear: Hear | None = None
) -> Evaluation:
    """Loss and metrics as the run computes them at its end, and the figures of each class or the errors.

    Args:
        run: the trained run.
        plan: its plan.
        model: its model.
        split: the examples.
        changed: noted in the result.
        hear: called with every batch's targets and outputs: probabilities of classes or labels, or predicted numbers.
    """
    learner = _learner(plan, model, run.threshold)
    metrics = compile_evaluation(learner, split, plan.metrics)()
    targets = run.target_names(model.output_shape[-1])
    if plan.data.task == "regression":
        errors = _errors(model, split, hear)
        each = tuple(zip(targets, (one.figures() for one in errors.of), strict=True)) if targets else ()
        return Evaluation(len(split), errors.figures() | metrics, (), each, changed)
    names = targets or run.class_names(model.output_shape[-1])
    confusion = Confusion.of(len(names), labels=run.has_labels)
    deciding = with_probabilities(model, logits=plan.logits, labels=run.has_labels)
    decided = labels_of if run.has_labels else decide
    _each(deciding, split, lambda y, outputs: confusion.add(y, decided(outputs, run.threshold)), hear)
    averages = _over_labels(confusion) if run.has_labels else {}
    return Evaluation(
        len(split), averages | metrics, tuple(confusion.figures(names)), (), changed=changed, threshold=run.threshold
    )


def _over_labels(confusion: Confusion) -> dict[str, float]:
    """Averages that are usually reported of labels, whether or not the recipe asks for them."""
    return {f"f1_{average}": confusion.mean("f1", average) for average in ("micro", "macro")}


def _learner(plan: Plan, model: Any, threshold: float | None) -> Learner:
    """What the evaluation of a run takes; the optimizer does nothing here."""
    return Learner(
        model,
        build_optimizer(plan.recipe.optimizer, {"learning_rate": 0.0}),
        loss_of(plan),
        **judged_by(plan, threshold),
        own_code=plan.code is not None,
    )


def _errors(model: Any, split: Split, hear: Hear | None) -> ErrorsOfEach:
    errors = ErrorsOfEach(model.output_shape[-1])
    _each(model, split, errors.add, hear)
    return errors


def _each(model: Any, split: Split, *told: Hear | None) -> None:
    """Targets and outputs of every example, a batch at a time, in the files' order."""
    predict = compile_prediction(model)
    for part in split.blocks(BATCH):
        for start in range(0, len(part), BATCH):
            y = part.y[start : start + BATCH]
            outputs = predict(part.x[start : start + BATCH].astype(np.float32))
            for hear in filter(None, told):
                hear(y, outputs)


def first_examples(split: Split, most: int) -> Examples:
    """The first examples of a split, in the files' order."""
    parts: list[Examples] = []
    for part in [split] if isinstance(split, Examples) else split.blocks(BATCH):
        parts.append(part.at(slice(most)))
        most -= len(parts[-1])
        if most <= 0:
            break
    return joined(parts)


def examples_at(split: Split, places: Sequence[int]) -> Examples:
    """Some examples of a split, in the order in which they are named."""
    if isinstance(split, Examples):
        return split.at(np.asarray(places, np.int64))
    if isinstance(split, WindowedExamples):
        return split.at(np.asarray(places, np.int64)).apart()
    assert isinstance(split, StreamedSplit)
    order = np.argsort(places, kind="stable")
    read = joined(list(split.read((places[k], places[k] + 1) for k in order.tolist())))
    return read.at(np.argsort(order, kind="stable"))
