"""What weight decay leaves out, against the optimizer and the model."""

from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error, unknown_layer

_PATH: Path = ("optimizer", "exclude_from_weight_decay")


def exclusions_leave_something_out(recipe: Recipe) -> Iterator[Finding]:
    """R246: what is left out must be there, and so must the weight decay that leaves it out."""
    optimizer = recipe.optimizer
    wanted = optimizer.exclude_from_weight_decay
    if wanted is None:
        return
    if optimizer.weight_decay is None:
        yield error(
            "R246", _PATH, f"{optimizer.kind} has no weight decay from which to exclude anything",
            "write `weight_decay` on the optimizer too, or take adamw",
        )  # fmt: skip
    if not (wanted.biases or wanted.normalization or wanted.layers):
        yield error("R246", _PATH, "nothing is excluded; received no biases, normalization or layers",
                    "write `{biases: true, normalization: true}`")  # fmt: skip
    for k, name in enumerate(wanted.layers or ()):
        unknown = unknown_layer(recipe, "R246", (*_PATH, "layers", k), name)
        if unknown is not None:
            yield unknown


RULES: tuple[Rule, ...] = (exclusions_leave_something_out,)
