"""Small recipes with a sweep, and trials that nobody trained."""

from datetime import datetime
from pathlib import Path
from typing import Any

from optuna.trial import FrozenTrial, TrialState

from runner.source.load import load
from runner.sweeps.definition import Definition
from runner.sweeps.sampling import distributions
from schemas.recipe import Recipe

TEXT = """\
# A small search.
recipe: 1
name: irises
task: classification
seed: 42
data: {{source: builtin, name: iris, scale: standard, batch_size: 30}}
model:
  kind: sequential
  layers:
    - {{kind: dense, units: 4, activation: relu}}  # what is searched
optimizer: {{kind: sgd, learning_rate: 0.01, momentum: 0.9}}
training: {{epochs: {epochs}}}
sweep:
  objective: val_loss
  sampler: {sampler}
  pruner: {pruner}
{trials}
  ranges:
    optimizer.learning_rate: {rate}
    model.layers.0.units: {{int: [4, 16], step: 4}}
"""


def written(
    folder: Path,
    *,
    epochs: int = 3,
    sampler: str = "tpe",
    pruner: str = "none",
    trials: int | None = 4,
    rate: str = "{log: [1e-3, 0.5]}",
) -> Path:
    """A recipe of irises with a sweep."""
    number = f"  trials: {trials}" if trials is not None else ""
    path = folder / "irises.yaml"
    path.write_text(TEXT.format(epochs=epochs, sampler=sampler, pruner=pruner, trials=number, rate=rate))
    return path


def recipe_of(path: Path) -> Recipe:
    """The valid recipe of a file."""
    loaded = load(path)
    assert loaded.recipe is not None, loaded.diagnostics
    return loaded.recipe


def definition(folder: Path, **keys: Any) -> Definition:
    """The sweep of :func:`written`."""
    return Definition(recipe_of(written(folder, **keys)))


def trial(
    of: Definition,
    number: int,
    values: dict[int, float],
    state: TrialState = TrialState.COMPLETE,
    notes: dict[str, Any] | None = None,
    **params: Any,
) -> FrozenTrial:
    """A trial with these values of its epochs; the last is its result."""
    ended = state != TrialState.RUNNING
    return FrozenTrial(
        number=number, trial_id=number, state=state, value=values[max(values)] if ended else None,
        datetime_start=datetime(2026, 1, 1), datetime_complete=datetime(2026, 1, 2) if ended else None,
        params={"optimizer.learning_rate": 0.01, "model.layers.0.units": 4} | params, distributions=distributions(of),
        user_attrs={}, system_attrs=notes or {}, intermediate_values=values,
    )  # fmt: skip
