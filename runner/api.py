"""The program as a library: what the verbs do, from Python, with the same objects.

A recipe is read once and planned for the data of this machine; the plan's curves are those that train:

>>> from runner.api import load, plan
>>> recipe = load("iris_cyclic", sets={"training.epochs": 20})
>>> planned = plan(recipe)
>>> planned.steps
120
>>> [round(float(rate), 3) for rate in planned.schedule.evaluate([0, 10])["learning_rate"]]
[0.001, 0.034]

``run(recipe, emit=print)`` trains it and hands every event to ``emit`` as it happens; ``events(result.run_dir)`` reads
them back. Nothing is printed. What cannot be done raises a :class:`runner.errors.RecipeError` with its ``help``.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from runner.data.access import DataAccess
from runner.diagnostics import render
from runner.errors import RecipeError, RecipeInvalid, RunError
from runner.events import DONE, AfterStepEnded, Event, ExpectationChecked, Sink, Status
from runner.plan.allow_code import with_code
from runner.plan.plan import Plan
from runner.record.directory import RUNS, RunPaths
from runner.record.events_file import read_events
from runner.record.handles import find_run
from runner.record.manifest import read_lock, recorded_access
from runner.sinks.fan_out import fan_out
from runner.sinks.summary import SummarySink
from runner.source.load import Loaded
from runner.source.load import load as load_file
from runner.workflows.after import follow, pending, with_steps
from runner.workflows.code_permission import judged
from runner.workflows.prepare import prepare
from runner.workflows.repeats import variants
from runner.workflows.request import code_folder, data_of, new_directory, open_unfinished, request_for, with_weights_of
from runner.workflows.run import RunRequest
from runner.workflows.run import run as run_request
from runner.workflows.streamed import streamed
from runner.workflows.weights import with_weights
from schemas.recipe import Recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runner.engine.loop.resume_policy import Policy
    from runner.inference.evaluation import Evaluation
    from runner.inference.inputs.in_memory import Rows
    from runner.inference.opened import TrainedRun, Which
    from runner.lr_find.range_test import Found

__all__ = [
    "Loaded", "Plan", "Result", "Swept", "bisect", "evaluate", "events", "find_lr", "live_table", "load", "plan",
    "predict", "repeats", "resume", "run", "stream", "sweep"
]  # fmt: skip

if "IPython" in sys.modules:
    from runner.notebook import register_html

    register_html()

Name = str | os.PathLike[str]
"""A path, or for recipes the name of one of the gallery."""


@dataclass(frozen=True)
class Result:
    """How a run ended: what ``recipe run --json`` prints."""

    status: Status
    """``finished``, ``expectation_missed``, ``diverged``, ``failed``, ``interrupted``, ``terminated`` or ``pruned``."""
    run_dir: Path
    metrics: Mapping[str, float]
    """Final ``loss``, ``val_…`` and ``test_…`` figures, of the weights that were saved."""
    values: Mapping[str, Any]
    """All keys of the JSON object."""


@dataclass(frozen=True)
class Swept:
    """How a sweep stands: what ``recipe sweep --json`` prints."""

    status: Literal["finished", "unfinished"]
    """``unfinished`` where a signal has ended it."""
    sweep_dir: Path
    trials: Sequence[Mapping[str, Any]]
    """Each with ``trial``, ``values``, ``state``, ``value``, ``epochs`` and ``runs``."""
    best: Mapping[str, Any] | None
    """The trial with the best result."""
    best_recipe: Path | None
    """Its recipe."""
    importance: Mapping[str, float]
    """The share of each range in the differences between results."""


def load(recipe: Name, *, sets: Mapping[str, Any] | None = None, root: Name | None = None) -> Loaded:
    """Read, merge and check a recipe, as ``recipe validate`` does.

    Args:
        recipe: its file, or the name of a gallery recipe.
        sets: values for keys by dotted path, as ``--set`` has them.
        root: folder that ``extends`` and data may not leave; by default the recipe's.

    Raises:
        RecipeInvalid: it has errors; ``diagnostics`` has all of them with line and column.
    """
    return _valid(load_file(_path(recipe), sets=_written(sets), root=root, environment=os.environ))


def repeats(recipe: Name, *, sets: Mapping[str, Any] | None = None, root: Name | None = None) -> dict[str, Loaded]:
    """The runs that a recipe with ``repeat`` stands for, by name: ``seed 42``, ``fold 1/5``.

    :func:`run` trains each; the mean of a metric over them is a line of Python. Takes what :func:`load` takes.

    Raises:
        RecipeInvalid: the recipe has errors.
    """
    loaded = load(recipe, sets=sets, root=root)
    assert loaded.recipe is not None
    return {
        each.name: load(recipe, sets={**(sets or {}), **each.values}, root=root) for each in variants(loaded.recipe)
    }


def plan(
    recipe: Loaded | Name,
    *,
    data_dir: Name | None = None,
    fallback: bool = True,
    download: bool = False,
    allow_code: bool = False,
) -> Plan:
    """Everything that will train: steps, phases, curves, layers, inferred values.

    Args:
        recipe: as :func:`load` gives it, or what it takes.
        data_dir: of tensorflow-datasets; by default ``TFDS_DATA_DIR``.
        fallback: whether the recipe's fallback may take the place of data that is out of reach.
        download: whether data that is not on this machine may be downloaded.
        allow_code: whether custom code that the recipe names may be imported when the model is built.

    Raises:
        RecipeInvalid: the recipe has errors.
        RecipeError: the data or the schedule does not fit.
    """
    loaded = _loaded(recipe)
    return _planned(loaded, _access(loaded, data_dir, fallback=fallback, download=download), allow_code=allow_code)


def run(
    recipe: Loaded | Name,
    *,
    run_dir: Name | None = None,
    data_dir: Name | None = None,
    fallback: bool = True,
    force: bool = False,
    allow_code: bool = False,
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
        emit: called with every event.

    Raises:
        RecipeInvalid: the recipe has errors.
        RecipeError: it cannot be trained here; nothing was written.
        OSError: the run cannot be recorded.
    """
    request = _request(recipe, run_dir, data_dir, fallback=fallback, force=force, allow_code=allow_code)
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

    The run trains in a thread, and waits once it is 64 events ahead. Leaving the loop, or Ctrl-C in it, ends the run
    as a signal does: after saving, so that :func:`resume` goes on from there.

    >>> from runner.events import EpochEnded
    >>> for event in stream("iris_cyclic"):  # doctest: +SKIP
    ...     if isinstance(event, EpochEnded):
    ...         print(event.epoch, event.metrics["val_loss"])

    Args:
        recipe: as :func:`load` gives it, or what it takes.
        run_dir: a new or empty folder; by default one below ``runs/``.
        data_dir: of tensorflow-datasets; by default ``TFDS_DATA_DIR``.
        fallback: whether the recipe's fallback may take the place of data that is out of reach.
        force: whether to run even if the estimate exceeds the available memory.
        allow_code: whether to import the custom code that the recipe names.

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
    loaded = _permitted(load(RunPaths(directory).resolved, sets=sets), allow_code=allow_code)
    access = data_of(directory, DataAccess(_optional(data_dir)), None)
    folder, weights = code_folder(directory), with_weights_of(directory)
    planned = _planned(loaded, access, allow_code=allow_code, folder=folder, weights=weights)
    opened = open_unfinished(directory, planned, policy)
    with opened:
        result = _trained(request_for(loaded, planned, access, lambda _: opened, goes_on=True, policy=policy), emit)
    return _followed(result, planned.recipe, data_dir, emit, allow_code=allow_code)


