"""What is exported of a run: the model in the form that a format takes, and examples to hold it against."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.examples import Array, Examples, Split
from runner.data.load import load_data
from runner.inference.export.formats import FORMATS, Format
from runner.inference.export.raw_rows import RawRows, raw_rows
from runner.inference.opened import TrainedRun
from runner.inference.output_rows import OutputColumns, columns_of
from runner.inference.predictor import BATCH, compile_prediction
from runner.inference.preprocess import Preprocess, Row
from runner.inference.raw_settings import raw_settings
from runner.inference.saved_model import core_of, with_named_outputs, with_probabilities
from runner.plan.plan import Plan


@dataclass(frozen=True)
class Subject:
    """A model on its way out.

    Attributes:
        model: that is exported, with probabilities as outputs; for formats without strings it takes numbers. Several
            outputs are an array each by name, but in Keras' own format.
        whole: the saved model with probabilities, for raw rows: what the export must agree with.
        plan: of the run.
        train: the training examples, as numbers.
        test: those of the test split; None: there are none.
        part: whose examples are the golden ones.
        golden: examples of that part.
        raw: settings for ``preprocess.json``; None: inputs are numbers in the data already.
        outputs: several ones, with their columns in what the whole model gives; empty of one.
    """

    model: Any
    whole: Any
    plan: Plan
    train: Split
    test: Split | None
    part: str
    golden: Split
    raw: dict[str, Any] | None
    outputs: tuple[OutputColumns, ...] = ()

    def cases(self, split: Split, part: str, most: int) -> Iterator["Cases"]:
        """The first examples of a split, a batch at a time, with what Keras makes of them."""
        predict = compile_prediction(self.whole)
        rows = raw_rows(self.plan, part)
        place = 0
        for examples in first_batches(split, most):
            taken = self._rows(rows, place, len(examples))
            inputs = examples.x.astype(np.float32) if taken is None else self._as_saved(taken)
            yield Cases(examples.x, predict(inputs), self._targets(examples.y), taken)
            place += len(examples)

    def _targets(self, y: Array) -> Array:
        """Targets in the order of the outputs; of labels a column for each."""
        places = [place for output in self.plan.outputs for place in output.places]
        return y[:, places] if self.plan.outputs else y

    def _rows(self, rows: RawRows | None, start: int, count: int) -> list[Row] | None:
        return None if rows is None else rows(np.arange(start, start + count))

    def _as_saved(self, rows: list[Row]) -> Any:
        """Raw rows as the saved model takes them."""
        settings = raw_settings(self.plan, numbers=False)
        assert settings is not None
        return Preprocess({"raw": settings})(rows)


@dataclass(frozen=True)
class Cases:
    """Some examples: inputs of the trained model, what the saved one makes of them, targets, and the raw rows."""

    x: Array
    outputs: NDArray[Any]
    y: Array
    rows: list[Row] | None


def subject_of(run: TrainedRun, plan: Plan, form: Format) -> Subject:
    """Open a run's model and its data for an export.

    Raises:
        ModelUnusable: the run has no such model.
        DataError: the data cannot be read.
    """
    saved, logits = run.trained_model(), run.recipe.model.output.logits
    whole = with_probabilities(saved, logits=logits, labels=run.has_labels)
    numbers = FORMATS[form].numbers
    model = with_probabilities(core_of(saved), logits=logits, labels=run.has_labels) if numbers else whole
    outputs: tuple[OutputColumns, ...] = ()
    if run.recipe.task == "multi_output":
        outputs = columns_of(run.recipe.model, run.target_names(whole.output_shape[-1]), run.thresholds)
        own = {output.name: slice(output.first, output.stop) for output in outputs}
        model = model if form == "keras" else with_named_outputs(model, own)
    data = load_data(plan, run.access)
    splits = {"test": data.test, "validation": data.validation, "train": data.train}
    part, golden = next((name, split) for name, split in splits.items() if split is not None)
    settings = raw_settings(plan, numbers=numbers)
    return Subject(model, whole, plan, data.train, data.test, part, golden, settings, outputs)


def first_batches(split: Split, most: int) -> Iterator[Examples]:
    """The first examples of a split, a batch at a time."""
    for part in split.blocks(BATCH):
        for start in range(0, min(len(part), most), BATCH):
            stop = min(start + BATCH, most)
            yield Examples(part.x[start:stop], part.y[start:stop])
        most -= len(part)
        if most <= 0:
            return
