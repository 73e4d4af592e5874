"""How the weights are updated, as a plan shows it: what a recipe writes besides the schedule."""

from collections.abc import Iterator

from runner.numerals import named_values
from runner.text import printable
from schemas.recipe import Recipe

_ELSEWHERE = {"epochs", "steps", "validation"}
"""Keys of ``training`` that have rows of their own."""


def update_rows(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """The optimizer, and the options of training, with every value that is not the default."""
    optimizer = recipe.optimizer.model_dump(mode="json", exclude_defaults=True, exclude={"kind", "target"})
    yield "optimizer", printable("; ".join(filter(None, (recipe.optimizer.called, named_values(optimizer)))))
    training = recipe.training.model_dump(mode="json", exclude_defaults=True, exclude=_ELSEWHERE)
    if training:
        yield "training", printable(named_values(training))
