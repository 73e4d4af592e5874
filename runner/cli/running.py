"""``recipe run``: reads all recipes, then trains them one after another."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from runner.cli.common import fail, read
from runner.cli.following import followed
from runner.cli.planning import plan_of
from runner.cli.repeated import announce, as_json, rest_lines, spread_lines
from runner.cli.training import TerminalOptions, leave, refuse_any, train
from runner.data.access import DataAccess
from runner.disk.atomic import write_atomic
from runner.engine.distributed.cluster import follows_a_chief
from runner.errors import RunError
from runner.events import DONE
from runner.hardware.clock import process_began
from runner.plan.plan import Plan
from runner.plan.threads import process_settings
from runner.record.contents import is_run, require_plain
from runner.record.directory import RUNS, RunDirectory, require_free
from runner.record.handles import list_runs
from runner.source.load import Loaded
from runner.workflows.children import arguments_of, run_apart
from runner.workflows.repeats import recorded_result, spreads, variants
from runner.workflows.request import finished, locks_of, new_directory, request_for, unfinished
from runner.workflows.run import RunRequest
from runner.workflows.weights import with_weights

STOPPED = ("interrupted", "terminated")
"""How a run ends by a signal; those after it do not start."""


@dataclass(frozen=True)
class Wanted:
    """The verb's options about training; the display options are in ``TerminalOptions``."""

    sets: tuple[str, ...]
    run_dir: Path | None
    data_dir: Path | None
    no_fallback: bool
    force: bool
    root: Path | None
    resume: bool
    expect_sha256: str | None
    allow_code: bool
    warned: bool = False
    """Whether the recipe's warnings have been shown already."""
    junit: Path | None = None
    """File for the expectations as JUnit XML."""
    after: bool = True
    """Whether the recipe's `after` follows."""

    def data(self, loaded: Loaded) -> DataAccess:
        """Where the data of a recipe is."""
        return DataAccess(self.data_dir, allow_fallback=not self.no_fallback).beside(loaded.path, self.root)


@dataclass(frozen=True)
class _Job:
    """A run of a recipe, or one of the runs that it stands for."""

    file: Path
    loaded: Loaded
    wanted: Wanted
    plan: Plan
    name: str | None = None
    """``seed 43``, if the recipe repeats."""


def run_all(files: Sequence[Path], wanted: Wanted, terminal: TerminalOptions) -> NoReturn:
    """Read all recipes, train them one after another, print the results and exit."""
    if wanted.junit is not None and (wanted.junit.is_dir() or not wanted.junit.parent.is_dir()):
        fail(f"--junit: must name a file in a folder that is there; received {wanted.junit}")
    all_loaded = [_read(file, wanted, terminal, quiet=wanted.warned) for file in files]
    groups = [_jobs(file, loaded, wanted, terminal) for file, loaded in zip(files, all_loaded, strict=True)]
    if wanted.run_dir is not None and sum(map(len, groups)) > 1:
        what = "several recipes are given" if len(files) > 1 else "the recipe repeats"
        fail(f"--run-dir names one directory, but {what}", ["leave it out: each run gets a directory of its own"])
    for jobs in groups:
        _require_fingerprint(jobs[0].plan, wanted.expect_sha256)
    results: list[dict[str, Any]] = []
    repeats: list[dict[str, Any]] = []
    for jobs in groups:
        found = _train_group(jobs, process_settings(groups[0][0].plan), terminal, first=not results)
        results += found
        if jobs[0].name is not None:
            repeats.append(_repeated(jobs, found, terminal))
        if results[-1]["status"] in STOPPED:
            break
    if wanted.junit is not None:
        _write_junit(wanted.junit, [job for jobs in groups for job in jobs], results)
    leave(results, terminal, repeats)


def _write_junit(path: Path, jobs: Sequence[_Job], results: Sequence[Mapping[str, Any]]) -> None:
    from runner.sinks.junit import junit

    names = [", ".join(filter(None, (job.plan.recipe.name, job.name))) for job in jobs]
    try:
        write_atomic(path, junit(list(zip(names, results, strict=False))))  # a signal leaves the last runs out
    except OSError as error:
        fail(f"--junit: {path} cannot be written: {error.strerror or error}", code=1)


def _read(file: Path, wanted: Wanted, terminal: TerminalOptions, *, quiet: bool) -> Loaded:
    return read(file, wanted.sets, wanted.root, terminal.color, quiet=quiet, allow_code=wanted.allow_code)


