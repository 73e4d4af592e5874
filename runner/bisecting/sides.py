"""The two recipes that are compared, and the recipes between them."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from runner.bisecting.changes import DATA, Change, changes, tree_of
from runner.bisecting.ddmin import Changes
from runner.data.access import DataAccess
from runner.errors import RecipeError
from runner.plan.plan import Plan
from runner.record.directory import RUNS, RunPaths
from runner.record.handles import find_run
from runner.source.blocks.detection import has_blocks
from runner.source.loaded import Loaded
from runner.workflows.request import code_folder, data_of, locks_of
from runner.workflows.subject import Subject

_ALONE = ("expect=null", "tracking=null", "after=null", "repeat=null", "sweep=null")
"""What leaves of a recipe what one run trains, without what follows it."""


@dataclass(frozen=True)
class Side:
    """One of the two, as the user named it."""

    name: str
    subject: Subject


def of_recipe(
    file: Path, sets: Sequence[str], root: Path | None, access: DataAccess, *, allow_code: bool, force: bool
) -> Side:
    """A recipe's file as a side.

    Args:
        file: of the recipe.
        sets: values for both sides, as ``--set`` has them.
        root: folder that ``extends`` may not leave.
        access: what the user says about data.
        allow_code: whether custom code may be imported.
        force: whether to train even if the estimate exceeds the available memory.
    """
    return Side(file.stem, Subject(file, sets, root, os.environ, access.beside(file, root), allow_code, force))


def of_run(directory: Path, sets: Sequence[str], access: DataAccess, *, allow_code: bool, force: bool) -> Side:
    """The recipe that a run was trained with as a side: with its data, its code, and the weights that it began with."""
    sets = [*_weights_of(directory), *sets]
    data, code = data_of(directory, access, None), code_folder(directory)
    subject = Subject(RunPaths(directory).resolved, sets, None, {}, data, allow_code, force, code)
    return Side(f"{directory.parent.name}/{directory.name}", subject)


def side_of(given: Path, access: DataAccess, *, allow_code: bool) -> Side:
    """A file or a run as a side.

    Raises:
        RunNotFound: there is neither.
    """
    if given.is_file():
        return of_recipe(given, (), None, access, allow_code=allow_code, force=False)
    return of_run(find_run(str(given)), (), access, allow_code=allow_code, force=False)


def _weights_of(directory: Path) -> list[str]:
    """The run that weights were taken from, by the name that means no other later on."""
    found = next(locks_of([directory])).get("weights")
    return [] if found is None else [f"model.weights.run={json.dumps(found['run'])}"]


@dataclass(frozen=True)
class Between:
    """The recipes between a good and a bad one.

    Args:
        good: the good recipe.
        bad: the bad one.
        seeds: how many seeds each recipe is trained with; 1: with its own.
    """

    good: Side
    bad: Side
    seeds: int = 1

    @property
    def folder(self) -> Path:
        """Where the runs lie unless the user says otherwise."""
        recipe = self._loaded[0].recipe
        assert recipe is not None
        return RUNS / f"{recipe.name}-bisect"

    @cached_property
    def _loaded(self) -> tuple[Loaded, Loaded]:
        return self.good.subject.load(_ALONE), self.bad.subject.load(_ALONE)

    @cached_property
    def _compact(self) -> bool:
        documents = [each.document for each in self._loaded]
        return any(document is not None and has_blocks(document.compact) for document in documents)

    @cached_property
    def changes(self) -> list[Change]:
        """The fields that differ.

        Raises:
            RecipeInvalid: one of the two has errors.
            RecipeError: the bad recipe cannot be written as changes of the good one.
        """
        good, bad = (tree_of(each, compact=self._compact) for each in self._loaded)
        found = changes(good, bad, seeds=self.seeds > 1, whole_data=self._other_data)
        made = tree_of(self.good.subject.load([*_ALONE, *(each.set for each in found)]), compact=self._compact)
        left = changes(made, bad, seeds=self.seeds > 1, whole_data=False)
        if left:
            fields = ", ".join(each.field for each in left[:3])
            raise RecipeError(f"{self.bad.name} cannot be written as {self.good.name} with other values: {fields}")
        return found

    @cached_property
    def _other_data(self) -> bool:
        """Whether the data is in another folder, with other content."""
        if self.good.subject.access.folder == self.bad.subject.access.folder:
            return False
        plans = [side.subject.plan(each) for side, each in zip((self.good, self.bad), self._loaded, strict=True)]
        return plans[0].data.sha256 != plans[1].data.sha256

    def recipes(self, chosen: Changes) -> list[Loaded]:
        """The good recipe with some of the changes, once for each seed.

        Raises:
            RecipeInvalid: the changes do not go together.
        """
        sets = [*_ALONE, *(self.changes[index].set for index in chosen)]
        loaded = self.good.subject.load(sets)
        assert loaded.recipe is not None
        if self.seeds == 1:
            return [loaded]
        first = loaded.recipe.seed
        return [self.good.subject.load([*sets, f"seed={first + k}"]) for k in range(self.seeds)]

    def plan(self, loaded: Loaded, chosen: Changes) -> Plan:
        """The plan of one of them; its data lies where that of its side does."""
        return self.good.subject.plan(loaded, self.data_subject(chosen).access)

    def data_subject(self, chosen: Changes) -> Subject:
        """Whose data is trained on."""
        whole = any(self.changes[index].path == DATA for index in chosen)
        return (self.bad if whole and self._other_data else self.good).subject

    def fields(self, chosen: Changes) -> Iterator[str]:
        """The fields that are changed."""
        return (self.changes[index].field for index in chosen)


def shown_fields(fields: Sequence[str], most: int = 4) -> str:
    """Fields in one line; of many the first."""
    more = f" and {len(fields) - most} more" if len(fields) > most else ""
    return (", ".join(fields[:most]) + more) or "none"
