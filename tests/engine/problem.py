"""A small problem: 4 inputs or a small picture, one hidden layer, 3 classes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.examples import Dataset, Examples
from runner.data.facts import DataFacts
from runner.engine.loop.checkpoints import restore
from runner.engine.loop.signals import StopRequest
from runner.engine.loop.trainer import Outcome, Trainer
from runner.engine.step.learner import Learner, make_learner
from runner.events import Event, Steps
from runner.plan.allow_code import with_code
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.record.checkpoint import Checkpoint
from schemas.recipe import Recipe

BASE: dict[str, Any] = {
    "recipe": 1,
    "name": "small",
    "task": "classification",
    "seed": 3,
    "data": {"source": "builtin", "name": "iris", "batch_size": 8},
    "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 5, "activation": "tanh"}]},
    "optimizer": {"kind": "sgd"},
    "training": {"epochs": 5},
}


@dataclass
class Problem:
    """A plan, its data and what is trained."""

    plan: Plan
    dataset: Dataset
    learner: Learner
    events: list[Event] = field(default_factory=list)

    @classmethod
    def make(
        cls,
        generator: np.random.Generator,
        n: int = 75,
        sides: Sequence[int] | None = None,
        *,
        classes: int = 3,
        weighted: bool = False,
        code: Path | None = None,
        **overrides: Any,
    ) -> "Problem":
        recipe = Recipe.model_validate({**BASE, **overrides})
        validation, shape = 20, tuple(sides or (4,))
        stored = 1 if sides is not None else 4
        facts = DataFacts("builtin", "made", "1", n, validation, 0, shape, classes, stored, weighted=weighted)
        made = [examples(generator, size, sides) for size in (n, validation)]
        made = [replace(split, y=np.minimum(split.y, classes - 1)) for split in made]
        if recipe.task != "classification":
            labels = recipe.task == "multi_label"
            facts = replace(facts, classes=None, targets=("a", "b", "c"), labels=labels)
            made = [replace(split, y=columns(split.y, np.uint8 if labels else np.float32)) for split in made]
        plan = make_plan(recipe, facts)
        plan = plan if code is None else with_code(plan, code)
        if weighted:
            made = [replace(split, weight=generator.exponential(size=len(split)).astype(np.float32)) for split in made]
        dataset = Dataset(*made, None)
        return cls(plan, dataset, make_learner(plan, dataset))

    def trainer(self, stop: StopRequest | None = None) -> Trainer:
        return Trainer(self.plan, self.learner, self.dataset, self.events.append, stop or StopRequest())

    def train(self) -> Outcome:
        return self.trainer().run()

    def steps(self) -> list[Steps]:
        return [event for event in self.events if isinstance(event, Steps)]


def examples(generator: np.random.Generator, n: int, sides: Sequence[int] | None = None) -> Examples:
    """Three overlapping clouds; or pictures that are brighter at one place or another."""
    y = generator.integers(0, 3, n).astype(np.int32)
    if sides is not None:
        pixels = generator.integers(0, 180, (n, *sides))
        for k, kind in enumerate(y):
            pixels[k, kind * 2, 1:3] += 70
        return Examples(pixels.astype(np.uint8), y)
    x = (generator.normal(size=(n, 4)) + y[:, None] * [1.0, -0.5, 0.3, 0.0]).astype(np.float32)
    return Examples(x, y)


def columns(y: Any, dtype: Any) -> Any:
    """Three targets of each example in place of one of three classes."""
    return (y[:, None] == np.arange(3)).astype(dtype)


def go_on(trainer: Trainer, checkpoint: Checkpoint) -> None:
    """Put a trainer that has not begun where the checkpoint was made."""
    restore(checkpoint, trainer.state, trainer.learner, trainer.plan)