def _jobs(file: Path, loaded: Loaded, wanted: Wanted, terminal: TerminalOptions) -> list[_Job]:
    """The run of a recipe, or its runs if it repeats."""

    def planned(loaded: Loaded, wanted: Wanted, name: str | None) -> _Job:
        weights = partial(with_weights, recorded=locks_of(_candidates(wanted)))
        plan = plan_of(loaded, wanted.data(loaded), terminal.color, allow_code=wanted.allow_code, weights=weights)
        return _Job(file, loaded, wanted, plan, name)

    assert loaded.recipe is not None
    jobs = []
    for variant in variants(loaded.recipe):
        own = replace(wanted, sets=(*wanted.sets, *variant.sets))
        jobs.append(planned(_read(file, own, terminal, quiet=True), own, variant.name))
    return jobs or [planned(loaded, wanted, None)]


def _train_group(
    jobs: Sequence[_Job], settings: tuple[object, ...], terminal: TerminalOptions, *, first: bool
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
        done = finished(job.plan, list_runs(RUNS)) if job.name is not None and job.wanted.resume else None
        if job.name is not None and not terminal.quiet and terminal.progress != "none":
            announce(index, len(jobs), job.name, done=None if done is None else str(done))
        if done is not None:
            results.append(recorded_result(done))
        elif process_settings(job.plan) == settings:
            began = process_began() if first and not results else None  # the first run counts from the process' start
            result = train(job.loaded, _request(job.loaded, job.plan, job.wanted, began), terminal)
            results.append(_followed(job, result, terminal))
        else:
            results.append(run_apart(_arguments(job.file, job.wanted, terminal)))
        if results[-1]["status"] in STOPPED:
            break
    return results


def _followed(job: _Job, result: dict[str, Any], terminal: TerminalOptions) -> dict[str, Any]:
    if not job.wanted.after:
        return result
    wanted = job.wanted
    return followed(result, job.plan.recipe, wanted.data_dir, terminal, allow_code=wanted.allow_code)


def _repeated(jobs: Sequence[_Job], results: Sequence[dict[str, Any]], terminal: TerminalOptions) -> dict[str, Any]:
    """What the runs of a recipe have in common; printed on stderr, and given for ``--json``."""
    found, done = spreads(results), sum(result["status"] in DONE for result in results)
    lines = [*(spread_lines(done, found) if found else ()), *rest_lines(jobs[0].file, len(jobs) - done)]
    if lines and not terminal.quiet:
        print("", *lines, sep="\n", file=sys.stderr)
    return {"recipe": jobs[0].plan.recipe.name, **as_json([str(job.name) for job in jobs], found)}


def _arguments(file: Path, wanted: Wanted, terminal: TerminalOptions) -> list[str]:
    """The same options as arguments for a separate process."""
    flags = {"--no-fallback": wanted.no_fallback, "--force": wanted.force, "--resume": wanted.resume}
    flags |= {"--quiet": terminal.quiet, "--allow-code": wanted.allow_code, "--warned": True}
    flags["--no-after"] = not wanted.after
    values: dict[str, object | None] = {"--data-dir": wanted.data_dir, "--root": wanted.root}
    values |= {"--progress": terminal.progress, "--color": terminal.color}
    return arguments_of(file, wanted.sets, flags, values)


def _require_fingerprint(plan: Plan, wanted: str | None) -> None:
    if wanted is not None and plan.fingerprint != wanted.lower():
        fail(
            f"the fingerprint of {plan.recipe.name} on {plan.data.label} is {plan.fingerprint}, not {wanted}",
            ["`recipe show --resolved` prints the text that the fingerprint is computed from"],
        )


def _request(loaded: Loaded, plan: Plan, wanted: Wanted, began: float | None) -> RunRequest:
    run_dir = wanted.run_dir
    if wanted.resume and run_dir is not None:
        _require_plain(run_dir)
    unfinished_run = unfinished(plan, list(_candidates(wanted))) if wanted.resume else None
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
    )


def _candidates(wanted: Wanted) -> Iterator[Path]:
    """The runs that may go on, newest first; looked for once they are asked for."""
    if wanted.resume:
        yield from [wanted.run_dir] if wanted.run_dir is not None else list_runs(RUNS)


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
