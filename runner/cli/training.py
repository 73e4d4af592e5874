"""What verbs that train share: run an order, tell what stands in its way, print the result."""

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

from runner.cli.common import fail, print_json, refuse
from runner.cli.hangup import leave_lost_terminal
from runner.cli.options import Color, Progress
from runner.cli.streams import display
from runner.engine.distributed.cluster import follows_a_chief
from runner.errors import (
    CannotResume,
    EventsCorrupt,
    NotPlain,
    RecipeError,
)
from runner.events import Event, RunEnded, RunStarted, Sink, Status, Steps, Warned
from runner.plan.plan import Plan
from runner.record.directory import RunPaths
from runner.record.events_file import read_events
from runner.record.past import events_before
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
}
_HUNG_UP = 128 + signal.SIGHUP


@dataclass(frozen=True)
class Screen:
    """How a run is shown."""

    progress: Progress
    quiet: bool
    color: Color
    json: bool
    kill_at: int | None = None
    """The step at which the process kills itself, for `recipe selftest`."""


def train(loaded: Loaded, order: RunRequest, screen: Screen) -> dict[str, Any]:
    """Run an order and give its result; what stands in its way ends the program."""
    summary, follows = SummarySink(_bounds(order.plan)), follows_a_chief(order.plan.recipe.hardware, os.environ)
    screen = replace(screen, quiet=screen.quiet or follows)
    told = {diagnostic.message for diagnostic in loaded.diagnostics}  # at their places, when the recipe was read
    with display() as stream:
        console = make_console_sink(
            screen.progress, quiet=screen.quiet, color=screen.color, stderr=stream, past=events_before
        )
        try:
            run(order, fan_out([summary, _without(told, console), _killer(screen.kill_at)]))
        except Exception as error:
            leave_lost_terminal()
            console.close()
            refuse_any(loaded, error, screen.color)
        finally:
            leave_lost_terminal()
            console.close()
    result = summary.result()
    if follows:  # the record is the chief's, and what it is worth is the chief's to say
        del result["run_dir"]
        result["status"] = "finished" if result["status"] == "expectation_missed" else result["status"]
    if not screen.quiet:
        for line in ways_on(result, order.plan.recipe, loaded.path):
            print(f"{'':10}{printable(line)}", file=sys.stderr)
    return result


def _without(told: Container[str], sink: Sink) -> Sink:
    """A sink that hears no warning a second time; the record and the result have each once."""

    def hear(event: Event) -> None:
        if not (isinstance(event, Warned) and event.message in told):
            sink(event)

    return hear


def _bounds(plan: Plan) -> dict[str, str]:
    """Everything that the recipe expects, whether or not this run can test it."""
    return {metric: str(bound) for metric, bound in (*plan.expect.items(), *plan.untested.items())}


def _killer(step: int | None) -> Sink:
    """A sink that kills the process when a step is recorded; one that does nothing without a step."""

    def kill(event: Event) -> None:
        if step is not None and isinstance(event, Steps) and event.last_step >= step:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


def refuse_any(loaded: Loaded | None, error: Exception, color: Color) -> NoReturn:
    """Report what stands in the way of a run and exit; a defect of the program is raised on.

    Args:
        loaded: the recipe, for the place of the error; None: the error is not about one.
        error: what was raised.
        color: of the report.
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
    return ["the checkpoints before are whole: make room, then `recipe resume` goes on"] if full else []


def ways_on(result: Mapping[str, Any], recipe: Recipe, path: Path) -> Iterator[str]:
    """How to go on with a run that has not come to its end.

    Args:
        result: of the run.
        recipe: what it trained.
        path: of its file.
    """
    resume = f"recipe resume {shlex.quote(str(result.get('run_dir')))}"
    match result["status"]:
        case "interrupted" | "terminated":
            yield f"`{resume}` goes on"
        case "diverged":
            place = rate_place(recipe)
            key = ".".join(map(str, place.path))
            smaller = f"--set {key}=…" if place.single else f"--set '{key}=[…]'"
            step = result["checkpoint"]
            if step is None:
                yield f"`recipe run {shlex.quote(str(path))} {smaller}` begins again, at a smaller rate"
            else:
                where = f"goes on after step {step:,}" if step else "begins again"
                yield f"`{resume} {smaller} --policy continue` {where}, at a smaller rate"
        case _:
            pass


def leave(results: Sequence[dict[str, Any]], screen: Screen) -> NoReturn:
    """Print the results on stdout and leave with the exit code that they mean.

    An object with ``--json``; else the run directories, where stdout is piped. A worker that follows a chief leaves
    the word to it.
    """
    shown = [result for result in results if "run_dir" in result]
    if screen.json and shown:
        print_json(shown[0] if len(shown) == 1 else {"runs": shown})
    elif shown and not sys.stdout.isatty():
        print("\n".join(str(result["run_dir"]) for result in shown))
    raise typer.Exit(max(map(_exit_code, results)))


def _exit_code(result: Mapping[str, Any]) -> int:
    hung_up = result["status"] == "terminated" and str(result.get("message")).startswith(signal.SIGHUP.name)
    return _HUNG_UP if hung_up else EXIT[result["status"]]


def status_of(directory: Path) -> tuple[str | None, Status]:
    """Fingerprint and status of a run, by its events; ``running`` for one that was killed.

    Raises:
        OSError: the directory holds no events.
        NotPlain: they are in no plain file.
        EventsCorrupt: they cannot be read.
    """
    fingerprint: str | None = None
    status: Status = "running"
    for event in read_events(RunPaths(directory).events):
        if isinstance(event, RunStarted):
            fingerprint, status = event.fingerprint, "running"
        elif isinstance(event, RunEnded):
            status = event.status
    return fingerprint, status


def unfinished(plan: Plan, runs: Sequence[Path]) -> Path | None:
    """The newest of ``runs`` that trains this plan and has not come to its end."""
    for directory in runs:
        try:
            fingerprint, status = status_of(directory)
        except (OSError, EventsCorrupt, NotPlain):
            continue  # a folder that holds no readable run is none to go on with
        if fingerprint == plan.fingerprint:
            return None if status in ("finished", "expectation_missed") else directory
    return None