def sweep(
    recipe: Name,
    *,
    sets: Mapping[str, Any] | None = None,
    root: Name | None = None,
    sweep_dir: Name | None = None,
    data_dir: Name | None = None,
    fallback: bool = True,
    force: bool = False,
    allow_code: bool = False,
    emit: Sink | None = None,
) -> Swept:
    """Search the ranges of a recipe's ``sweep``, or go on with that, as ``recipe sweep`` does.

    Once all trials have ended, the steps of the recipe's ``after`` are made for the best; its record has them.
    All trials are trained in this process. One that needs other threads than the first, as another batch size may, is
    refused: ``recipe sweep`` gives it a process of its own.

    Args:
        recipe: its file, or the name of a gallery recipe.
        sets: values for keys by dotted path, for all trials.
        root: folder that ``extends`` and data may not leave; by default the recipe's.
        sweep_dir: the sweep's folder; by default ``runs/NAME-sweep``.
        data_dir: of tensorflow-datasets; by default ``TFDS_DATA_DIR``.
        fallback: whether the recipe's fallback may take the place of data that is out of reach.
        force: whether to train a trial even if the estimate exceeds the available memory.
        allow_code: whether to import the custom code that the recipe names.
        emit: called with every event of every run that trains here.

    Raises:
        RecipeInvalid: the recipe has errors.
        RecipeError: it has no sweep, Optuna is not installed, or the folder holds another sweep.
        OSError: a run cannot be recorded.
    """
    loaded = _permitted(load(recipe, sets=sets, root=root), allow_code=allow_code)
    assert loaded.recipe is not None
    if loaded.recipe.sweep is None:
        raise RecipeError(f"{loaded.path} has no `sweep`", "`recipe explain sweep` shows one")
    from runner.sweeps.definition import require_optuna

    require_optuna()
    access = _access(loaded, data_dir, fallback=fallback, download=True)
    options = {"access": access, "allow_code": allow_code, "force": force}
    found = _worked(loaded.recipe, loaded.path, sets, _optional(root), _optional(sweep_dir), emit, options)
    swept = Swept(**_of_sweep(found))
    for name in swept.best["runs"] if swept.status == "finished" and swept.best is not None else ():
        _made_after(swept.sweep_dir / name, loaded.recipe, data_dir, emit, allow_code=allow_code)
    return swept


