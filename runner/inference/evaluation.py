"""Evaluates a trained run's model on a split of its data, or on examples of a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.examples import AssembledExamples, Examples, Split, joined
from runner.data.load import load_data
from runner.data.series.prepared import PreparedSeries
from runner.data.sources.language import TokenDetails, sequences_of
from runner.data.streaming.block_order import StreamedSplit
from runner.data.targets import LABEL_CLASSES
from runner.engine.step.evaluation import Hear, compile_evaluation
from runner.engine.step.learner import Learner, judged_by, loss_of
from runner.errors import InputError
from runner.inference.inputs.labelled import read_labelled
from runner.inference.inputs.labelled_rows import read_labelled_rows
from runner.inference.inputs.of_model import taken_of
from runner.inference.inputs.series_rows import read_labelled_series
from runner.inference.inputs.taken import Taken, TakenTexts
from runner.inference.opened import TrainedRun
from runner.inference.output_rows import OutputColumns, columns_of
from runner.inference.predictor import BATCH
from runner.inference.raw_settings import raw_settings
from runner.inference.standalone import decide, labels_of
from runner.inference.surprises import Surprise, surprises
from runner.measures.class_counts import ClassFigures, Confusion, ErrorsOfEach
from runner.measures.decisions import Threshold, Thresholds, probabilities
from runner.model.optimizer import BuiltOptimizer
from runner.plan.plan import Plan
from schemas.array_data import TextData
from schemas.data import text_columns
from schemas.window_data import WindowsData


@dataclass(frozen=True)
class OutputFigures:
    """What a model does well and badly in one of several outputs that decide for a class or for labels.

    Attributes:
        name: of the output.
        classes: their figures, or those of the labels.
        threshold: above which class 1 or a label is decided for, as saved with the model; None: one half.
    """

    name: str
    classes: tuple[ClassFigures, ...]
    threshold: Threshold | None = None


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
    threshold: Threshold | None = None
    """Probability above which the one output means class 1 or a label is there, as saved with the model."""
    outputs: tuple[OutputFigures, ...] = ()
    """Those of several outputs that decide for a class or for labels."""
    surprises: tuple[Surprise, ...] = ()
    """Of a language model: the least expected tokens of the sequences with the highest loss."""


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
    if isinstance(plan.data.details, PreparedSeries) and isinstance(run.source, WindowsData) and path.suffix != ".npz":
        return read_labelled_series(path, run.source, plan.data.details, note)
    if isinstance(plan.data.details, TokenDetails) and isinstance(run.source, TextData):
        return sequences_of(path, run.source, plan.data.details)
    units = saved.output_shape[-1]
    taken, names, targets = taken_of(saved, run.source), run.class_names(units), run.target_names(units)
    columns = columns_of(run.recipe.model, targets) if plan.outputs else ()
    several = _classes_of_targets(columns, plan) if plan.outputs else None
    settings = raw_settings(plan, numbers=True)
    if isinstance(taken, Taken) or settings is None:
        assert isinstance(taken, Taken)
        count = len(targets) if several is None else len(several)
        return read_labelled(path, taken, names, count, labels=run.has_labels, several=several)
    if isinstance(taken, TakenTexts) and targets and plan.data.targets != text_columns(run.source).targets:
        message = "--data: a column of a file has one value, and a target of the run has several"
        raise InputError(message, "--split evaluates a part of the dataset")
    options: dict[str, Any] = {"labels": _label_columns(run, plan), "several": several}
    return read_labelled_rows(path, taken, run.source, names, settings, note, **options)


def _classes_of_targets(columns: Sequence[OutputColumns], plan: Plan) -> dict[str, tuple[str, ...]]:
    """The classes of each target, as they are saved with the model, in the order of the data's targets."""
    saved = {output.name: output.classes for output in columns}
    of_target = {
        place: LABEL_CLASSES if output.labels else saved[output.name]
        for output in plan.outputs
        for place in output.places
    }
    return {target: of_target[place] for place, target in enumerate(plan.data.targets)}


