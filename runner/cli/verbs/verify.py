"""The verb ``recipe verify``."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, print_json, read
from runner.cli.opening import first_line
from runner.cli.run_arguments import run_of
from runner.events import DONE
from runner.interrupts import importing
from runner.text import argument
from runner.views.lines import paragraph

if TYPE_CHECKING:
    from runner.cli.training import TerminalOptions
    from runner.lookback.differ import Row
    from runner.lookback.recorded_run import Past
    from runner.workflows.selftest import Comparison

_PARTS = ("data", "versions", "machine", "code")
"""What may explain a difference."""
Share = Annotated[
    str | None,
    typer.Option(
        metavar="PERCENT", help="Train only random stretches again, such as 5% of the steps.", show_default=False
    ),
]
Seed = Annotated[
    int | None, typer.Option(min=0, help="With --share: choose the same stretches again.", show_default=False)
]


def command(
    run: options.Run = "latest",
    share: Share = None,
    seed: Seed = None,
    data_dir: options.DataDir = None,
    force: options.Force = False,
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    progress: options.ProgressOption = "auto",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Train a finished run again, from its record, and compare everything to the bit.

    The second run has a temporary directory; the first is only read. Compared are weights, optimizer state, best
    model, every step's learning rate, momentum and loss, metrics and model files. If something differs, packages,
    machine and data that differ are named. Exit code: 0 if all are equal; 1 if something differs or the second run
    did not finish; 2 if the run or its data cannot be used.

    With --share 5% only so many of the steps are trained again, in random stretches that begin where the run has its
    state: at its beginning or at one of its checkpoints. Compared are every step of them, the metrics of epochs that
    end in them, and the whole state where one ends at a checkpoint.
    """
    part = _share(share, seed)
    directory = run_of(run, quiet=quiet or progress == "none")
    first_line("verify", str(directory), progress, quiet=quiet)
    with importing():
        from runner.cli.compared import differs
        from runner.cli.looking import runs_of
        from runner.cli.training import TerminalOptions
        from runner.cli.verifying import verify_some
        from runner.record.directory import RunPaths
        from runner.workflows.selftest import compare

    past = _finished(runs_of([str(directory)])[0])
    if part is not None:
        verify_some(directory, part, seed, data_dir, color, force=force, allow_code=allow_code, json=json)
    _require_checkpoint(directory)
    terminal = TerminalOptions(progress, quiet, color, json=False)
    with tempfile.TemporaryDirectory(prefix="recipe-verify-") as folder:
        again = Path(folder) / "again"
        _train_again(directory, again, data_dir, terminal, force=force, allow_code=allow_code)
        found = list(compare(RunPaths(directory), RunPaths(again)))
        why = _explanations(past, runs_of([str(again)])[0]) if differs(found) else []
    _report(directory, found, why, color, json=json)


def _require_checkpoint(directory: Path) -> None:
    """Exit if there is nothing to compare with, before anything is trained."""
    from runner.cli.looking import refusing
    from runner.record.directory import RunPaths
    from runner.workflows.selftest import last_checkpoint

    with refusing():
        last_checkpoint(RunPaths(directory))


def _report(directory: Path, found: "list[Comparison]", why: "list[Row]", color: options.Color, *, json: bool) -> None:
    """Print what was compared, and what may explain a difference; exit with 1 if something differs."""
    from runner.cli.compared import as_mapping, differs, print_comparison

    if json:
        print_json({"run_dir": str(directory), **as_mapping(found), "explanations": [row._asdict() for row in why]})
    else:
        screen = print_comparison(found, color)
        for row in why:
            before, now = row.values
            screen.print(paragraph(screen, f"{row.part}: {row.field} was {before}, now {now}", hang=2))
        equal = "the run is the same to the bit"
        screen.print(paragraph(screen, f"trained again, {'it is another run' if differs(found) else equal}"))
    raise typer.Exit(1 if differs(found) else 0)


def _share(share: str | None, seed: int | None) -> float | None:
    if share is None:
        if seed is not None:
            fail("--seed chooses stretches, and without --share the whole run is trained again", ["add --share 5%"])
        return None
    from runner.cli.verifying import share_of

    return share_of(share)


def _finished(past: "Past") -> "Past":
    """Exit unless the run came to its end with the recipe that it began with."""
    if past.status not in DONE:
        run = argument(past.path)
        failed = past.status in ("diverged", "failed")
        way = f"`recipe show {run}` says what happened" if failed else f"`recipe resume {run}` continues it"
        fail(f"{past.name} is not finished: its status is {past.status}", [way])
    return past


def _train_again(
    directory: Path, again: Path, data_dir: Path | None, terminal: "TerminalOptions", *, force: bool, allow_code: bool
) -> None:
    """Train the recorded recipe in a directory of its own; exit if that does not finish."""
    from runner.cli.looking import refusing
    from runner.cli.planning import plan_of
    from runner.cli.trained import tell_of_folder
    from runner.cli.training import EXIT, train
    from runner.data.access import DataAccess
    from runner.record.directory import RunPaths
    from runner.workflows.request import as_begun, code_folder, data_of, new_directory, request_for

    loaded = read(RunPaths(directory).resolved, None, None, terminal.color, quiet=True, allow_code=allow_code)
    with refusing():
        data = data_of(directory, DataAccess(data_dir), None)
    if not terminal.quiet:
        tell_of_folder(directory, data)
    plan = plan_of(
        loaded,
        data,
        terminal.color,
        allow_code=allow_code,
        folder=code_folder(directory),
        weights=as_begun(directory),
    )
    result = train(loaded, request_for(loaded, plan, data, new_directory(again), force=force), terminal)
    if result["status"] not in DONE:
        fail(f"the second run did not finish: {result['status']}", code=EXIT[result["status"]])


def _explanations(before: "Past", now: "Past") -> "list[Row]":
    from runner.lookback.differ import of_run, rows

    return [row for row in rows([of_run(before), of_run(now)]) if row.part in _PARTS]
