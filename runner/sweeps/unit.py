"""One run of a trial, claimed by this process."""

from dataclasses import dataclass

from runner.errors import RunError
from runner.plan.plan import Plan
from runner.record.directory import RunDirectory
from runner.source.load import Loaded
from runner.sweeps.definition import Definition, Values
from runner.workflows import subject
from runner.workflows.repeats import variants


class Subject(subject.Subject):
    """The recipe of a sweep, and what the user says about it."""

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