def _label_columns(run: TrainedRun, plan: Plan) -> frozenset[str]:
    """Names of the targets that are labels, each there or not."""
    if run.has_labels:
        return frozenset(plan.data.targets)
    return frozenset(plan.data.targets[place] for one in plan.outputs if one.labels for place in one.places)


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
    if plan.outputs:
        columns = columns_of(run.recipe.model, run.target_names(model.output_shape[-1]), run.thresholds)
        return _of_outputs(_learner(plan, model, run.thresholds), plan, split, columns, hear, changed=changed)
    if plan.data.next_token:
        metrics = compile_evaluation(_learner(plan, model, None), split, plan.metrics)()
        assert isinstance(plan.data.details, TokenDetails)
        hardest = surprises(model, plan.data.details.vocabulary, split)
        return Evaluation(len(split), metrics, (), changed=changed, surprises=hardest)
    threshold = run.threshold(model.output_shape[-1])
    learner = _learner(plan, model, threshold)
    targets = run.target_names(model.output_shape[-1])
    if plan.data.task == "regression":
        errors = ErrorsOfEach(model.output_shape[-1])
        metrics = compile_evaluation(learner, split, plan.metrics, _told(errors.add, hear))()
        each = tuple(zip(targets, (one.figures() for one in errors.of), strict=True)) if targets else ()
        return Evaluation(len(split), errors.figures() | metrics, (), each, changed)
    names = targets or run.class_names(model.output_shape[-1])
    confusion = Confusion.of(len(names), labels=run.has_labels)

    def counted(y: Any, outputs: Any) -> None:
        confusion.add(y, _decided(outputs, threshold, labels=run.has_labels))

    told = _told(counted, hear, lambda outputs: _as_probabilities(outputs, plan.logits, run.has_labels))
    metrics = compile_evaluation(learner, split, plan.metrics, told)()
    averages = _over_labels(confusion) if run.has_labels else {}
    return Evaluation(
        len(split), averages | metrics, tuple(confusion.figures(names)), (), changed=changed, threshold=threshold
    )


def _of_outputs(
    learner: Learner, plan: Plan, split: Split, columns: Sequence[OutputColumns], hear: Hear | None, *, changed: bool
) -> Evaluation:
    """Loss and metrics of each of several outputs; figures of classes and labels of some, errors of numbers."""
    numbers = [output for output in plan.outputs if not output.classes]
    decided = [
        (output, saved, Confusion.of(len(output.classes), labels=output.labels))
        for output, saved in zip(plan.outputs, columns, strict=True)
        if output.classes
    ]
    errors = ErrorsOfEach(len(numbers))
    places, first = [one.places[0] for one in numbers], [one.first for one in numbers]

    def counted(y: Any, outputs: Any) -> None:
        if numbers:
            errors.add(y[:, places], outputs[:, first])
        for output, saved, confusion in decided:
            confusion.add(output.target(y), saved.decided(outputs))

    metrics = compile_evaluation(learner, split, plan.metrics, _told(counted, hear))()
    averages = {
        f"{output.name}_{name}": value
        for output, _, confusion in decided
        if output.labels
        for name, value in _over_labels(confusion).items()
    }
    each = tuple((one.name, of.figures()) for one, of in zip(numbers, errors.of if numbers else (), strict=True))
    classes = tuple(
        OutputFigures(output.name, tuple(confusion.figures(output.classes)), saved.threshold)
        for output, saved, confusion in decided
    )
    return Evaluation(len(split), averages | metrics, (), each, changed, outputs=classes)


def _decided(outputs: Any, threshold: Threshold | None, *, labels: bool) -> Any:
    """Classes, or for each label whether it is there."""
    if labels:
        return labels_of(outputs, threshold)
    assert not isinstance(threshold, tuple)
    return decide(outputs, threshold)


def _over_labels(confusion: Confusion) -> dict[str, float]:
    """Averages that are usually reported of labels, whether or not the recipe asks for them."""
    return {f"f1_{average}": confusion.mean("f1", average) for average in ("micro", "macro")}


def _learner(plan: Plan, model: Any, thresholds: Thresholds | None) -> Learner:
    """What the evaluation of a run takes; there is no optimizer."""
    return Learner(
        model,
        BuiltOptimizer(None, {}),
        loss_of(plan, model),
        **judged_by(plan, thresholds),
        own_code=plan.code is not None,
    )


def _told(count: Hear, hear: Hear | None, made: Callable[[Any], Any] = lambda outputs: outputs) -> Hear:
    """Tells both of what is made of the model's outputs."""

    def tell(y: Any, outputs: Any) -> None:
        shown = made(outputs)
        count(y, shown)
        if hear is not None:
            hear(y, shown)

    return tell


def _as_probabilities(outputs: Any, logits: bool, labels: bool) -> Any:
    """Outputs as probabilities in float32: of labels each for itself, of classes together."""
    apart = outputs.reshape(-1, 1) if labels else outputs
    return probabilities(apart, logits=logits).reshape(outputs.shape).astype(np.float32)


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
    if isinstance(split, Examples | AssembledExamples):
        return split.at(np.asarray(places, np.int64)).apart()
    assert isinstance(split, StreamedSplit)
    order = np.argsort(places, kind="stable")
    read = joined(list(split.read((places[k], places[k] + 1) for k in order.tolist())))
    return read.at(np.argsort(order, kind="stable"))
