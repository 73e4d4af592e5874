"""What a recipe leaves out, for the person to see."""

from collections.abc import Iterator
from dataclasses import dataclass

from runner.numerals import rate
from runner.plan.layers import PlannedLayer
from runner.plan.monitor import Monitor
from schemas.findings import Path
from schemas.layers import Dense
from schemas.layers.sequences import Embedding
from schemas.losses import Loss, loss_text
from schemas.recipe import Recipe
from schemas.schedule import Schedule


@dataclass(frozen=True)
class Inferred:
    """A value that the recipe leaves out, and what it follows from."""

    path: Path
    value: str
    why: str


def _of_outputs(recipe: Recipe) -> Iterator[Inferred]:
    """What several outputs leave out."""
    for name, output in recipe.model.outputs.items():
        if output.loss is None:
            yield Inferred(("model", "outputs", name, "loss"), loss_text(output.loss_or_default), "its task")
        if output.metrics is None:
            yield Inferred(("model", "outputs", name, "metrics"), ", ".join(output.metrics_or_default), "its task")


def inferred(
    recipe: Recipe,
    layers: tuple[PlannedLayer, ...],
    loss: Loss | None,
    metrics: tuple[str, ...],
    best: Monitor,
    schedule: Schedule,
) -> list[Inferred]:
    """What the recipe left out, for the person to see."""
    found: list[Inferred] = []
    output = layers[-1]
    if output.origin is not None and isinstance(output.layer, Dense):
        shape = f"dense {output.layer.units} {output.layer.activation}"
        found.append(Inferred(output.path, shape, output.origin))
    for item in layers:
        if isinstance(item.layer, Embedding) and _rows(recipe, item.path) is None:
            found.append(Inferred((*item.path, "input_dim"), f"{item.layer.input_dim}", "the vocabulary"))
    found += _of_outputs(recipe)
    if recipe.training.loss is None and loss is not None:
        found.append(Inferred(("training", "loss"), loss_text(loss), "the task"))
    if recipe.training.metrics is None and loss is not None:
        found.append(Inferred(("training", "metrics"), ", ".join(metrics), "the task"))
    if recipe.training.best is None:
        stopping = recipe.training.early_stopping
        restores = stopping is not None and stopping.restore_best
        why = "early_stopping's monitor" if restores else "the data's splits"
        found.append(Inferred(("training", "best"), best.name, why))
    if recipe.schedule is None and schedule.kind == "constant":
        why = "the optimizer's learning_rate" if recipe.optimizer.learning_rate else "Keras' default"
        found.append(Inferred(("schedule",), f"constant {rate(schedule.learning_rate)}", why))
    return found


def _rows(recipe: Recipe, path: Path) -> int | None:
    """Rows that the recipe gives the embedding at a place of its model."""
    layer = recipe.model.layers[int(path[-1])]
    return layer.input_dim if isinstance(layer, Embedding) else None
