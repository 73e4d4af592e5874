"""The verb ``recipe history``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from runner.cli import options
from runner.cli.error_output import fail
from runner.cli.run_arguments import run_of
from runner.cli.streams import output_width
from runner.errors import EventsCorrupt, NotPlain
from runner.record import history as record
from runner.record import history_forms
from runner.record.directory import RunPaths
from runner.record.epochs import read_epochs

if TYPE_CHECKING:
    from rich.table import Table

Form = Literal["table", "csv", "json", "plot"]


def command(
    run: options.Run = "latest",
    form: Annotated[Form, typer.Option("--format", help="Output format.")] = "table",
    every: Annotated[int, typer.Option(min=1, help="Print only every K-th step or epoch, and the last.")] = 1,
    epochs: Annotated[
        bool, typer.Option("--epochs", help="Print one row per epoch, with training and validation metrics.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.svg|png", help="Write the curves as a picture.", show_default=False)
    ] = None,
    dark: Annotated[bool, typer.Option("--dark", help="With --plot: for a dark background.")] = False,
    color: options.ColorOption = "auto",
) -> None:
    """Print the executed schedule: learning rate, momentum and loss of every step, as read back.

    Without RUN, shows the latest run and names it on stderr.

     The csv columns are step,epoch,phase,learning_rate,momentum,loss, weight_decay if the schedule drives it, and what
    else curves drive: factor_NAME of a group of layers, dropout_factor, label_smoothing. Steps count from 0, epochs
    from 1.

    The table shows the epochs below the steps. With --epochs every format has one row per epoch; its csv columns are
    epoch,steps,phase,learning_rate,momentum, the metrics of the run (loss,…,val_loss,…), seconds,best. `steps` counts
    the steps done by the end of the epoch; learning rate and momentum are those of its last step.

    --format plot draws the curves for the terminal, and --plot FILE writes them as a picture: learning rate, momentum
    and loss of the steps, then the metrics of the epochs; with --epochs the metrics alone.
    """
    try:
        directory = run_of(run)
        events = RunPaths(directory).events
        if plot is not None or form == "plot":
            _draw(directory, plot, color, epochs=epochs, dark=dark)
        elif epochs:
            _epochs(events, form, every)
        else:
            _steps(events, form, every)
    except (NotPlain, EventsCorrupt) as error:
        fail(str(error))
    except FileNotFoundError as error:
        fail(f"{error.filename} is missing: this directory has no record of a run")


def _draw(directory: Path, plot: Path | None, color: options.Color, *, epochs: bool, dark: bool) -> None:
    from runner.cli import pictures
    from runner.cli.common import use_color
    from runner.cli.looking import refusing, runs_of
    from runner.lookback.history_view import history_lines, history_picture
    from runner.views.lines import stdout_screen

    form = pictures.form_of(plot) if plot is not None else None
    if plot is not None and form is None:
        fail(f"a picture is a .svg or a .png file, got {plot.name!r}", [f"--plot {plot.with_suffix('.svg')}"])
    past = runs_of([str(directory)])[0]
    with refusing():
        if plot is not None and form is not None:
            pictures.save(plot, history_picture(past, form, epochs=epochs, dark=dark), code=2)
            return
        screen = stdout_screen(color=use_color(color, sys.stdout))
        screen.print(history_lines(past, screen, epochs=epochs))


def _steps(events: Path, form: Form, every: int) -> None:
    rows = record.every(record.history_rows(events), every)
    match form:
        case "csv":
            record.write_csv(rows, sys.stdout)
        case "json":
            record.write_json(rows, sys.stdout)
        case "table":
            steps, ended = record.history_table(rows, thin=every == 1, width=output_width()), read_epochs(events)
            _print(steps)
            if ended.ended:
                print()
                _print(ended.table(width=output_width()))


def _epochs(events: Path, form: Form, every: int) -> None:
    ended = read_epochs(events)
    match form:
        case "csv":
            history_forms.as_csv(ended.heading, ended.rows(every), sys.stdout)
        case "json":
            history_forms.as_json(ended.heading, ended.rows(every), sys.stdout)
        case "table":
            _print(ended.table(every, output_width()))


def _print(table: "Table") -> None:
    from rich.console import Console

    Console(markup=False, highlight=False, emoji=False).print(table, crop=False, no_wrap=True, overflow="ignore")
