"""Outputs without a softmax or sigmoid."""

from collections.abc import Iterator

from schemas.findings import Finding
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error


def logits_are_what_the_output_gives(recipe: Recipe) -> Iterator[Finding]:
    """R257: logits are a classification's, and have no activation."""
    output = recipe.model.output
    if not output.logits:
        return
    if recipe.task == "regression":
        what, way = "logits belong to a classification; this is a regression", "remove it: a regression is linear"
        yield error("R257", ("model", "output", "logits"), what, way)
    elif output.activation not in (None, "linear"):
        yield error(
            "R257",
            ("model", "output", "activation"),
            f"an output of logits has no activation; received {output.activation}",
            "remove `activation`, or `logits` for an output of probabilities",
        )


RULES: tuple[Rule, ...] = (logits_are_what_the_output_gives,)
