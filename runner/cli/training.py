"""Shared by the verbs that train: run a request, report errors, print the result."""

import errno
import os
import shlex
import signal
import sys
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import typer

from runner.cli.annotations import annotate_missed, in_actions
from runner.cli.common import fail, print_json, refuse
from runner.cli.hangup import leave_lost_terminal
from runner.cli.options import Color, Progress
from runner.cli.streams import HUNG_UP, display
from runner.engine.distributed.cluster import follows_a_chief
from runner.errors import (
    CannotResume,
    RecipeError,
)
from runner.events import Event, Sink, Status, Steps, Warned
from runner.plan.plan import Plan
from runner.record.earlier_events import events_before
from runner.sinks.console import make_console_sink
from runner.sinks.fan_out import fan_out
from runner.sinks.summary import SummarySink
from runner.source.load import Loaded
from runner.text import printable
from runner.workflows.run import RunRequest, run
from schemas.recipe import Recipe
from schemas.rules.parts import rate_place

EXIT: dict[Status, int] = {
    "finished": 0,
    "failed": 1,
    "diverged": 1,
    "expectation_missed": 1,
    "interrupted": 130,
    "terminated": 143,
    "pruned": 0,
}


@dataclass(frozen=True)
class TerminalOptions:
    """How a run is shown on the terminal."""

    progress: Progress
    quiet: bool
    color: Color
    json: bool
    kill_at: int | None = None
    """The step at which the process kills itself, for `recipe selftest`."""


def train(loaded: Loaded, request: RunRequest, terminal: TerminalOptions) -> dict[str, Any]:
    """Run a request and return its result; exits if the run cannot be started or recorded."""
    summary, follows = SummarySink(_bounds(request.plan)), follows_a_chief(request.plan.recipe.hardware, os.environ)
    terminal = replace(terminal, quiet=terminal.quiet or follows)
    reported = {diagnostic.message for diagnostic in loaded.diagnostics}  # shown when the recipe was read
    with display() as stream:
        console = make_console_sink(
            terminal.progress, quiet=terminal.quiet, color=terminal.color, stderr=stream, past=events_before
        )
        try:
            run(request, fan_out([summary, _without(reported, console), _killer(terminal.kill_at)]))
        except Exception as error:
            leave_lost_terminal()
            console.close()
            refuse_any(loaded, error, terminal.color)
        finally:
            leave_lost_terminal()
            console.close()
    result = summary.result()
    if follows:  # the chief owns the record and judges the result
        del result["run_dir"]
        result["status"] = "finished" if result["status"] == "expectation_missed" else result["status"]
    if in_actions():
        annotate_missed(loaded, result)
    if not terminal.quiet:
        for line in ways_on(result, request.plan.recipe, loaded.path):
            print(f"{'':10}{printable(line)}", file=sys.stderr)
    return result


def _without(reported: Container[str], sink: Sink) -> Sink:
    """A sink that drops warnings already shown; the record and the result keep each once."""

    def forward(event: Event) -> None:
        if not (isinstance(event, Warned) and event.message in reported):
            sink(event)

    return forward


def _bounds(plan: Plan) -> dict[str, str]:
    """All bounds in the recipe's ``expect``, whether or not this run can check them."""
    return {metric: str(bound) for metric, bound in (*plan.expect.items(), *plan.untested.items())}


def _killer(step: int | None) -> Sink:
    """A sink that kills the process once ``step`` is recorded; without a step it does nothing."""

    def kill(event: Event) -> None:
        if step is not None and isinstance(event, Steps) and event.last_step >= step:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


def refuse_any(loaded: Loaded | None, error: Exception, color: Color) -> NoReturn:
    """Report an error that prevents a run and exit; a bug in the program is raised again.

    Args:
        loaded: the recipe, to locate the error; None if the error is not about a recipe.
        error: what was raised.
        color: when to colour the report.
    """
    if isinstance(error, CannotResume):
        fail(f"the run cannot continue: {error}", error.help)
    if isinstance(error, RecipeError):
        refuse(loaded, error, color)
    if isinstance(error, OSError):
        place = f"{error.filename}: {error.strerror}" if error.filename is not None else str(error)
        notes = "; ".join([place, *getattr(error, "__notes__", ())])
        fail(f"the run cannot be recorded: {notes}", _resumable(error), code=1)
    raise error


def _resumable(error: OSError) -> list[str]:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return ["the earlier checkpoints are intact: free some space, then continue with `recipe resume`"] if full else []


def ways_on(result: Mapping[str, Any], recipe: Recipe, path: Path) -> Iterator[str]:
    """Yield commands that continue an unfinished run.

    Args:
        result: the result of the run.
        recipe: the recipe it trained.
        path: the recipe's file.
    """
    resume = f"recipe resume {shlex.quote(str(result.get('run_dir')))}"
    match result["status"]:
        case "interrupted" | "terminated" | "pruned":
            yield f"`{resume}` continues"
        case "diverged":
            place = rate_place(recipe)
            key = ".".join(map(str, place.path))
            smaller = f"--set {key}=…" if place.single else f"--set '{key}=[…]'"
            step = result["checkpoint"]
            if step is None:
                yield f"`recipe run {shlex.quote(str(path))} {smaller}` starts again at a smaller rate"
            else:
                where = f"continues after step {step:,}" if step else "starts again"
                yield f"`{resume} {smaller} --policy continue` {where} at a smaller rate"
        case _:
            pass


def leave(
    results: Sequence[dict[str, Any]],
    terminal: TerminalOptions,
    repeats: Sequence[dict[str, Any]] = (),
    code: int = 0,
) -> NoReturn:
    """Print the results on stdout and exit with the code they imply.

    Prints one object with ``--json``, otherwise the run directories if stdout is a pipe. A worker that follows a chief
    prints nothing.

    Args:
        results: of the runs.
        terminal: how they are shown.
        repeats: what the runs of each repeated recipe have in common.
        code: the least exit code, of what has no result.
    """
    shown = [result for result in results if "run_dir" in result]
    if terminal.json and shown:
        several = {"runs": shown} | ({"repeats": list(repeats)} if repeats else {})
        print_json(shown[0] if len(shown) == 1 and not repeats else several)
    elif shown and not sys.stdout.isatty():
        print("\n".join(str(result["run_dir"]) for result in shown))
    raise typer.Exit(max(code, *map(exit_code, results)))


def exit_code(result: Mapping[str, Any]) -> int:
    """The exit code of the program that a run's result implies."""
    hung_up = result["status"] == "terminated" and str(result.get("message")).startswith(signal.SIGHUP.name)
    failed = any(not step["done"] for step in result.get("after", ()))
    return HUNG_UP if hung_up else EXIT[result["status"]] or int(failed)
