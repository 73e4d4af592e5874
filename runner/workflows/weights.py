"""What a recipe's layers take their weights from: found on this machine, or in a run's record."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from runner.data.access import DataAccess
from runner.data.paths import OUTSIDE, named_folder
from runner.errors import DataError, ModelUnusable, RunNotFound, WeightsError, WeightsMissing
from runner.plan.fingerprint import fingerprint
from runner.plan.plan import Plan
from runner.plan.published import PublishedWeights, WantedWeights, wanted_weights
from runner.plan.weights import SourceWeights, digest_of
from runner.record.directory import RunPaths
from runner.record.handles import find_recorded, plain_run
from runner.text import printable
from schemas.weights import Weights

_HERE = "./"
"""What the path of a run's folder begins with; anything else is a handle."""
Lock = Mapping[str, Any]


def with_weights(plan: Plan, access: DataAccess, recorded: Iterable[Lock] = ()) -> Plan:
    """The plan of a recipe whose layers take weights, once it is known which; any other plan as it is.

    Args:
        plan: of the recipe.
        access: knows the recipe's folder.
        recorded: locks of runs that may go on; where the source is not here any more, that of a run of this very
            recipe says what its weights were.

    Raises:
        WeightsMissing: the run is not here, or has no such model.
        WeightsError: its model cannot be read.
    """
    written = plan.recipe.model.weights
    if written is None and not _names_wanted(plan):
        return plan
    from runner.model.published_file import found_file  # files of weights are no matter of most plans

    try:
        source = None if written is None else _source(written, access)
        return _begun_with(plan, source, [found_file(each, network=access.network) for each in _wanted(plan)])
    except WeightsMissing:
        for lock in recorded:
            if _names(lock) == _names_wanted(plan):
                begun = _begun_with(plan, _recorded(lock), _recorded_files(plan, lock))
                if begun.fingerprint == lock.get("fingerprint"):
                    return begun
        raise


def require_names(plan: Plan, base: Plan) -> None:
    """Check, before the base has trained, that layers can take weights from it: each has its name there.

    Shapes are compared once the model of the base is there.

    Args:
        plan: of the recipe whose layers take weights.
        base: the plan of the run that they will take them from.

    Raises:
        WeightsError: a pattern matches only layers that the base has not.
    """
    written = plan.recipe.model.weights
    names, there = ({str(item.layer.name) for item in each.layers} for each in (plan, base))
    for number, pattern in enumerate((written and written.layers) or ()):
        if not any(fnmatchcase(name, pattern) for name in names & there):
            raise WeightsError(
                f"{base.recipe.name} has no layer of a name that '{pattern}' matches here",
                f"layers are matched by name; the base has {', '.join(sorted(map(printable, there)))}",
                path=("model", "weights", "layers", number),
                code="R442",
            )


def with_recorded_weights(plan: Plan, access: DataAccess, lock: Lock) -> Plan:
    """The plan of a run that goes on, or is trained again: its lock says which weights it began with.

    The source need not be there any more: ``plan.weights.file`` is then None, and only a run that has no checkpoint
    to go on from misses it.

    Args:
        plan: of the run's recipe.
        access: knows the folder that its paths start from.
        lock: of the run; empty if it was stopped before it was recorded.

    Raises:
        WeightsError: the recipe now takes other weights than the run began with.
    """
    if not lock:
        return with_weights(plan, access)
    _require_as_before(plan, lock)
    files = tuple(_if_here(each, access) for each in _recorded_files(plan, lock))
    written, source = plan.recipe.model.weights, _recorded(lock)
    if written is not None and source is not None:
        source = _source_if_here(written, source, access)
    return _begun_with(plan, source, files) if source is not None or files else plan


def _require_as_before(plan: Plan, lock: Lock) -> None:
    """The recipe takes weights from where the run took them.

    Raises:
        WeightsError: it does not.
    """
    what, way = "the weights that a run begins with cannot change while it goes on", "start a new run"
    written = plan.recipe.model.weights
    before = ((lock.get("recipe") or {}).get("model") or {}).get("weights")
    if before != (None if written is None else written.model_dump(mode="json")):
        raise WeightsError(what, way, path=("model",) if written is None else ("model", "weights"))
    if _names(lock) != _names_wanted(plan):
        raise WeightsError(what, way, path=("model", "layers"))


