"""``recipe run``: reads all recipes, then trains them one after another."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import typer

from runner.cli.common import fail
from runner.cli.following import followed
from runner.cli.notices import told_below
from runner.cli.repeated import announce, as_json, rest_lines, spread_lines
from runner.cli.run_jobs import Group, Job, Wanted, read_recipe, require_fingerprint
from runner.cli.training import TerminalOptions, leave, refuse_any, train
from runner.disk.atomic import write_atomic
from runner.engine.distributed.cluster import follows_a_chief
from runner.errors import RunError
from runner.events import DONE
from runner.hardware.clock import process_began
from runner.plan.plan import Plan
from runner.plan.threads import process_settings, why_apart
from runner.record.contents import is_run, require_plain
from runner.record.directory import RunDirectory, require_free
from runner.record.repeat_note import read_repeat
from runner.source.load import Loaded
from runner.text import printable
from runner.workflows.children import arguments_of, run_apart
from runner.workflows.repeats import recorded_result, spreads
from runner.workflows.request import finished, new_directory, request_for, unfinished
from runner.workflows.run import RunRequest
from runner.workflows.step_form import with_faster_form, with_tried_form
from runner.workflows.trackers import COME_TO, tell_mlflow

STOPPED = ("interrupted", "terminated")
"""How a run ends by a signal; those after it do not start."""


def run_all(files: Sequence[Path], wanted: Wanted, terminal: TerminalOptions) -> NoReturn:
    """Read all recipes, train them one after another, print the results and exit.

    A recipe that takes weights from the run of one before it is planned when that has trained.
    """
    if wanted.junit is not None and (wanted.junit.is_dir() or not wanted.junit.parent.is_dir()):
        fail(f"--junit: must name a file in an existing folder; received {wanted.junit}")
    groups = [_group(file, wanted, terminal) for file in files]
    if wanted.run_dir is not None and sum(group.runs for group in groups) > 1:
        what = "several recipes are given" if len(files) > 1 else "the recipe repeats"
        fail(f"--run-dir names one directory, but {what}", ["leave it out: each run gets its own directory"])
    planned = [_planned_early(group, groups[:index]) for index, group in enumerate(groups)]
    done = Done()
    try:
        for group, jobs in zip(groups, planned, strict=True):
            if not _trained(jobs if jobs is not None else _planned(group), done, terminal):
                break
    except typer.Exit as error:  # a recipe that could not be planned before, and now cannot be
        done.code = error.exit_code
        if not done.results:
            raise
    if wanted.junit is not None:
        _write_junit(wanted.junit, done)
    leave(done.results, terminal, done.repeats, done.code)


@dataclass
class Done:
    """What has been trained so far."""

    jobs: list[Job] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    repeats: list[dict[str, Any]] = field(default_factory=list)
    settings: tuple[object, ...] | None = None
    """Of this process; None: nothing has trained."""
    code: int = 0
    """Exit code of a recipe that could not be planned."""


def _group(file: Path, wanted: Wanted, terminal: TerminalOptions) -> Group:
    return Group(file, read_recipe(file, wanted, terminal, quiet=wanted.warned), wanted, terminal)


def _planned_early(group: Group, before: Sequence[Group]) -> list[Job] | None:
    """The runs of a recipe; None where they are planned once those before have trained."""
    base = group.waits_for(before)
    if base is None:
        return _planned(group)
    group.check_early(base)
    return None


def _planned(group: Group) -> list[Job]:
    jobs = group.jobs()
    require_fingerprint(jobs[0].plan, group.wanted.expect_sha256)
    return jobs


def _trained(jobs: Sequence[Job], done: Done, terminal: TerminalOptions) -> bool:
    """Train the runs of one recipe; False where a signal has ended them."""
    first = done.settings is None
    jobs = _with_forms(jobs, terminal, first=first)
    done.settings = done.settings or process_settings(jobs[0].plan)
    found = _train_group(jobs, done.settings, terminal, first=first)
    done.results += found
    done.jobs += jobs
    if jobs[0].name is not None:
        done.repeats.append(_repeated(jobs, found, terminal))
    return found[-1]["status"] not in STOPPED


def _with_forms(jobs: Sequence[Job], terminal: TerminalOptions, *, first: bool) -> list[Job]:
    """The runs with the form of a step that is faster here; it is tried before anything trains in this process."""

    def tell(message: str) -> None:
        if not terminal.quiet and terminal.progress != "none":
            print(f"{printable(jobs[0].plan.recipe.name)}: {printable(message)}", file=sys.stderr)

    if first:
        jobs = [replace(jobs[0], plan=with_faster_form(jobs[0].plan, tell)), *jobs[1:]]
    return [replace(job, plan=with_tried_form(job.plan)) for job in jobs]


def _write_junit(path: Path, done: Done) -> None:
    from runner.sinks.junit import junit

    names = [", ".join(filter(None, (job.plan.recipe.name, job.name))) for job in done.jobs]
    try:
        write_atomic(path, junit(list(zip(names, done.results, strict=False))))  # a signal leaves the last runs out
    except OSError as error:
        fail(f"--junit: {path} cannot be written: {error.strerror or error}", code=1)


def _train_group(
    jobs: Sequence[Job], settings: tuple[object, ...], terminal: TerminalOptions, *, first: bool
) -> list[dict[str, Any]]:
    """Train the runs of one recipe; a signal ends them.

    Args:
        jobs: the runs.
        settings: of this process; a run with other ones gets a process of its own.
        terminal: how they are shown.
        first: whether nothing has trained yet.
    """
    results: list[dict[str, Any]] = []
    for index, job in enumerate(jobs, 1):
        done = finished(job.plan, job.wanted.earlier.runs) if job.name is not None and job.wanted.resume else None
        if job.name is not None and not terminal.quiet and terminal.progress != "none":
            announce(index, len(jobs), job.name, done=None if done is None else str(done))
        if done is not None:
            if job.wanted.repeat is not None and read_repeat(done) is None:  # trained alone, it is one of them now
                job.wanted.repeat.write(done)
            results.append(recorded_result(done))
        elif (own := process_settings(job.plan)) == settings:
            began = process_began() if first and not results else None  # the first run counts from the process' start
            result = train(job.loaded, _request(job.loaded, job.plan, job.wanted, began), terminal)
            results.append(_followed(job, result, terminal))
        else:
            if not terminal.quiet and terminal.progress != "none":
                _say_apart(job, why_apart(own, settings))
            results.append(run_apart(_arguments(job.file, job.wanted, terminal)))
        if results[-1]["status"] in STOPPED:
            break
    return results


def _say_apart(job: Job, reason: str) -> None:
    print(f"{printable(job.plan.recipe.name)}: in a separate process: {reason}", file=sys.stderr)


def _followed(job: Job, result: dict[str, Any], terminal: TerminalOptions) -> dict[str, Any]:
    if not job.wanted.after:
        return result
    wanted = job.wanted
    return followed(result, job.plan.recipe, wanted.data_dir, terminal, allow_code=wanted.allow_code)


def _repeated(jobs: Sequence[Job], results: Sequence[dict[str, Any]], terminal: TerminalOptions) -> dict[str, Any]:
    """What the runs of a recipe have in common; printed on stderr, and given for ``--json``."""
    found, done = spreads(results), sum(result["status"] in DONE for result in results)
    _tell_above(jobs, results, terminal)
    lines = [*(spread_lines(done, found) if found else ()), *rest_lines(jobs[0].file, len(jobs) - done)]
    if lines and not terminal.quiet:
        print("", *lines, sep="\n", file=sys.stderr)
    return {"recipe": jobs[0].plan.recipe.name, **as_json([str(job.name) for job in jobs], found)}


def _tell_above(jobs: Sequence[Job], results: Sequence[dict[str, Any]], terminal: TerminalOptions) -> None:
    """Have a tracker told what the runs have come to."""
    if not jobs[0].plan.recipe.tracking or "run_dir" not in results[-1]:
        return
    from runner.workflows.tracked_repeats import tell_repeat

    run, recipe = Path(results[-1]["run_dir"]), jobs[len(results) - 1].plan.recipe
    tell_mlflow(recipe, partial(tell_repeat, run, recipe), COME_TO, run, told_below(quiet=terminal.quiet))


def _arguments(file: Path, wanted: Wanted, terminal: TerminalOptions) -> list[str]:
    """The same options as arguments for a separate process."""
    flags = {"--no-fallback": wanted.no_fallback, "--force": wanted.force, "--resume": wanted.resume}
    flags |= {"--quiet": terminal.quiet, "--allow-code": wanted.allow_code, "--warned": True}
    flags["--no-after"] = not wanted.after
    values: dict[str, object | None] = {"--data-dir": wanted.data_dir, "--root": wanted.root}
    values |= {"--progress": terminal.progress, "--color": terminal.color}
    values["--note"] = wanted.tags.note
    values["--repeat"] = None if wanted.repeat is None else wanted.repeat.to_json()
    tags = [part for tag in wanted.tags.tags for part in ("--tag", tag)]
    return arguments_of(file, wanted.sets, flags, values) + tags


def _request(loaded: Loaded, plan: Plan, wanted: Wanted, began: float | None) -> RunRequest:
    run_dir = wanted.run_dir
    if wanted.resume and run_dir is not None:
        _require_plain(run_dir)
    unfinished_run = unfinished(plan, list(wanted.candidates())) if wanted.resume else None
    follows = follows_a_chief(plan.recipe.hardware, os.environ)
    opened = _opened(unfinished_run) if unfinished_run is not None and not follows else None
    if unfinished_run is None and run_dir is not None and not follows:
        _require_free(run_dir)

    def open_directory(plan: Plan) -> RunDirectory:
        return new_directory(run_dir)(plan) if unfinished_run is None else opened or RunDirectory(unfinished_run)

    return request_for(
        loaded,
        plan,
        wanted.data(loaded),
        open_directory,
        force=wanted.force,
        goes_on=unfinished_run is not None,
        began=began,
        tags=wanted.tags,
        repeat=wanted.repeat,
    )


def _require_plain(directory: Path) -> None:
    """Refuse a run directory named by the user that holds more than plain files; a search skips such directories."""
    try:
        if is_run(directory):
            require_plain(directory)
    except (OSError, RunError) as error:
        refuse_any(None, error, "auto")


def _require_free(directory: Path) -> None:
    """Refuse a directory that is in use before TensorFlow is started."""
    try:
        require_free(directory)
    except (OSError, RunError) as error:
        refuse_any(None, error, "auto")


def _opened(directory: Path) -> RunDirectory:
    """Open a run for writing; another writer is reported before TensorFlow is started."""
    try:
        return RunDirectory(directory)
    except (OSError, RunError) as error:
        refuse_any(None, error, "auto")
