"""A recipe that is trained more than once with other values, and what the user says about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.data.access import DataAccess
from runner.errors import RecipeInvalid
from runner.plan.allow_code import with_code
from runner.plan.plan import Plan
from runner.source.load import Loaded, load
from runner.workflows.code_permission import judged
from runner.workflows.prepare import prepare
from runner.workflows.weights import with_weights


@dataclass(frozen=True)
class Subject:
    """The recipe of several runs."""

    file: Path
    sets: Sequence[str]
    root: Path | None
    environment: Mapping[str, str]
    access: DataAccess
    """Where its data is."""
    allow_code: bool
    force: bool
    code: Path | None = None
    """Folder of its custom code; None: the recipe's."""
    weights: Callable[[Plan, DataAccess], Plan] = with_weights
    """Finds the model that its layers take their weights from."""

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

    def plan(self, loaded: Loaded, access: DataAccess | None = None) -> Plan:
        """The plan of one of them; ``access``: to data that lies elsewhere.

        Raises:
            RecipeError: the data, the weights or the schedule do not fit.
        """
        assert loaded.recipe is not None
        folder, access = self.code or loaded.path.parent, access or self.access
        access = access.allowing(folder) if self.allow_code else access
        made = self.weights(prepare(loaded.recipe, access, lambda _: None), access)
        return with_code(made, folder) if self.allow_code else made