def _worked(
    recipe: Recipe,
    file: Path,
    sets: Mapping[str, Any] | None,
    root: Path | None,
    folder: Path | None,
    emit: Sink | None,
    options: Mapping[str, Any],
) -> Mapping[str, Any]:
    """How a sweep stands once nothing is left to train."""
    from runner.sweeps.board import EmittingBoard
    from runner.sweeps.sweep import Sweeping
    from runner.sweeps.unit import Subject

    subject = Subject(file, _written(sets), root, os.environ, **options)
    with Sweeping(folder or RUNS / f"{recipe.name}-sweep", recipe, subject) as sweeping:
        sweeping.work(EmittingBoard(emit))
        return sweeping.summary()


def bisect(
    good: Name,
    bad: Name,
    *,
    metric: str | None = None,
    threshold: float | None = None,
    seeds: int = 1,
    bisect_dir: Name | None = None,
    data_dir: Name | None = None,
    allow_code: bool = False,
    emit: Sink | None = None,
) -> dict[str, Any]:
    """Find the fields that explain why two results differ, as ``recipe bisect`` does, and give what it prints as JSON.

    A recipe between the two that needs other threads than the first is refused; ``recipe bisect`` gives it a process
    of its own.

    Args:
        good: a recipe's file, the name of a gallery recipe, or a run: its folder or a handle.
        bad: the same.
        metric: a final figure; by default that of the test split, or else of the validation split.
        threshold: the value at which a result is bad; by default halfway between the two.
        seeds: how many seeds each recipe is trained with.
        bisect_dir: folder of the runs; by default ``runs/NAME-bisect``.
        data_dir: of tensorflow-datasets; by default ``TFDS_DATA_DIR``.
        allow_code: whether to import the custom code that the recipes name.
        emit: called with every event of every run that trains here.

    Raises:
        RecipeInvalid: one of the two has errors.
        RecipeError: one of the two cannot be trained, or they have nothing in which they differ.
    """
    from runner.bisecting.in_process import searched
    from runner.bisecting.sides import Between, side_of

    sides = [side_of(_path(each), DataAccess(_optional(data_dir)), allow_code=allow_code) for each in (good, bad)]
    return searched(Between(sides[0], sides[1], seeds), _optional(bisect_dir), metric, threshold, emit)


def events(run: Name) -> Iterator[Event]:
    """The recorded events of a run, in order: the executed learning rate, momentum and loss of every step among them.

    Raises:
        RunNotFound: there is no such run.
        EventsCorrupt: a line of the record is not an event.
    """
    return read_events(RunPaths(find_run(os.fspath(run))).events)


def find_lr(
    recipe: Loaded | Name,
    *,
    min_lr: float = 1e-6,
    max_lr: float = 10.0,
    steps: int | None = None,
    repeats: int = 1,
    data_dir: Name | None = None,
) -> "Found":
    """The learning-rate range test of ``recipe lr-find``; ``suggestion`` is None where the curve is not clear.

    Args:
        recipe: as :func:`load` gives it, or what it takes.
        min_lr: learning rate of the first step.
        max_lr: learning rate of the last step.
        steps: number of steps; by default one epoch, but 100 to 300.
        repeats: number of seeds; the suggestion uses the median curve.
        data_dir: of tensorflow-datasets; by default ``TFDS_DATA_DIR``.

    Raises:
        RecipeInvalid: the recipe has errors.
        RecipeError: it cannot be trained here.
    """
    loaded = _loaded(recipe)
    access = _access(loaded, data_dir, fallback=True, download=True)
    planned = _planned(loaded, access, allow_code=False)
    from runner.lr_find.started import range_test

    return range_test(planned, access, min_lr, max_lr, steps, repeats)


