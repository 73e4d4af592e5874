"""How many examples there are, against classes, weights and batches: what trains nothing is told."""

import math
from collections.abc import Iterator, Mapping

from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.samples import samples, sources
from schemas.rules.tell import Rule, at, error, warning

_WEIGHTS: Path = ("training", "class_weight")
FEW_EXAMPLES = "R244"
LONE_EXAMPLE = "R245"


def all_weights_are_zero(weights: object, classes: int) -> bool:
    """Whether no class of so many has a weight; one that the recipe leaves out has 1."""
    return isinstance(weights, Mapping) and all(weights.get(str(c), 1.0) == 0 for c in range(classes))


def some_class_has_weight(recipe: Recipe) -> Iterator[Finding]:
    """R243: with every weight 0 the loss is 0 whatever the model says, and nothing is learned."""
    weights = recipe.training.class_weight
    for source, sample in samples(recipe):
        if sample.classes is not None and all_weights_are_zero(weights, sample.classes):
            yield error(
                "R243",
                _WEIGHTS,
                f"all {sample.classes} classes of {source.name} have weight 0, so the loss is always 0",
                "give one of them a weight above 0",
            )
            return


def few_examples(train: int, classes: int, name: str) -> str | None:
    """What is said of a training part that cannot have every class; None where it can."""
    if train >= classes:
        return None
    return f"{train:,} examples of {name} train, and there are {classes:,} classes: some are never seen"


def classes_have_examples(recipe: Recipe) -> Iterator[Finding]:
    """R244: a class without a training example is never predicted."""
    for source, sample in samples(recipe):
        if source.train is not None and source.train > 0 and sample.classes is not None:
            told = few_examples(source.train, sample.classes, source.name)
            if told is not None:
                place = (*source.path, "splits" if "splits" in _written(recipe, source.path) else "name")
                yield warning(FEW_EXAMPLES, place, told, "let more examples train")


def _written(recipe: Recipe, path: Path) -> set[str]:
    node = recipe.data if len(path) == 1 else getattr(recipe.data, "fallback", recipe.data)
    return node.model_fields_set


def lone_example(recipe: Recipe, train: int) -> str | None:
    """What is said of a batch of one example that a model would normalise; None where there is none.

    Args:
        recipe: with or without batch normalisation.
        train: number of training examples.
    """
    if not any(layer.normalizes == "batch" for layer in recipe.model.layers):
        return None
    size, parts = recipe.data.batch_size, recipe.training.accumulate
    micro = math.ceil(size / parts)
    tail = train % size
    if train >= size and (micro == 1 or size % micro == 1):
        return f"a batch{_micro(parts)} has one example"
    if tail and (micro == 1 or tail % micro == 1):
        return f"the last batch of an epoch{_micro(parts)} has one example: {train:,} examples in batches of {size:,}"
    return None


def _micro(parts: int) -> str:
    return f", divided by accumulate {parts:,}," if parts > 1 else ""


def normalised_batches_have_several_examples(recipe: Recipe) -> Iterator[Finding]:
    """R245: one example has no variance: its normalised values are 0, and an epoch's statistics take them in."""
    for source in sources(recipe):
        told = lone_example(recipe, source.train) if source.train else None
        if told is not None:
            yield warning(
                LONE_EXAMPLE,
                at(recipe.data, ("data",), "batch_size"),
                f"batch_normalization needs several examples: {told}, of {source.name}",
                "take another batch_size",
            )
            return


RULES: tuple[Rule, ...] = (
    some_class_has_weight,
    classes_have_examples,
    normalised_batches_have_several_examples,
)
