"""Runs trained, followed and continued."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.api.recipes import access_to, as_loaded, load, permitted, planned_with
from runner.api.results import Name, Result, optional
from runner.api.trained import made_after
from runner.data.access import DataAccess
from runner.errors import RunError
from runner.events import DONE, Event, Sink
from runner.record.directory import RunPaths
from runner.record.handles import find_run
from runner.record.tags import checked_tags
from runner.sinks.fan_out import fan_out
from runner.sinks.summary import SummarySink
from runner.source.load import Loaded
from runner.workflows.after import with_steps
from runner.workflows.request import as_begun, code_folder, data_of, new_directory, open_unfinished, request_for
from runner.workflows.run import RunRequest
from runner.workflows.run import run as run_request
from runner.workflows.streamed import streamed
from schemas.recipe import Recipe

if TYPE_CHECKING:
    from runner.engine.loop.resume_policy import Policy


def run(
    recipe: Loaded | Name,
    *,
    run_dir: Name | None = None,
    data_dir: Name | None = None,
    fallback: bool = True,
    force: bool = False,
    allow_code: bool = False,
    tags: Sequence[str] = (),
    note: str | None = None,
    emit: Sink | None = None,
) -> Result:
    """Train, evaluate and record, as ``recipe run`` does; divergence and a missed expectation are in the result.

    The steps of the recipe's ``after`` follow; ``values["after"]`` says what came of each. TensorFlow is started in
    this process, once and with the threads of the first recipe that trains. A signal ends a run after saving, if it is
    in the main thread.

    Args:
        recipe: as :func:`load` gives it, or what it takes.
        run_dir: a new or empty folder; by default one below ``runs/``.
        data_dir: of tensorflow-datasets; by default ``TFDS_DATA_DIR``.
        fallback: whether the recipe's fallback may take the place of data that is out of reach.
        force: whether to run even if the estimate exceeds the available memory.
        allow_code: whether to import the custom code that the recipe names.
        tags: by which the run can be named; :func:`runner.api.tag` gives it more.
        note: of the run.
        emit: called with every event.

    Raises:
        RecipeInvalid: the recipe has errors.
        RecipeError: it cannot be trained here; nothing was written.
        OSError: the run cannot be recorded.
    """
    given = checked_tags(tags, note)
    request = _request(recipe, run_dir, data_dir, fallback=fallback, force=force, allow_code=allow_code)
    request = replace(request, tags=given)
    return _followed(_trained(request, emit), request.plan.recipe, data_dir, emit, allow_code=allow_code)


def stream(
    recipe: Loaded | Name,
    *,
    run_dir: Name | None = None,
    data_dir: Name | None = None,
    fallback: bool = True,
    force: bool = False,
    allow_code: bool = False,
) -> Iterator[Event]:
    """Train as :func:`run` does, and give the events as they happen; the last one is a ``RunEnded``.

    With ``tracking``, a ``Stage`` or ``Warned`` may follow it: what is still to be sent, and what was not.

    The run trains in a thread, and waits once it is 64 events ahead. Leaving the loop, or Ctrl-C in it, ends the run
    as a signal does: after saving, so that :func:`resume` goes on from there.

    >>> from runner.events import EpochEnded
    >>> for event in stream("iris_cyclic"):  # doctest: +SKIP
    ...     if isinstance(event, EpochEnded):
    ...         print(event.epoch, event.metrics["val_loss"])

    The arguments are those of :func:`run`.

    Raises:
        RecipeInvalid: the recipe has errors.
        RecipeError: it cannot be trained here: from the call, or later from the iterator.
        OSError: from the iterator: the run cannot be recorded.
    """
    request = _request(recipe, run_dir, data_dir, fallback=fallback, force=force, allow_code=allow_code)
    return streamed(lambda emit, stop: run_request(replace(request, stop=stop), emit))


def live_table() -> Sink:
    """A display for ``emit``: in a notebook the output of the cell, elsewhere a line an epoch.

    >>> result = run("iris_cyclic", emit=live_table())  # doctest: +SKIP
    """
    from runner.notebook import display_of_runs

    return display_of_runs()


def resume(
    run: Name,
    *,
    sets: Mapping[str, Any] | None = None,
    policy: "Policy | None" = None,
    data_dir: Name | None = None,
    allow_code: bool = False,
    emit: Sink | None = None,
) -> Result:
    """Continue a run from its last checkpoint, to the same bits as if it had never stopped.

    Args:
        run: its folder, or a handle such as ``latest``.
        sets: changes to its recipe, by dotted path; they need a policy.
        policy: ``continue`` keeps the step, ``rescale`` the completed share of the run, ``restart`` only the weights.
        data_dir: of tensorflow-datasets; by default ``TFDS_DATA_DIR``.
        allow_code: whether to import the custom code that the recipe names.
        emit: called with every event.

    Raises:
        RunError: it is finished, in use, or not a run that can continue.
        RecipeChanged: the recipe has changed, and there is no policy.
        RecipeError: it cannot be trained here; nothing was written.
    """
    directory = find_run(os.fspath(run))
    loaded = permitted(load(RunPaths(directory).resolved, sets=sets), allow_code=allow_code)
    access = data_of(directory, DataAccess(optional(data_dir)), None)
    folder, weights = code_folder(directory), as_begun(directory)
    planned = planned_with(loaded, access, allow_code=allow_code, folder=folder, weights=weights)
    opened = open_unfinished(directory, planned, policy)
    with opened:
        result = _trained(request_for(loaded, planned, access, lambda _: opened, goes_on=True, policy=policy), emit)
    return _followed(result, planned.recipe, data_dir, emit, allow_code=allow_code)


def _request(
    recipe: Loaded | Name, run_dir: Name | None, data_dir: Name | None, *, fallback: bool, force: bool, allow_code: bool
) -> RunRequest:
    """A new run of a recipe."""
    loaded = permitted(as_loaded(recipe), allow_code=allow_code)
    _require_single(loaded)
    access = access_to(loaded, data_dir, fallback=fallback, download=True)
    planned = planned_with(loaded, access, allow_code=allow_code)
    directory = new_directory(None if run_dir is None else Path(run_dir))
    return request_for(loaded, planned, access, directory, force=force)


def _require_single(loaded: Loaded) -> None:
    assert loaded.recipe is not None
    if loaded.recipe.repeat is not None:
        raise RunError("the recipe repeats: it is several runs", "train each of `repeats(recipe).values()`")


def _trained(request: RunRequest, emit: Sink | None) -> Result:
    summary = SummarySink({metric: str(bound) for metric, bound in request.plan.expect.items()})
    run_request(request, fan_out([summary, *([emit] if emit is not None else [])]))
    values = summary.result()
    return Result(values["status"], Path(values["run_dir"]), values["metrics"], values)


def _followed(result: Result, recipe: Recipe, data_dir: Name | None, emit: Sink | None, *, allow_code: bool) -> Result:
    """The result with the steps of the recipe's ``after``, which are made here where the run came to its end."""
    if not recipe.after or result.status not in DONE:
        return result
    made = made_after(result.run_dir, recipe, data_dir, emit, allow_code=allow_code)
    return replace(result, values=with_steps(result.values, made))
