"""A sweep read back from its folder, without its recipe's file."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.disk.folder import read_plain
from runner.errors import JournalBroken, RunNotFound
from runner.lookback.planned import recipe_of
from runner.record.directory import SWEEP
from runner.sweeps.board import importance_lines, table
from runner.sweeps.definition import Definition, require_optuna
from runner.sweeps.journal_paths import BEST
from runner.text import printable
from runner.wrapping import wrapped
from schemas.recipe import Recipe
from schemas.sweep import MOST_TRIALS

_BYTES_AT_MOST = 1 << 20
"""Of what a sweep searches: a recipe, and its ranges."""


@dataclass(frozen=True)
class PastSweep:
    """How a sweep stands."""

    folder: Path
    definition: Definition
    values: Mapping[str, Any]
    """As ``recipe sweep --json`` prints it; whether more trials are planned is not in the folder."""
    trials: list[Any]
    """A row for each trial."""

    def lines(self, width: int) -> Iterator[str]:
        """The table of trials, the importance of each range, and where the best recipe is."""
        yield from table(self.trials, self.definition, width)
        yield from importance_lines(self.values["importance"])
        if self.values["best_recipe"] is not None:
            yield ""
            yield from wrapped(f"best recipe: {printable(self.values['best_recipe'])}", width, hang=2)


def read_sweep(folder: Path) -> PastSweep:
    """Read a sweep from its folder, which anybody may have made; nothing in it is written.

    Raises:
        JournalBroken: its files are not what a sweep writes.
        RecipeError: Optuna is not installed.
        OSError: a file cannot be read.
        NotPlain: one of them is a link or the like.
    """
    require_optuna()
    from runner.sweeps.journal import recorded_trials
    from runner.sweeps.table import as_json, rows

    if not (folder / SWEEP).is_file():
        raise RunNotFound(f"{printable(str(folder))} is not the folder of a sweep")
    definition = Definition(_searched(folder / SWEEP))
    trials = recorded_trials(folder, definition)
    best = folder / BEST
    values = as_json(folder, definition, trials) | {"best_recipe": str(best) if best.is_file() else None}
    return PastSweep(folder, definition, values, rows(folder, definition, trials))


def _searched(path: Path) -> Recipe:
    """The recipe with its sweep, from what the first worker has written down."""
    wrong = JournalBroken(f"{printable(str(path))} does not say what a sweep searches")
    if path.stat().st_size > _BYTES_AT_MOST:
        raise wrong
    try:
        values = json.loads(read_plain(path))
        recipe, repeat = dict(values.pop("recipe")), values.pop("repeat")
        weights = (recipe.get("model") or {}).get("weights")
        if isinstance(weights, dict):  # where they lay is no part of what is searched
            recipe["model"] = {**recipe["model"], "weights": {"run": "unknown", **weights}}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise wrong from error
    trials = None if values.get("sampler") == "grid" else MOST_TRIALS
    found = recipe_of({**recipe, "repeat": repeat, "sweep": {**values, "trials": trials}})
    if found is None or found.sweep is None:
        raise wrong
    return found
