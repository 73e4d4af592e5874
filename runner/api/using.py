"""What a run or a recipe is used for: its record, figures, predictions, and the range test."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from runner.api.recipes import access_to, as_loaded, planned_with
from runner.api.results import Name
from runner.api.trained import start, trained_run
from runner.events import Event
from runner.record.directory import RunPaths
from runner.record.events_file import read_events
from runner.record.handles import find_run
from runner.record.tags import Tags, change_tags
from runner.source.load import Loaded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runner.inference.evaluation import Evaluation
    from runner.inference.given_threshold import GivenThreshold
    from runner.inference.inputs.in_memory import Rows
    from runner.inference.opened import Which
    from runner.lr_find.range_test import Found


def events(run: Name) -> Iterator[Event]:
    """The recorded events of a run, in order: the executed learning rate, momentum and loss of every step among them.

    Raises:
        RunNotFound: there is no such run.
        EventsCorrupt: a line of the record is not an event.
    """
    return read_events(RunPaths(find_run(os.fspath(run))).events)


def find_lr(
    recipe: Loaded | Name,
    *,
    min_lr: float = 1e-6,
    max_lr: float = 10.0,
    steps: int | None = None,
    repeats: int = 1,
    data_dir: Name | None = None,
) -> "Found":
    """The learning-rate range test of ``recipe lr-find``; ``suggestion`` is None where the curve is not clear.

    Args:
        recipe: as :func:`load` gives it, or what it takes.
        min_lr: learning rate of the first step.
        max_lr: learning rate of the last step.
        steps: number of steps; by default one epoch, but 100 to 300.
        repeats: number of seeds; the suggestion uses the median curve.
        data_dir: of tensorflow-datasets; by default ``TFDS_DATA_DIR``.

    Raises:
        RecipeInvalid: the recipe has errors.
        RecipeError: it cannot be trained here.
    """
    loaded = as_loaded(recipe)
    access = access_to(loaded, data_dir, fallback=True, download=True)
    planned = planned_with(loaded, access, allow_code=False)
    from runner.lr_find.started import range_test

    return range_test(planned, access, min_lr, max_lr, steps, repeats)


def evaluate(
    run: Name = "latest",
    *,
    split: Literal["train", "validation", "test"] = "test",
    data: Name | None = None,
    which: "Which" = "last",
    data_dir: Name | None = None,
    allow_code: bool = False,
) -> "Evaluation":
    """Loss, metrics and the figures of each class, as ``recipe evaluate`` has them.

    Args:
        run: its directory, or a handle such as ``latest`` or ``NAME/latest~1``.
        split: which examples.
        data: a file with other examples, in place of a split.
        which: ``last``: the model that the run tested; ``best``: that of the best epoch.
        data_dir: of tensorflow-datasets; by default that of the run.
        allow_code: whether custom code that the recipe names may be imported.

    Raises:
        RunNotFound: there is no such run.
        ModelUnusable: it has no such model.
        DataError: its data is not here.
        InputError: the file cannot be used.
    """
    trained = trained_run(run, which, data_dir, allow_code=allow_code)
    planned = trained.plan(lambda _: None)
    start(trained)
    from runner.inference import evaluation
    from runner.inference.saved_model import core_of

    saved = trained.trained_model()
    if data is not None:
        given = evaluation.split_of_file(trained, planned, saved, Path(data), lambda _: None)
        return evaluation.evaluate(trained, planned, core_of(saved), given)
    examples, changed = evaluation.split_of(trained, planned, split)
    return evaluation.evaluate(trained, planned, core_of(saved), examples, changed=changed)


def tag(run: Name, *, add: Sequence[str] = (), remove: Sequence[str] = (), note: str | None = None) -> Tags:
    """Add and remove tags of a run and set its note, as ``recipe tag`` does; give what it has then.

    Args:
        run: its folder, or a handle such as ``latest``.
        add: tags that it gets.
        remove: tags that it loses.
        note: its new note; empty for none, None to leave it as it is.

    Raises:
        RunError: there is no such run, or a tag or the note is not valid.
        OSError: the run cannot be written.
    """
    return change_tags(find_run(os.fspath(run)), add=add, remove=remove, note=note)


def predict(
    run: Name,
    inputs: "Name | Sequence[Name] | NDArray[Any] | Rows",
    *,
    top_k: int = 0,
    threshold: "GivenThreshold" = None,
    mc_samples: int = 0,
    which: "Which" = "last",
    data_dir: Name | None = None,
    allow_code: bool = False,
) -> Iterator[dict[str, str | float | None]]:
    """Predictions one by one, with the columns that ``recipe predict`` has.

    >>> for row in predict("latest", [{"rent": 900, "town": None}]):  # doctest: +SKIP
    ...     print(row["class"], row["probability"])

    Args:
        run: its directory, or a handle such as ``latest``.
        inputs: a file or several; a NumPy array, for a model of arrays; or rows, each a mapping of the recipe's columns
            to values, for one of a table or of texts.
        top_k: how many of the most probable classes have columns of their own.
        threshold: as ``--threshold``; of several outputs also by name, ``{"made": 0.4}``.
        mc_samples: how often to predict with dropout on, too; adds ``mean`` and ``std``.
        which: ``last``: the model that the run tested; ``best``: that of the best epoch.
        data_dir: where names of classes are, for tensorflow-datasets.
        allow_code: whether custom code that the recipe names may be imported.

    Raises:
        RunNotFound: there is no such run.
        ModelUnusable: it has no such model.
        InputError: an input is not what the model takes; for what is within a file, when it is reached.
    """
    trained = trained_run(run, which, data_dir, allow_code=allow_code)
    start(trained)
    from runner.inference.inputs.given import batches_of
    from runner.inference.predicting import predicting
    from runner.inference.predictor import BATCH

    how = predicting(trained, threshold, top_k, mc_samples)
    given = batches_of(inputs, how.taken, BATCH)
    return (dict(zip(how.wording.columns, row, strict=True)) for batch in given for row in how.rows(batch))
