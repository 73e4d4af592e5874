"""``recipe history``."""

import sys
from collections.abc import Iterable
from typing import Annotated, Literal

import typer

from runner.cli import options
from runner.cli.errors import fail
from runner.cli.runs import run_of
from runner.record import history as record
from runner.record.directory import RunPaths
from runner.record.events_file import EventsCorrupt


def command(
    run: options.Run = "latest",
    form: Annotated[Literal["table", "csv", "json"], typer.Option("--format", help="Form of the rows.")] = "table",
    every: Annotated[int, typer.Option(min=1, help="Only every K-th step (and the last).")] = 1,
) -> None:
    """Print the executed curve: learning rate, momentum and loss of every step, as read back.

    Without RUN, of the latest run; which one that is goes to stderr.

    Columns of csv: step,epoch,phase,learning_rate,momentum,loss, and weight_decay where the schedule drives it. Steps
    count from 0, epochs from 1.
    """
    try:
        rows = record.every(record.history_rows(RunPaths(run_of(run)).events), every)
        match form:
            case "csv":
                record.write_csv(rows, sys.stdout)
            case "json":
                record.write_json(rows, sys.stdout)
            case "table":
                _table(rows, thin=every == 1)
    except EventsCorrupt as error:
        fail(str(error))
    except FileNotFoundError as error:
        fail(f"{error.filename} is missing: this directory holds no record of a run")


def _table(rows: Iterable[record.HistoryRow], *, thin: bool) -> None:
    from rich.console import Console

    Console(markup=False, highlight=False, emoji=False).print(record.history_table(rows, thin=thin))
