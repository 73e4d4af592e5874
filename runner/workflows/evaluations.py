"""Evaluates a run's model on one of its splits, and keeps in the run's folder what `recipe report` shows of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from runner.data.examples import Split
from runner.errors import EventsCorrupt, RecipeError
from runner.fields import misfit
from runner.inference.evaluation import Evaluation, evaluate, examples_at, split_of
from runner.inference.opened import TrainedRun
from runner.inference.saved_model import core_of
from runner.lookback.entry import read_entry
from runner.numerals import measure
from runner.plan.plan import Plan
from runner.record.directory import RunDirectory
from runner.record.kept_evaluation import (
    BYTES_AT_MOST,
    LONGEST_SIDE,
    WORST,
    EvaluationFacts,
    KeptEvaluation,
    KeptExample,
    OutputFacts,
    beside,
    path_of,
    to_bytes,
)
from runner.text import printable
from runner.workflows.dataset_check.example_names import own_names_of
from runner.workflows.evaluated_outputs import Subject, subjects_of
from runner.workflows.image_data import holds_images
from runner.workflows.kept_predictions import worst_places
from runner.workflows.raw_values import raw_values
from runner.workflows.target_words import class_name, said_targets

Array = NDArray[Any]
SplitName = Literal["train", "validation", "test"]
_SHORT = 200
_CELLS = 12


def evaluate_split(run: TrainedRun, plan: Plan, split: SplitName) -> tuple[Evaluation, KeptEvaluation | str]:
    """Figures on a split of the run's data, and what is to be kept of them, or why nothing is.

    Raises:
        InputError: the recipe has no such split.
        ModelUnusable: the model is missing or may not be opened.
        DataError: the data cannot be read.
    """
    model = core_of(run.trained_model())
    examples, changed = split_of(run, plan, split)
    if plan.data.next_token:
        found = evaluate(run, plan, model, examples, changed=changed)
        return found, "the report shows predictions of whole examples, not of each of their steps"
    subjects = subjects_of(run, plan, model.output_shape[-1])

    def hear(targets: Array, outputs: Array) -> None:
        for subject in subjects:
            subject.hear(targets, outputs)

    found = evaluate(run, plan, model, examples, changed=changed, hear=hear)
    try:
        return found, _kept(found, subjects, examples, _whole(run, plan, split, examples))
    except EventsCorrupt as error:
        return found, str(error)
    except OSError as error:
        return found, f"{printable(str(error.filename))}: {error.strerror}"
    except ValidationError as error:
        return found, f"the record of the run does not fit: {misfit(error)}"


def _whole(run: TrainedRun, plan: Plan, split: SplitName, examples: Split) -> dict[str, Any]:
    """What was evaluated."""
    return {
        "fingerprint": run.lock.get("fingerprint", ""),
        "step": read_entry(str(run.paths.events))[0].steps,
        "split": split,
        "task": plan.data.task,
        "data": plan.data.label,
        "data_sha256": examples.digest(),
        "examples": len(examples),
    }


def _kept(found: Evaluation, subjects: Sequence[Subject], examples: Split, whole: Mapping[str, Any]) -> KeptEvaluation:
    judged = {subject.name: _judged(subject, found, whole["split"], examples) for subject in subjects}
    if whole["task"] != "multi_output":
        ((facts, arrays),) = judged.values()
        return KeptEvaluation(EvaluationFacts(**whole, **facts), arrays)
    tasks: dict[str, Any] = {subject.name: subject.plan.data.task for subject in subjects}
    outputs = tuple(OutputFacts(output=name, task=tasks[name], **facts) for name, (facts, _) in judged.items())
    of_all = EvaluationFacts(**whole, metrics=found.metrics, outputs=outputs)
    return beside(of_all, {name: arrays for name, (_, arrays) in judged.items()})


def _judged(
    subject: Subject, found: Evaluation, split: SplitName, examples: Split
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Facts and arrays of one output."""
    plan, arrays = subject.plan, subject.heard.arrays()
    places = worst_places(arrays, WORST)
    images = _images(plan, examples, places)
    facts = {
        "names": tuple(map(_short, subject.names)),
        "threshold": subject.threshold,
        "metrics": subject.metrics(found),
        "worst": tuple(_worst(subject, split, places, arrays)),
    }
    return facts, arrays if images is None else {**arrays, "images": images}


def keep(run: TrainedRun, kept: KeptEvaluation | str) -> str | None:
    """Write an evaluation into the run's folder; returns why it could not be, which is no failure of the evaluation."""
    if isinstance(kept, str):
        return kept
    size = sum(array.nbytes for array in kept.arrays.values())
    if size > BYTES_AT_MOST:
        return f"predictions of {size:,} bytes are more than the {BYTES_AT_MOST:,} that a run keeps"
    try:
        with RunDirectory(run.paths.root) as directory:
            directory.write(path_of(run.paths.root, kept.facts.split), to_bytes(kept))
    except (RecipeError, OSError) as error:
        return str(error)
    return None


def _worst(subject: Subject, split: str, places: Sequence[int], arrays: Mapping[str, Array]) -> Iterator[KeptExample]:
    plan = subject.plan
    name, rows = own_names_of(plan.data), np.asarray(places, np.int64)
    targets = arrays["target"][rows]
    of_targets = said_targets(plan.data, targets[:, 0] if targets.ndim == 2 and targets.shape[1] == 1 else targets)
    values = raw_values(plan, rows, split)
    for place, target, cells in zip(places, of_targets, values, strict=True):
        shown = {_short(key): _short(cell) for key, cell in list(cells.items())[:_CELLS]}
        said = _said(subject, arrays, place)
        yield KeptExample(place=place, name=_short(name(split, place)), target=_short(target), said=said, values=shown)


def _said(subject: Subject, arrays: Mapping[str, Array], place: int) -> str:
    """What the model made of an example."""
    if "decided" in arrays:
        confidence = arrays["confidence"][place]
        return _short(f"{class_name(subject.plan.data, int(arrays['decided'][place]))} {confidence:.1%}")
    if "probability" in arrays:
        shares = zip(subject.names, arrays["probability"][place].tolist(), strict=True)
        return _short(", ".join(f"{name} {share:.1%}" for name, share in shares))
    given = arrays["predicted"][place]
    return _short(", ".join(f"{measure(value)}" for value in given.tolist()))


def _images(plan: Plan, split: Split, places: Sequence[int]) -> Array | None:
    """The examples as small pictures, where they are images, from black, the least of their values, to white."""
    if not holds_images(plan.data):
        return None
    values = examples_at(split, places).x
    if values.ndim == 4 and values.shape[-1] != 3:
        values = values[..., 0]
    low, high = float(values.min()), float(values.max())
    values = ((values.astype(np.float64) - low) / ((high - low) or 1.0) * 255).round().astype(np.uint8)
    stride = -(-max(values.shape[1:3]) // LONGEST_SIDE)
    return np.ascontiguousarray(values[:, ::stride, ::stride])


def _short(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= _SHORT else f"{shown[: _SHORT - 1]}…"
