"""What a recipe has follow its training: evaluation, exports, report; each step is recorded, and made once."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from runner.errors import ExportError, RecipeError
from runner.events import DONE, AfterStepEnded, ExpectationChecked, RunEnded, RunStarted
from runner.inference.opened import TrainedRun
from runner.plan.plan import Plan
from runner.record.directory import RunDirectory, RunPaths
from runner.record.events_file import EventsWriter, read_events
from runner.sinks.summary import expectation
from runner.text import printable
from schemas.after import AfterStep, ExportOptions, ExportStep
from schemas.costs import flips_name
from schemas.recipe import Recipe
from schemas.rules.after import step_name

Checks = list[ExpectationChecked]
"""What a step finds out about the recipe's expectations."""


def pending(paths: RunPaths, recipe: Recipe) -> list[AfterStep]:
    """The steps that are still to be made after a finished training; none where it is not finished.

    Raises:
        OSError: the record cannot be read.
        EventsCorrupt: it is not what a run writes.
    """
    made, finished = set[str](), False
    for event in read_events(paths.events) if recipe.after else ():
        if isinstance(event, RunStarted):
            made, finished = set(), False
        elif isinstance(event, RunEnded):
            finished = event.status in DONE
        elif isinstance(event, AfterStepEnded) and event.done:
            made.add(event.step)
    return [step for step in recipe.after or () if finished and step_name(step) not in made]


def follow(run: TrainedRun, plan: Plan, steps: Sequence[AfterStep]) -> Iterator[AfterStepEnded | ExpectationChecked]:
    """Make the steps in their order, and record each; one that fails does not keep the others from being made.

    An export whose flips the recipe bounds is preceded by what became of that expectation.

    Args:
        run: the finished run; TensorFlow has been started, and nobody writes to the run.
        plan: its plan, with its data.
        steps: of the recipe.

    Raises:
        RunLocked: another process writes to the run.
        OSError: the record cannot be written.
    """
    for step in steps:
        began, done, checks = time.perf_counter(), True, list[ExpectationChecked]()
        try:
            message = _make(run, plan, step, checks)
        except (RecipeError, OSError) as error:
            message, done = "; ".join([str(error), *getattr(error, "help", ())]), False
        seconds = time.perf_counter() - began
        event = AfterStepEnded(step=step_name(step), done=done, message=printable(message), seconds=seconds)
        with RunDirectory(run.paths.root) as directory, EventsWriter(directory.events, directory.folder) as record:
            for each in (*checks, event):
                record(each)
        yield from checks
        yield event


def flips_expected(recipe: Recipe, form: str, flips: int) -> ExpectationChecked | None:
    """What became of the recipe's expectation of an export's flips; None where it has none."""
    bound = recipe.expect.get(flips_name(form))
    if bound is None:
        return None
    met = bound.holds(flips)
    return ExpectationChecked(metric=flips_name(form), expectation=str(bound), value=float(flips), met=met)


def as_json(event: AfterStepEnded) -> dict[str, Any]:
    """A step for ``--json``."""
    return {"step": event.step, "done": event.done, "message": event.message, "seconds": event.seconds}


def with_steps(result: Mapping[str, Any], made: Sequence[AfterStepEnded | ExpectationChecked]) -> dict[str, Any]:
    """The result of a run, as ``--json`` prints it, with what came of the steps."""
    checked = {event.metric: expectation(event) for event in made if isinstance(event, ExpectationChecked)}
    known = {each["metric"]: each for each in result["expectations"]}
    steps = [as_json(event) for event in made if isinstance(event, AfterStepEnded)]
    return {**result, "expectations": [*{**known, **checked}.values()], "after": steps}


def _make(run: TrainedRun, plan: Plan, step: AfterStep, checks: Checks) -> str:
    """Make a step; what came of it.

    Raises:
        RecipeError: it failed.
        OSError: a file cannot be read or written.
    """
    if isinstance(step, ExportStep):
        return _export(run, plan, step.export, checks)
    return _evaluate(run, plan) if step == "evaluate" else _report(run)


def _evaluate(run: TrainedRun, plan: Plan) -> str:
    from runner.sinks.formatting import measure
    from runner.workflows.evaluations import evaluate_split, keep

    found, kept = evaluate_split(run, plan, "test")
    why_not = keep(run, kept)
    if why_not is not None and not isinstance(kept, str):
        raise ExportError(f"the evaluation cannot be kept: {why_not}")
    figures = ", ".join(f"{name} {measure(value)}" for name, value in found.metrics.items())
    said = f"{found.examples:,} test examples: {figures}"
    return said if why_not is None else f"{said}; not kept: {why_not}"


def _export(run: TrainedRun, plan: Plan, options: ExportOptions, checks: Checks) -> str:
    from runner.inference.export.export import Order, default_folder, export
    from runner.inference.export.formats import require_packages

    require_packages(options.to)
    folder = default_folder(run, options.to, int8=options.int8)
    # what lies there is of an attempt that was interrupted, or of a training that went on since
    done = export(run, plan, Order(options.to, folder, options.int8, force=True, check=options.check))
    checked = done.checked
    if checked is None or not (options.check or options.int8):
        return f"{folder.name}, {done.octets:,} bytes"
    said = f"{checked.flips:,} of {checked.decisions:,} decisions flipped"
    bound = None if options.int8 else flips_expected(run.recipe, options.to, checked.flips)
    if bound is not None:
        checks.append(bound)
        if not bound.met:
            raise ExportError(f"{folder.name}: {said}, expected {bound.metric} {bound.expectation}")
        options = options.model_copy(update={"allow_flips": checked.flips})
    if not checked.passes(options.allow_flips):
        limit = f", allow_flips is {options.allow_flips:,}" if checked.flips > options.allow_flips else ""
        raise ExportError("; ".join([f"{folder.name}: {said}{limit}", *checked.problems]))
    return f"{folder.name}, {done.octets:,} bytes: {said}"


def _report(run: TrainedRun) -> str:
    from runner.disk.atomic import write_atomic
    from runner.lookback.recorded_run import read_past
    from runner.lookback.report import render

    write_atomic(run.paths.report, render([read_past(run.paths.root)]))
    return run.paths.report.name
