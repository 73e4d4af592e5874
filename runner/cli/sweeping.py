"""``recipe sweep``: reads the recipe, works on its sweep, prints how it stands."""

import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import typer

from runner.cli.common import fail, print_json, read, recipe_path
from runner.cli.following import make_pending
from runner.cli.notices import told_below
from runner.cli.options import Color
from runner.cli.planning import plan_of
from runner.cli.streams import display, output_width
from runner.cli.training import TerminalOptions, exit_code, refuse_any
from runner.data.access import DataAccess
from runner.errors import RecipeError
from runner.events import AfterStepEnded
from runner.record.directory import RUNS
from runner.sinks.console import wants_live
from runner.source.load import Loaded
from runner.text import printable
from runner.workflows.children import arguments_of, work_apart
from runner.workflows.sweep_scripts import render
from runner.wrapping import labelled

if TYPE_CHECKING:
    from runner.sweeps.sweep import Board, Sweeping


@dataclass(frozen=True)
class Asked:
    """The verb's options, but for those of the display."""

    file: Path
    sets: tuple[str, ...]
    sweep_dir: Path | None
    worker: bool
    data_dir: Path | None
    no_fallback: bool
    force: bool
    root: Path | None
    allow_code: bool
    only: int | None

    def access(self, loaded: Loaded) -> DataAccess:
        """Where the data is."""
        return DataAccess(self.data_dir, allow_fallback=not self.no_fallback).beside(loaded.path, self.root)

    def command(self) -> str:
        """The command that goes on with the sweep."""
        words = ["recipe", "sweep", *self.arguments({}, {})]
        return printable(shlex.join(words))

    def arguments(self, flags: Mapping[str, bool], values: Mapping[str, object | None]) -> list[str]:
        """The same options for another process, and these."""
        own = {"--no-fallback": self.no_fallback, "--force": self.force, "--allow-code": self.allow_code}
        named = {"--sweep-dir": self.sweep_dir, "--data-dir": self.data_dir, "--root": self.root}
        return arguments_of(self.file, self.sets, own | dict(flags), named | dict(values))


def print_script(asked: Asked, kind: Literal["slurm", "kubernetes"], workers: int, color: Color) -> None:
    """Print the script that starts workers on a cluster."""
    loaded = _read(asked, color, quiet=True)
    assert loaded.recipe is not None
    print(render(kind, loaded.recipe.name, asked.file, workers), end="")


def sweep(asked: Asked, terminal: TerminalOptions) -> NoReturn:
    """Work on the sweep until no trial is left, or a signal ends it; print how it stands, and exit."""
    loaded = _read(asked, terminal.color, quiet=terminal.quiet or asked.only is not None)
    plan_of(loaded, asked.access(loaded), terminal.color, allow_code=asked.allow_code)  # downloads what is missing
    with _refusing(loaded, terminal.color):
        from runner.sweeps.definition import require_optuna

        require_optuna()
        sweeping = _opened(asked, loaded)
        with sweeping:
            stopped = _work(sweeping, asked, [each.message for each in loaded.diagnostics], terminal)
            found = sweeping.summary()
            if asked.only is None:
                sweeping.tell_trackers(found, told_below(quiet=terminal.quiet))
    if asked.only is None:
        _print(sweeping, found, asked, terminal)
    if stopped is not None:
        raise typer.Exit(exit_code(stopped))
    if asked.only is None and not asked.worker:
        _follow_best(found, loaded, asked, terminal)
    raise typer.Exit(0 if asked.only is not None or found["best"] is not None else 1)


def _follow_best(found: Mapping[str, Any], loaded: Loaded, asked: Asked, terminal: TerminalOptions) -> None:
    """Make the steps of ``after`` for the best trial of a sweep that has ended; leaves with 1 where one fails."""
    assert loaded.recipe is not None
    if found["status"] != "finished" or found["best"] is None or not loaded.recipe.after:
        return
    runs = [Path(found["sweep_dir"]) / name for name in found["best"]["runs"]]
    made = [
        event
        for run in runs
        for event in make_pending(run, loaded.recipe, asked.data_dir, terminal, allow_code=asked.allow_code)
    ]
    if not all(event.done for event in made if isinstance(event, AfterStepEnded)):
        raise typer.Exit(1)


