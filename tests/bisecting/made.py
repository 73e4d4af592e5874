"""Small recipes that differ in a few fields, and results that nobody trained."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runner.bisecting.ddmin import Changes
from runner.bisecting.sides import Between, of_recipe
from runner.bisecting.trials import Trial
from runner.data.access import DataAccess

TEXT = """\
recipe: 1
name: irises
task: classification
seed: {seed}
data: {{source: builtin, name: iris, scale: standard, batch_size: 30}}
model: {{kind: sequential, layers: {layers}}}
optimizer: {optimizer}
training: {training}
{more}
"""
USUAL = {
    "seed": "1",
    "layers": "[{kind: dense, units: 4}]",
    "optimizer": "{kind: sgd, learning_rate: 0.1}",
    "training": "{epochs: 2}",
    "more": "",
}


def written(folder: Path, name: str, **parts: str) -> Path:
    """A recipe of irises."""
    path = folder / f"{name}.yaml"
    path.write_text(TEXT.format_map(USUAL | parts))
    return path


def between(folder: Path, seeds: int = 1, **parts: str) -> Between:
    """What is between the usual recipe and one with other parts."""
    files = (written(folder, "good"), written(folder, "bad", **parts))
    sides = [of_recipe(file, (), None, DataAccess(), allow_code=False, force=False) for file in files]
    return Between(sides[0], sides[1], seeds)


class Told:
    """Trials whose results are a function of the set of changes."""

    def __init__(self, losses: Callable[[Changes], list[float]]) -> None:
        self._losses, self._known = losses, dict[Changes, Trial]()

    @property
    def made(self) -> list[Trial]:
        return list(self._known.values())

    def trial(self, chosen: Changes) -> Trial:
        losses = self._losses(chosen)
        results = tuple(map(_result, losses))
        runs = tuple(Path(str(k)) for k in range(len(losses)))
        return self._known.setdefault(chosen, Trial(chosen, runs, results, "" if losses else "they do not fit"))


def _result(loss: float) -> dict[str, Any]:
    lost = math.isinf(loss)
    return {"status": "diverged" if lost else "finished", "metrics": {} if lost else {"val_loss": loss, "loss": 9.0}}