def evaluate(
    run: Name = "latest",
    *,
    split: Literal["train", "validation", "test"] = "test",
    data: Name | None = None,
    which: "Which" = "last",
    data_dir: Name | None = None,
    allow_code: bool = False,
) -> "Evaluation":
    """Loss, metrics and the figures of each class, as ``recipe evaluate`` has them.

    Args:
        run: its directory, or a handle such as ``latest`` or ``NAME/latest~1``.
        split: which examples.
        data: a file with other examples, in place of a split.
        which: ``last``: the model that the run tested; ``best``: that of the best epoch.
        data_dir: of tensorflow-datasets; by default that of the run.
        allow_code: whether custom code that the recipe names may be imported.

    Raises:
        RunNotFound: there is no such run.
        ModelUnusable: it has no such model.
        DataError: its data is not here.
        InputError: the file cannot be used.
    """
    trained = _trained_run(run, which, data_dir, allow_code=allow_code)
    planned = trained.plan(lambda _: None)
    _start(trained)
    from runner.inference import evaluation
    from runner.inference.saved_model import core_of

    saved = trained.trained_model()
    if data is not None:
        given = evaluation.split_of_file(trained, planned, saved, Path(data), lambda _: None)
        return evaluation.evaluate(trained, planned, core_of(saved), given)
    examples, changed = evaluation.split_of(trained, planned, split)
    return evaluation.evaluate(trained, planned, core_of(saved), examples, changed=changed)


def predict(
    run: Name,
    inputs: "Name | Sequence[Name] | NDArray[Any] | Rows",
    *,
    top_k: int = 0,
    threshold: float | None = None,
    mc_samples: int = 0,
    which: "Which" = "last",
    data_dir: Name | None = None,
    allow_code: bool = False,
) -> Iterator[dict[str, str | float | None]]:
    """Predictions one by one, with the columns that ``recipe predict`` has.

    >>> for row in predict("latest", [{"rent": 900, "town": None}]):  # doctest: +SKIP
    ...     print(row["class"], row["probability"])

    Args:
        run: its directory, or a handle such as ``latest``.
        inputs: a file or several; a NumPy array, for a model of arrays; or rows, each a mapping of the recipe's columns
            to values, for one of a table or of texts.
        top_k: how many of the most probable classes have columns of their own.
        threshold: as ``--threshold``.
        mc_samples: how often to predict with dropout on, too; adds ``mean`` and ``std``.
        which: ``last``: the model that the run tested; ``best``: that of the best epoch.
        data_dir: where names of classes are, for tensorflow-datasets.
        allow_code: whether custom code that the recipe names may be imported.

    Raises:
        RunNotFound: there is no such run.
        ModelUnusable: it has no such model.
        InputError: an input is not what the model takes; for what is within a file, when it is reached.
    """
    trained = _trained_run(run, which, data_dir, allow_code=allow_code)
    _start(trained)
    from runner.inference.inputs.given import batches_of
    from runner.inference.predicting import predicting
    from runner.inference.predictor import BATCH

    how = predicting(trained, threshold, top_k, mc_samples)
    given = batches_of(inputs, how.taken, BATCH)
    return (dict(zip(how.wording.columns, row, strict=True)) for batch in given for row in how.rows(batch))


def _trained_run(run: Name, which: "Which", data_dir: Name | None, *, allow_code: bool) -> "TrainedRun":
    from runner.inference.opened import TrainedRun

    paths = RunPaths(find_run(os.fspath(run)))
    lock = read_lock(paths)
    recipe = _permitted(_valid(load_file(paths.resolved)), allow_code=allow_code).recipe
    assert recipe is not None
    folder = lock.get("code_folder") if allow_code else None
    access = recorded_access(paths, DataAccess(_optional(data_dir), allow_fallback=False))
    return TrainedRun(paths, recipe, lock, access, which, Path(folder) if isinstance(folder, str) else None)


