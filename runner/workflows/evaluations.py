"""Evaluates a run's model on one of its splits, and keeps in the run's folder what `recipe report` shows of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Split
from runner.errors import RecipeError
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
    path_of,
    to_bytes,
)
from runner.text import printable
from runner.workflows.dataset_check.example_names import own_names_of
from runner.workflows.image_data import holds_images
from runner.workflows.kept_predictions import Heard, worst_places
from runner.workflows.raw_values import raw_values
from runner.workflows.target_words import class_name, said_targets

Array = NDArray[Any]
SplitName = Literal["train", "validation", "test"]
_SHORT = 200
_CELLS = 12


def evaluate_split(run: TrainedRun, plan: Plan, split: SplitName) -> tuple[Evaluation, KeptEvaluation | None]:
    """Figures on a split of the run's data, and what is to be kept of them; nothing is of several outputs.

    Raises:
        InputError: the recipe has no such split.
        ModelUnusable: the model is missing or may not be opened.
        DataError: the data cannot be read.
    """
    model = core_of(run.trained_model())
    examples, changed = split_of(run, plan, split)
    task = plan.data.task
    if task == "multi_output":
        return evaluate(run, plan, model, examples, changed=changed), None
    heard = Heard(task, run.threshold(model.output_shape[-1]))
    found = evaluate(run, plan, model, examples, changed=changed, hear=heard.add)
    arrays = heard.arrays()
    units = model.output_shape[-1]
    names = run.target_names(units) or run.class_names(units)
    facts = replace(plan.data, class_names=names) if plan.data.classes is not None else plan.data
    places = worst_places(arrays, WORST)
    worst = _worst(replace(plan, data=facts), split, places, arrays)
    images = _images(plan, examples, places)
    entry = read_entry(str(run.paths.events))[0]
    kept = EvaluationFacts(
        fingerprint=run.lock.get("fingerprint", ""),
        step=entry.steps,
        split=split,
        task=task,
        data=plan.data.label,
        data_sha256=examples.digest(),
        examples=len(examples),
        names=tuple(map(_short, names)),
        metrics=found.metrics,
        worst=tuple(worst),
    )
    return found, KeptEvaluation(kept, arrays if images is None else {**arrays, "images": images})


def keep(run: TrainedRun, kept: KeptEvaluation | None) -> str | None:
    """Write an evaluation into the run's folder; returns why it could not be, which is no failure of the evaluation."""
    if kept is None:
        return "the report shows predictions of a model of one output"
    size = sum(array.nbytes for array in kept.arrays.values())
    if size > BYTES_AT_MOST:
        return f"predictions of {size:,} bytes are more than the {BYTES_AT_MOST:,} that a run keeps"
    try:
        with RunDirectory(run.paths.root) as directory:
            directory.write(path_of(run.paths.root, kept.facts.split), to_bytes(kept))
    except (RecipeError, OSError) as error:
        return str(error)
    return None


def _worst(plan: Plan, split: str, places: Sequence[int], arrays: Mapping[str, Array]) -> Iterator[KeptExample]:
    name, rows = own_names_of(plan.data), np.asarray(places, np.int64)
    targets = arrays["target"][rows]
    of_targets = said_targets(plan.data, targets[:, 0] if targets.ndim == 2 and targets.shape[1] == 1 else targets)
    values = raw_values(plan, rows, split)
    for place, target, cells in zip(places, of_targets, values, strict=True):
        shown = {_short(key): _short(cell) for key, cell in list(cells.items())[:_CELLS]}
        said = _said(plan, arrays, place)
        yield KeptExample(place=place, name=_short(name(split, place)), target=_short(target), said=said, values=shown)


def _said(plan: Plan, arrays: Mapping[str, Array], place: int) -> str:
    """What the model made of an example."""
    if "decided" in arrays:
        confidence = arrays["confidence"][place]
        return _short(f"{class_name(plan.data, int(arrays['decided'][place]))} {confidence:.1%}")
    given = arrays["predicted" if "predicted" in arrays else "probability"][place]
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
