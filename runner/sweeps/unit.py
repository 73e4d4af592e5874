"""One run of a trial, claimed by this process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from runner.data.access import DataAccess
from runner.errors import RecipeInvalid, RunError
from runner.plan.allow_code import with_code
from runner.plan.plan import Plan
from runner.record.directory import RunDirectory, open_explicit
from runner.source.load import Loaded, load
from runner.sweeps.definition import Definition, Values
from runner.workflows.code_permission import judged
from runner.workflows.prepare import prepare
from runner.workflows.repeats import variants
from runner.workflows.request import open_unfinished
from runner.workflows.weights import with_weights


@dataclass(frozen=True)
class Subject:
    """The recipe of a sweep, and what the user says about it."""

    file: Path
    sets: Sequence[str]
    root: Path | None
    environment: Mapping[str, str]
    access: DataAccess
    """Where its data is."""
    allow_code: bool
    force: bool

    def load(self, sets: Sequence[str] = ()) -> Loaded:
        """Read the recipe, with further values.

        Raises:
            RecipeInvalid: with these values it is not valid.
        """
        loaded = load(self.file, sets=[*self.sets, *sets], root=self.root, environment=self.environment)
        loaded = judged(loaded, allowed=self.allow_code)
        if loaded.recipe is None:
            errors = [found for found in loaded.diagnostics if found.severity == "error"]
            raise RecipeInvalid("; ".join(found.message for found in errors), errors)
        return loaded

    def require_unchanged(self, definition: Definition) -> None:
        """Check that the file still says what the sweep searches.

        Raises:
            RunError: it does not.
        """
        recipe = self.load().recipe
        if recipe is None or recipe.sweep is None or Definition(recipe).identity != definition.identity:
            message = f"{self.file} has changed since this process began to work on its sweep"
            raise RunError(message, "a changed recipe is another sweep: give it a folder with --sweep-dir")

    def runs(self, definition: Definition, values: Values) -> list[Loaded]:
        """The recipes of a trial's runs: one, or those that it repeats.

        Raises:
            RecipeInvalid: with these values the recipe is not valid.
        """
        sets = ["sweep=null", *definition.sets(values)]
        loaded = self.load(sets)
        assert loaded.recipe is not None
        return [self.load([*sets, *each.sets]) for each in variants(loaded.recipe)] or [loaded]

    def plan(self, loaded: Loaded) -> Plan:
        """The plan of one of them."""
        assert loaded.recipe is not None
        access = self.access.allowing(loaded.path.parent) if self.allow_code else self.access
        made = with_weights(prepare(loaded.recipe, access, lambda _: None), access)
        return with_code(made, loaded.path.parent) if self.allow_code else made


@dataclass(frozen=True)
class Unit:
    """A run that this process is to train; its directory is locked."""

    number: int
    """Of the trial."""
    index: int
    """Of the run in the trial."""
    values: Values
    loaded: Loaded
    plan: Plan
    directory: RunDirectory
    goes_on: bool
    """Whether the directory holds a run that continues."""


def opened(root: Path, plan: Plan) -> tuple[RunDirectory, bool]:
    """Lock the directory of a run, and say whether a run continues in it.

    Raises:
        RunLocked: another process trains it.
        RunError: the run is not this plan's.
        OSError: it cannot be opened.
    """
    if not (root / "lock.json").exists() and not (root / "events.jsonl").exists():
        return (RunDirectory(root), False) if root.is_dir() else (open_explicit(root), False)
    return open_unfinished(root, plan, None), True


def name_of_new(folder: Path, plan: Plan) -> str:
    """A name for a new run's directory that no run in the folder has, as other runs are named."""
    stem = f"{datetime.now():%Y%m%d-%H%M%S}-{plan.fingerprint[:8]}"
    taken = {path.name for path in folder.iterdir()}
    return next(name for k in range(1, len(taken) + 2) if (name := stem if k == 1 else f"{stem}-{k}") not in taken)
