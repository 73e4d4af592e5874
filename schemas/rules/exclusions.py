"""What weight decay leaves out, against the optimizer and the model."""

from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error, listed

_PATH: Path = ("optimizer", "exclude_from_weight_decay")


def exclusions_leave_something_out(recipe: Recipe) -> Iterator[Finding]:
    """R246: what is left out must be there, and so must the weight decay that leaves it out."""
    optimizer = recipe.optimizer
    wanted = optimizer.exclude_from_weight_decay
    if wanted is None:
        return
    if optimizer.weight_decay is None:
        yield error(
            "R246", _PATH, f"{optimizer.kind} has no weight decay that could leave something out",
            "write `weight_decay` on the optimizer too, or take adamw",
        )  # fmt: skip
    if not (wanted.biases or wanted.normalization or wanted.layers):
        yield error("R246", _PATH, "nothing is left out; received no biases, normalization or layers",
                    "write `{biases: true, normalization: true}`")  # fmt: skip
    names = [layer.name for layer in recipe.model.layers if layer.name is not None] + ["output"]
    for k, name in enumerate(wanted.layers or ()):
        if name not in names:
            yield error(
                "R246", (*_PATH, "layers", k), f"no layer has the name '{name}'",
                f"there are {listed(names)}; a layer has the name that its `name` gives"
                if len(names) > 1
                else "give the layer a `name`; the last layer is called `output`",
            )  # fmt: skip


RULES: tuple[Rule, ...] = (exclusions_leave_something_out,)
