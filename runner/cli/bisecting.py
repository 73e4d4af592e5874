"""``recipe bisect``: reads both recipes, searches between them, prints what was found."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import typer

from runner.bisecting.ddmin import Changes
from runner.bisecting.in_process import Emitting
from runner.bisecting.search import search
from runner.bisecting.sides import Between, Side, of_recipe, of_run
from runner.bisecting.trials import Stopped, Trials
from runner.bisecting.view import as_json, lines
from runner.bisecting.watching import PlainWatcher
from runner.cli.common import fail, print_json, read, recipe_path, use_color
from runner.cli.planning import plan_of
from runner.cli.run_arguments import run_of
from runner.cli.streams import display
from runner.cli.subject import is_recipe
from runner.cli.training import TerminalOptions, exit_code, refuse_any
from runner.data.access import DataAccess
from runner.errors import RecipeError
from runner.views.lines import stdout_screen
from runner.workflows.children import arguments_of, work_apart
from runner.wrapping import labelled


@dataclass(frozen=True)
class Asked:
    """The verb's options, but for those of the display."""

    good: str
    bad: str
    metric: str | None
    threshold: float | None
    seeds: int
    folder: Path | None
    sets: tuple[str, ...]
    data_dir: Path | None
    no_fallback: bool
    force: bool
    root: Path | None
    allow_code: bool
    only: str | None

    def arguments(self, flags: dict[str, bool], values: dict[str, object | None]) -> list[str]:
        """The same options for another process, and these."""
        own = {"--no-fallback": self.no_fallback, "--force": self.force, "--allow-code": self.allow_code}
        named: dict[str, object | None] = {
            "--bisect-dir": self.folder,
            "--data-dir": self.data_dir,
            "--root": self.root,
        }
        named |= {"--metric": self.metric, "--threshold": self.threshold}
        named |= {"--seeds": self.seeds if self.seeds > 1 else None}
        return [self.good, *arguments_of(Path(self.bad), self.sets, own | flags, named | values)]


def bisect(asked: Asked, terminal: TerminalOptions) -> NoReturn:
    """Search for the fields that explain the difference, print them, and exit."""
    quiet = terminal.quiet or asked.only is not None
    good, bad = (_side(each, asked, terminal, quiet=quiet) for each in (asked.good, asked.bad))
    between = Between(good, bad, asked.seeds)
    folder = asked.folder or between.folder
    with display() as stream:
        silent = terminal.quiet or terminal.progress == "none"
        trials = Trials(
            folder,
            between,
            Emitting() if silent else PlainWatcher(stream, between, ends=asked.only is None),
            lambda chosen: _apart(asked, terminal, chosen),
        )
        try:
            if asked.only is not None:
                trials.trial(_chosen(asked.only))
                raise typer.Exit(0)
            found = search(between, trials, asked.metric, asked.threshold)
        except Stopped as stopped:
            _say_how_to_go_on(asked, terminal)
            raise typer.Exit(exit_code(stopped.result)) from None
        except KeyboardInterrupt:  # between two runs, where nothing is to be saved
            _say_how_to_go_on(asked, terminal)
            raise
        except (RecipeError, OSError) as error:
            refuse_any(None, error, terminal.color)
    if terminal.json:
        print_json(as_json(found, between, folder))
    else:
        screen = stdout_screen(color=use_color(terminal.color, sys.stdout))
        screen.print(lines(found, between, screen))
    raise typer.Exit(1 if found.why_not else 0)


def _side(text: str, asked: Asked, terminal: TerminalOptions, *, quiet: bool) -> Side:
    access = DataAccess(asked.data_dir, allow_fallback=not asked.no_fallback)
    if is_recipe(text):
        path, root = recipe_path(text), asked.root
        side = of_recipe(path, asked.sets, root, access, allow_code=asked.allow_code, force=asked.force)
    else:
        directory, root = run_of(text, quiet=quiet), None
        side = of_run(directory, asked.sets, access, allow_code=asked.allow_code, force=asked.force)
        if not side.subject.file.is_file():
            fail(f"{directory} has no resolved.yaml, so its recipe is not known")
    subject = side.subject
    loaded = read(subject.file, subject.sets, root, terminal.color, quiet=quiet, allow_code=asked.allow_code)
    plan_of(  # downloads what is missing, and says so
        loaded, subject.access, terminal.color, allow_code=asked.allow_code, folder=subject.code
    )
    return side


def _apart(asked: Asked, terminal: TerminalOptions, chosen: Changes) -> None:
    only = ",".join(map(str, chosen)) or "none"
    arguments = asked.arguments({"--quiet": terminal.quiet}, {"--only": only, "--progress": "plain"})
    stopped: Any = work_apart("bisect", arguments)
    if stopped is not None:
        raise Stopped(stopped)


def _chosen(only: str) -> Changes:
    return () if only == "none" else tuple(int(part) for part in only.split(","))


def _say_how_to_go_on(asked: Asked, terminal: TerminalOptions) -> None:
    if not terminal.quiet and asked.only is None:
        command = shlex.join(["recipe", "bisect", *asked.arguments({}, {})])
        print(labelled("bisect", f"`{command}` goes on", sys.stderr), file=sys.stderr)
