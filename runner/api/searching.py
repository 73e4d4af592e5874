"""Searches that train many runs: over the ranges of a sweep, and for the fields in which two results differ."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runner.api.recipes import access_to, load, path_of, permitted, written
from runner.api.results import Name, Swept, optional
from runner.api.trained import made_after
from runner.data.access import DataAccess
from runner.errors import RecipeError
from runner.events import Sink
from runner.record.directory import RUNS
from runner.source.load import Loaded
from schemas.recipe import Recipe


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
    loaded = permitted(load(recipe, sets=sets, root=root), allow_code=allow_code)
    searched = _with_ranges(loaded)
    access = access_to(loaded, data_dir, fallback=fallback, download=True)
    options = {"access": access, "allow_code": allow_code, "force": force}
    found = _worked(searched, loaded.path, sets, optional(root), optional(sweep_dir), emit, options)
    swept = Swept(**_of_sweep(found))
    for name in swept.best["runs"] if swept.status == "finished" and swept.best is not None else ():
        made_after(swept.sweep_dir / name, searched, data_dir, emit, allow_code=allow_code)
    return swept


def _with_ranges(loaded: Loaded) -> Recipe:
    """The recipe, which has a sweep that can be searched on this machine."""
    assert loaded.recipe is not None
    if loaded.recipe.sweep is None:
        raise RecipeError(f"{loaded.path} has no `sweep`", "`recipe explain sweep` shows one")
    from runner.sweeps.definition import require_optuna

    require_optuna()
    return loaded.recipe


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

    subject = Subject(file, written(sets), root, os.environ, **options)
    with Sweeping(folder or RUNS / f"{recipe.name}-sweep", recipe, subject) as sweeping:
        sweeping.work(EmittingBoard(emit))
        found = sweeping.summary()
        sweeping.tell_trackers(found, emit or (lambda _: None))
        return found


def _of_sweep(found: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of :class:`Swept`."""
    kept = {name: found[name] for name in ("status", "trials", "best", "importance")}
    best = found["best_recipe"]
    return kept | {"sweep_dir": Path(found["sweep_dir"]), "best_recipe": Path(best) if best is not None else None}


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

    sides = [side_of(path_of(each), DataAccess(optional(data_dir)), allow_code=allow_code) for each in (good, bad)]
    return searched(Between(sides[0], sides[1], seeds), optional(bisect_dir), metric, threshold, emit)