def _start(trained: "TrainedRun") -> None:
    """Start TensorFlow on the run's kind of device, once there is a model to run."""
    trained.require_model()
    from runner.engine.start import start_tensorflow

    start_tensorflow(trained.hardware)


def _path(recipe: Name) -> Path:
    name = os.fspath(recipe)
    if not os.path.exists(name) and not Path(name).suffix:
        from runner.source.gallery import paths

        return paths().get(name, Path(name))
    return Path(name)


def _written(sets: Mapping[str, Any] | None) -> list[str]:
    """Values by dotted path as ``--set`` takes them."""
    return [f"{key}={json.dumps(value)}" for key, value in (sets or {}).items()]


def _valid(loaded: Loaded) -> Loaded:
    if loaded.recipe is None:
        errors = [found for found in loaded.diagnostics if found.severity == "error"]
        raise RecipeInvalid(f"the recipe has errors\n{render(errors)}", errors)
    return loaded


def _loaded(recipe: Loaded | Name) -> Loaded:
    return recipe if isinstance(recipe, Loaded) else load(recipe)


def _permitted(loaded: Loaded, *, allow_code: bool) -> Loaded:
    return _valid(judged(loaded, allowed=allow_code))


def _optional(path: Name | None) -> Path | None:
    return None if path is None else Path(path)


def _access(loaded: Loaded, data_dir: Name | None, *, fallback: bool, download: bool) -> DataAccess:
    return DataAccess(_optional(data_dir), allow_fallback=fallback, download=download).beside(loaded.path)


def _planned(
    loaded: Loaded,
    access: DataAccess,
    *,
    allow_code: bool,
    folder: Path | None = None,
    weights: Callable[[Plan, DataAccess], Plan] = with_weights,
) -> Plan:
    assert loaded.recipe is not None
    access = access.allowing(folder or loaded.path.parent) if allow_code else access
    made = weights(prepare(loaded.recipe, access, lambda _: None), access)
    return with_code(made, folder or loaded.path.parent) if allow_code else made


def _followed(result: Result, recipe: Recipe, data_dir: Name | None, emit: Sink | None, *, allow_code: bool) -> Result:
    """The result with the steps of the recipe's ``after``, which are made here where the run came to its end."""
    if not recipe.after or result.status not in DONE:
        return result
    made = _made_after(result.run_dir, recipe, data_dir, emit, allow_code=allow_code)
    return replace(result, values=with_steps(result.values, made))


def _made_after(
    run_dir: Path, recipe: Recipe, data_dir: Name | None, emit: Sink | None, *, allow_code: bool
) -> list[AfterStepEnded | ExpectationChecked]:
    """The steps of ``after`` that a finished run lacks, once they are made."""
    steps = pending(RunPaths(run_dir), recipe)
    if not steps:
        return []
    trained = _trained_run(run_dir, "last", data_dir, allow_code=allow_code)
    planned = trained.plan(lambda _: None)
    _start(trained)
    made = []
    for event in follow(trained, planned, steps):
        made.append(event)
        if emit is not None:
            emit(event)
    return made


def _of_sweep(found: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of :class:`Swept`."""
    kept = {name: found[name] for name in ("status", "trials", "best", "importance")}
    best = found["best_recipe"]
    return kept | {"sweep_dir": Path(found["sweep_dir"]), "best_recipe": Path(best) if best is not None else None}


def _request(
    recipe: Loaded | Name, run_dir: Name | None, data_dir: Name | None, *, fallback: bool, force: bool, allow_code: bool
) -> RunRequest:
    """A new run of a recipe."""
    loaded = _permitted(_loaded(recipe), allow_code=allow_code)
    _require_single(loaded)
    access = _access(loaded, data_dir, fallback=fallback, download=True)
    planned = _planned(loaded, access, allow_code=allow_code)
    directory = new_directory(None if run_dir is None else Path(run_dir))
    return request_for(loaded, planned, access, directory, force=force)


def _require_single(loaded: Loaded) -> None:
    assert loaded.recipe is not None
    if loaded.recipe.repeat is not None:
        raise RunError("the recipe repeats: it stands for several runs", "train each of `repeats(recipe).values()`")


def _trained(request: RunRequest, emit: Sink | None) -> Result:
    summary = SummarySink({metric: str(bound) for metric, bound in request.plan.expect.items()})
    run_request(request, fan_out([summary, *([emit] if emit is not None else [])]))
    values = summary.result()
    return Result(values["status"], Path(values["run_dir"]), values["metrics"], values)
