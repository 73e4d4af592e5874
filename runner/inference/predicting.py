"""A trained run, ready to predict: what it takes, what it makes of it, and how that is told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from runner.errors import InputError
from runner.inference.given_threshold import GivenThreshold
from runner.inference.inputs.of_model import taken_of
from runner.inference.inputs.taken import Batch, TakenColumns, TakenWindows, Takes
from runner.inference.opened import TrainedRun
from runner.inference.output_rows import OutputWording, columns_of
from runner.inference.predictions import Predict, Row, Table, Wording
from runner.inference.predictor import make_predictor
from runner.inference.saved_model import vocabulary_of
from runner.inference.unseen_words import known_words
from runner.measures.decisions import Threshold


@dataclass(frozen=True)
class Predicting:
    """What predicts.

    Attributes:
        taken: what the model takes.
        predict: a batch to outputs.
        wording: outputs to rows.
        known: categories that the model knows, by column.
    """

    taken: Takes
    predict: Predict
    wording: Table
    known: Mapping[str, frozenset[str]]

    def rows(self, batch: Batch) -> Iterator[Row]:
        """A row for each example; those that lack what they need have an empty prediction."""
        return self.wording.rows(batch.ids, self.predict(batch.x).without(batch.lacking))

    def tell_lacking(self, count: int, note: Callable[[str], None]) -> None:
        """Say how many rows have no prediction, where there are some."""
        if isinstance(self.taken, TakenColumns) and count:
            needed = ", ".join(sorted(self.taken.needed))
            note(f"no prediction for {count:,} of the rows: they lack {needed}, and training drops such rows")
        elif isinstance(self.taken, TakenWindows) and count:
            note(f"no prediction for {count:,} of the windows: they lack a value that nothing fills")


def predicting(run: TrainedRun, threshold: GivenThreshold, top: int, samples: int) -> Predicting:
    """Open a run's model; TensorFlow has been started.

    Args:
        run: a trained one.
        threshold: of the person, of several outputs also by name; None: the run's own.
        top: how many of the most probable classes are told.
        samples: how often each example is also predicted with dropout on.

    Raises:
        ModelUnusable: the run has no such model.
        InputError: what is to be told does not suit the model.
    """
    model = run.model()
    units = model.output_shape[-1]
    targets, labels = run.target_names(units), run.has_labels
    taken, predict = taken_of(model, run.source, run.inputs), make_predictor(model, samples, run.recipe.seed)
    if run.recipe.task == "multi_output":
        outputs = columns_of(run.recipe.model, targets, run.thresholds)
        return Predicting(
            taken, predict, OutputWording.of(outputs, threshold, top, spread=samples > 0), known_words(model)
        )
    if isinstance(threshold, Mapping):
        message = "--threshold: NAME=NUMBER is for a run with several outputs, and this run has one"
        raise InputError(message, f"--threshold {next(iter(threshold.values())):g}")
    above: Threshold | None = threshold
    if threshold is None and (units == 1 or labels) and run.recipe.task != "regression":
        above = run.threshold(units)
    names = vocabulary_of(model) if run.recipe.task == "language_model" else run.class_names(units)
    wording = Wording(names, units, above, top, samples > 0, targets, labels)
    return Predicting(taken, predict, wording, known_words(model))
