"""Weight decay of schedules: whether the optimizer has any."""

from collections.abc import Iterator

from schemas.findings import Finding
from schemas.recipe import Recipe
from schemas.rules.parts import written
from schemas.rules.tell import Rule, error


def weight_decay_needs_an_optimizer_with_it(recipe: Recipe) -> Iterator[Finding]:
    """R190: a schedule moves the weight decay only of an optimizer that has one; most have it where it is written."""
    if recipe.optimizer.weight_decay is not None:
        return
    for schedule, path in written(recipe):
        if schedule.weight_decay is not None:
            yield error(
                "R190",
                (*path, "weight_decay"),
                f"the schedule gives weight decay, but {recipe.optimizer.kind} has none unless it is written there",
                "write `weight_decay` on the optimizer too, take adamw, or remove it here",
            )


RULES: tuple[Rule, ...] = (weight_decay_needs_an_optimizer_with_it,)