def _read(asked: Asked, color: Color, *, quiet: bool) -> Loaded:
    loaded = read(asked.file, asked.sets, asked.root, color, quiet=quiet, allow_code=asked.allow_code)
    assert loaded.recipe is not None
    if loaded.recipe.sweep is None:
        fail(f"{asked.file} has no `sweep`", ["`recipe explain sweep` shows one"])
    return loaded


@contextmanager
def _refusing(loaded: Loaded, color: Color) -> Iterator[None]:
    try:
        yield
    except (RecipeError, OSError) as error:
        refuse_any(loaded, error, color)


def _opened(asked: Asked, loaded: Loaded) -> "Sweeping":
    from runner.sweeps.sweep import Sweeping
    from runner.sweeps.unit import Subject

    assert loaded.recipe is not None
    subject = Subject(
        file=recipe_path(str(asked.file)),
        sets=asked.sets,
        root=asked.root,
        environment=os.environ,
        access=asked.access(loaded),
        allow_code=asked.allow_code,
        force=asked.force,
    )
    return Sweeping(asked.sweep_dir or RUNS / f"{loaded.recipe.name}-sweep", loaded.recipe, subject)


def _work(
    sweeping: "Sweeping", asked: Asked, told: Sequence[str], terminal: TerminalOptions
) -> Mapping[str, Any] | None:
    """Train what is left, with a display; gives the result of the run that a signal has ended.

    ``told`` are the recipe's own warnings: each trial has them too.
    """
    with display() as stream:
        live = not asked.worker and wants_live(terminal.progress, stream)

        def apart(number: int) -> Mapping[str, Any] | None:
            unheard = live or _is_silent(terminal)  # its lines would fall into the live board
            flags = {"--worker": True, "--quiet": unheard}
            arguments = asked.arguments(flags, {"--only": number, "--progress": "plain"})
            return work_apart("sweep", arguments, meanwhile=board.changed)

        board: Board = sweeping.board(
            stream, told, live=live, silent=_is_silent(terminal), no_color=_no_color(terminal), ends=asked.only is None
        )
        try:
            return sweeping.work(board, apart, asked.only)
        except KeyboardInterrupt:  # between two runs, where nothing is to be saved
            board.close()
            print(_goes_on(asked), file=sys.stderr)
            raise
        finally:
            board.close()


def _goes_on(asked: Asked) -> str:
    return labelled("sweep", f"`{asked.command()}` goes on", sys.stderr)


def _is_silent(terminal: TerminalOptions) -> bool:
    return terminal.quiet or terminal.progress == "none"


def _no_color(terminal: TerminalOptions) -> bool:
    return terminal.color == "never" or (terminal.color == "auto" and bool(os.environ.get("NO_COLOR")))


def _print(sweeping: "Sweeping", found: Mapping[str, Any], asked: Asked, terminal: TerminalOptions) -> None:
    """The table or the JSON object on stdout; on stderr what can be done next."""
    if terminal.json:
        print_json(found)
    elif not asked.worker:
        for line in sweeping.lines(found, output_width() or sys.maxsize):
            print(line)
    if terminal.quiet:
        return
    if found["status"] == "unfinished":
        print(_goes_on(asked), file=sys.stderr)
    elif not terminal.json:
        said = f"finished: {len(found['trials'])} trials in {found['sweep_dir']}"
        print(labelled("sweep", said, sys.stderr), file=sys.stderr)
    if found["best_recipe"] is not None:
        place = shlex.quote(found["best_recipe"])
        print(labelled("best", f"`recipe run {place}` trains it again", sys.stderr), file=sys.stderr)
