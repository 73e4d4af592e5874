"""Recipes read, checked and planned."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from runner.api.results import Name, optional
from runner.data.access import DataAccess
from runner.diagnostics import render
from runner.errors import RecipeInvalid
from runner.plan.allow_code import with_code
from runner.plan.plan import Plan
from runner.source.load import Loaded
from runner.source.load import load as load_file
from runner.workflows.code_permission import judged
from runner.workflows.prepare import prepare
from runner.workflows.repeats import variants
from runner.workflows.weights import with_weights


def load(recipe: Name, *, sets: Mapping[str, Any] | None = None, root: Name | None = None) -> Loaded:
    """Read, merge and check a recipe, as ``recipe validate`` does.

    Args:
        recipe: its file, or the name of a gallery recipe.
        sets: values for keys by dotted path, as ``--set`` has them.
        root: folder that ``extends`` and data may not leave; by default the recipe's.

    Raises:
        RecipeInvalid: it has errors; ``diagnostics`` has all of them with line and column.
    """
    return valid(load_file(path_of(recipe), sets=written(sets), root=root, environment=os.environ))


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
    loaded = as_loaded(recipe)
    access = access_to(loaded, data_dir, fallback=fallback, download=download)
    return planned_with(loaded, access, allow_code=allow_code)


def as_loaded(recipe: Loaded | Name) -> Loaded:
    """The recipe itself, or that of a file or a name, read."""
    return recipe if isinstance(recipe, Loaded) else load(recipe)


def access_to(loaded: Loaded, data_dir: Name | None, *, fallback: bool, download: bool) -> DataAccess:
    """Where the data of a recipe may be: beside its file, within the root that it was read with."""
    return DataAccess(optional(data_dir), allow_fallback=fallback, download=download).beside(loaded.path, loaded.root)


def planned_with(
    loaded: Loaded,
    access: DataAccess,
    *,
    allow_code: bool,
    folder: Path | None = None,
    weights: Callable[[Plan, DataAccess], Plan] = with_weights,
) -> Plan:
    """The plan of a valid recipe, with its weights, and its custom code where that is allowed.

    Args:
        loaded: the recipe.
        access: to its data.
        allow_code: whether its custom code may be imported.
        folder: of the custom code; by default the recipe's.
        weights: gives the plan the weights that it begins with.
    """
    assert loaded.recipe is not None
    access = access.allowing(folder or loaded.path.parent) if allow_code else access
    made = weights(prepare(loaded.recipe, access, lambda _: None), access)
    return with_code(made, folder or loaded.path.parent) if allow_code else made


def permitted(loaded: Loaded, *, allow_code: bool) -> Loaded:
    """The recipe, if it names no custom code or that is allowed.

    Raises:
        RecipeInvalid: it is neither, or has errors.
    """
    return valid(judged(loaded, allowed=allow_code))


def valid(loaded: Loaded) -> Loaded:
    """The recipe, if it has no errors.

    Raises:
        RecipeInvalid: it has.
    """
    if loaded.recipe is None:
        errors = [found for found in loaded.diagnostics if found.severity == "error"]
        raise RecipeInvalid(f"the recipe has errors\n{render(errors)}", errors)
    return loaded


def written(sets: Mapping[str, Any] | None) -> list[str]:
    """Values by dotted path as ``--set`` takes them."""
    return [f"{key}={json.dumps(value)}" for key, value in (sets or {}).items()]


def path_of(recipe: Name) -> Path:
    """A recipe's file, or that of the gallery's recipe of this name."""
    name = os.fspath(recipe)
    if not os.path.exists(name) and not Path(name).suffix:
        from runner.source.gallery import paths

        return paths().get(name, Path(name))
    return Path(name)
