"""``recipe predict``."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from runner.cli import options
from runner.cli.common import fail, note
from runner.cli.trained import WhichOption, leave_with, open_run, start
from runner.errors import RecipeError

if TYPE_CHECKING:
    from runner.inference.inputs.taken import Batch
    from runner.inference.opened import TrainedRun
    from runner.inference.predicting import Predicting
    from runner.inference.writers import Form


_Inputs = Annotated[
    list[str],
    typer.Argument(metavar="INPUT…", help="Files, folders of images or texts, or - for stdin.", show_default=False),
]
_Form = Annotated[
    Literal["csv", "json", "parquet"] | None,
    typer.Option("--format", help="Form of the rows (default: by --output, else csv).", show_default=False),
]
_Output = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write to a file (default: stdout).", show_default=False)
]
_Threshold = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[NAME=]NUMBER",
        help="Two classes: above it, the second is predicted; labels: above it, a label is (default: the model's, "
        "or 0.5). More classes: below it, none is given. Several outputs: for those of the first two, or by NAME.",
        show_default=False,
    ),
]
_Id = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Identify the rows of a table by this column.", show_default=False)
]


def command(
    run: options.Run,
    inputs: _Inputs,
    form: _Form = None,
    output: _Output = None,
    top_k: Annotated[int, typer.Option(min=0, help="Add the K most probable classes, of each output.")] = 0,
    threshold: _Threshold = None,
    mc_samples: Annotated[
        int, typer.Option(min=0, max=10_000, help="Predict N times with dropout on; adds mean and std.")
    ] = 0,
    id: _Id = None,
    which: WhichOption = "last",
    force: Annotated[bool, typer.Option("--force", help="Replace the file that --output names.")] = False,
    data_dir: options.DataDir = None,
    allow_code: options.AllowCode = False,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Predict on files: the class by name with its probability, or the value of a regression.

    Inputs are what trained the model, as it is stored: CSV and Parquet files with the recipe's columns; .txt files, a
    column of texts, or a text a line on stdin; .npy and .npz arrays, rows of numbers, image files; folders of images
    or texts. Columns: id,class,probability, then class_1, probability_1 and so on with --top-k; id,value for a
    regression, or a column for each of several targets; id,labels (those that are there), then the probability of each,
    for labels; mean,std with --mc-samples. Several outputs have theirs with the output's name in front. The id is the
    file's name, or the row's number from 0, or what --id says. A category that training did not have is named on
    stderr; in JSON its row has it under `unseen`, by column.
    """
    trained = open_run(run, which, data_dir, color, allow_code=allow_code)
    tell = (lambda message: None) if quiet else note
    with _leaving(output):
        from runner.inference.given_threshold import given_threshold
        from runner.inference.predict import require_free
        from runner.inference.writers import form_of

        chosen, above = form_of(output, form), given_threshold(threshold or ())
        if output is not None:
            require_free(output, force=force)
        start(trained)
        from runner.inference.predicting import predicting

        how = predicting(trained, above, top_k, mc_samples)
        _write(how, _examples(trained, how, inputs, id, tell), chosen, output, tell)


def _write(
    how: "Predicting", examples: "Iterator[Batch]", form: "Form", output: Path | None, tell: Callable[[str], None]
) -> None:
    """Write the predictions, and then say what they lack."""
    from runner.inference.predict import opened, predict_all
    from runner.inference.unseen_words import UnseenWords

    unseen = UnseenWords(how.known)
    with opened(how.wording, form, output, sys.stdout) as writer:
        lacking = predict_all(examples, how.rows, writer, unseen)
    how.tell_lacking(lacking, tell)
    unseen.tell(tell)


def _examples(
    trained: "TrainedRun", how: "Predicting", inputs: list[str], id: str | None, tell: Callable[[str], None]
) -> "Iterator[Batch]":
    """What was given, batch by batch; values that are scaled already are pointed out."""
    from runner.inference.inputs.given import batches
    from runner.inference.inputs.taken import going_by
    from runner.inference.predict import watched
    from runner.inference.predictor import BATCH

    return watched(batches(inputs, going_by(how.taken, id), BATCH, sys.stdin.buffer, tell), trained.scale, tell)


@contextmanager
def _leaving(output: Path | None) -> Iterator[None]:
    """Leave with the status of what goes wrong in the block."""
    try:
        yield
    except RecipeError as error:
        leave_with(error)
    except BrokenPipeError:  # the reader, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except OSError as error:
        written = output is not None and error.filename in (output, str(output))
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error), code=1 if written else 2)