def _source_if_here(written: Weights, source: SourceWeights, access: DataAccess) -> SourceWeights:
    try:
        found = _source(written.model_copy(update={"run": source.run}), access)
    except WeightsError:  # it was moved or deleted, and is perhaps not needed
        return source
    return found if found.sha256 == source.sha256 else source


def _if_here(recorded: PublishedWeights, access: DataAccess) -> PublishedWeights:
    """The same with the file, if it is in the cache as it was; only a run without a checkpoint misses it."""
    from runner.model.published_file import keras_models

    path = keras_models() / recorded.name
    try:
        with path.open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == recorded.sha256
    except OSError:
        same = False
    return replace(recorded, file=path) if same else recorded


def _begun_with(plan: Plan, source: SourceWeights | None, published: Sequence[PublishedWeights]) -> Plan:
    own = fingerprint(plan.recipe, plan.data.identity, digest_of(source, published))
    return replace(plan, weights=source, published=tuple(published), fingerprint=own)


def _recorded(lock: Lock) -> SourceWeights | None:
    """What a lock says about the run whose weights its run began with; None: there was none."""
    found = lock.get("weights")
    return None if found is None else SourceWeights(found["run"], found["which"], found["sha256"], None)


def _recorded_files(plan: Plan, lock: Lock) -> list[PublishedWeights]:
    """What a lock says about the published weights of the plan's applications; nothing of where they are."""
    paths = {each.layer: each.path for each in _wanted(plan)}
    return [
        PublishedWeights(each["layer"], each["weights"], each["file"], each["sha256"], None, paths[each["layer"]])
        for each in lock.get("published") or ()
    ]


def _wanted(plan: Plan) -> list[WantedWeights]:
    return list(wanted_weights(plan.layers, plan.data.layer_input))


def _names_wanted(plan: Plan) -> list[tuple[str, str]]:
    """Applications of a plan that begin with published weights, and the files."""
    return [(each.layer, each.published.file) for each in _wanted(plan)]


def _names(lock: Lock) -> list[tuple[str, str]]:
    """The same of a run, by its lock."""
    return [(each["layer"], each["file"]) for each in lock.get("published") or ()]


def _source(written: Weights, access: DataAccess) -> SourceWeights:
    from runner.model.model_file import content_digest

    paths = RunPaths(_folder(written, access))
    files = {"last": paths.model, "best": paths.best}
    file = files.pop(written.which)
    if not file.exists():
        ways = [f"`which: {which}` takes {other.name}" for which, other in files.items() if other.exists()]
        raise WeightsMissing(f"{file} is missing: the run has no such model", *ways, "`recipe resume` finishes the run")
    try:
        digest = content_digest(file)
    except ModelUnusable as error:
        raise WeightsError(str(error), *error.help) from error
    name = written.run if _is_path(written) else f"{paths.root.parent.name}/{paths.root.name}"
    return SourceWeights(name, written.which, digest, file)


def _is_path(written: Weights) -> bool:
    return written.run.startswith(_HERE)


def _folder(written: Weights, access: DataAccess) -> Path:
    """The directory of the run that a recipe names.

    Raises:
        WeightsMissing: there is none.
        WeightsError: it is outside of the recipe's folder.
    """
    try:
        if _is_path(written):
            return plain_run(named_folder(written.run, access, WeightsMissing.path))
        return find_recorded(written.run)
    except RunNotFound as error:
        what, *there = str(error).splitlines()
        ways = (*map(str.strip, there), "train that run first, or name another in `model.weights.run`")
        raise WeightsMissing(what, *ways) from error
    except DataError as error:
        kind = WeightsError if error.code == OUTSIDE else WeightsMissing
        raise kind(str(error), *error.help, code=error.code if kind is WeightsError else None) from error
