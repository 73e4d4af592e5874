"""What a sweep searches, apart from how far it has got."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from runner.errors import RecipeError
from runner.plan.fingerprint import canonical
from runner.source.yaml.nodes import DISCRIMINATORS
from schemas.metrics import facts_of
from schemas.recipe import Recipe
from schemas.rules.measures import divide
from schemas.sweep import Scalar, Sweep

Values = dict[str, Scalar]
"""The values of a trial by path."""


@dataclass(frozen=True)
class Definition:
    """The sweep of a valid recipe."""

    recipe: Recipe

    @property
    def sweep(self) -> Sweep:
        """As the recipe has it."""
        assert self.recipe.sweep is not None
        return self.recipe.sweep

    @property
    def rising(self) -> bool:
        """Whether more of the objective is better."""
        return facts_of(divide(self.sweep.objective)[1]).better == "max"

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What all workers and all later sessions agree on; the number of trials may grow."""
        sweep = self.sweep.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"trials"})
        repeat = self.recipe.repeat
        return {
            "recipe": json.loads(canonical(self.recipe)),
            "repeat": repeat.model_dump(mode="json") if repeat is not None else None,
            **sweep,
        }

    def sets(self, values: Values) -> list[str]:
        """The values as ``--set`` takes them; a kind comes before the keys that belong to it."""
        ordered = sorted(values, key=lambda path: path.rpartition(".")[2] not in DISCRIMINATORS)
        return [f"{path}={json.dumps(values[path])}" for path in ordered]

    def combination(self, number: int) -> Values:
        """Values of a trial of a grid; the last range changes fastest.

        With ranges of n₁ … n_k values, trial t has the value of index ⌊t / (n_{j+1} ⋯ n_k)⌋ mod n_j for range j.
        """
        found: Values = {}
        for path, each in reversed(self.sweep.ranges.items()):
            values = each.values() or ()
            number, index = divmod(number, len(values))
            found[path] = values[index]
        return {path: found[path] for path in self.sweep.ranges}


def require_optuna() -> None:
    """Check that the package is here.

    Raises:
        RecipeError: it is not; the help has the command that installs it.
    """
    from importlib.util import find_spec

    if find_spec("optuna") is None:
        raise RecipeError("a sweep needs the package optuna", "`pip install 'recipe-runner[search]'`")
