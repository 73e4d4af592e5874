"""When the validation part is evaluated, against the data and the length of the run."""

from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.lengths import run
from schemas.rules.samples import sources
from schemas.rules.tell import Rule, error, warning
from schemas.samples import SAMPLES

_PATH: Path = ("training", "validation")


def validation_has_its_part(recipe: Recipe) -> Iterator[Finding]:
    """R227: without validation examples there is nothing to evaluate, however often."""
    for source in sources(recipe) if recipe.training.validation is not None else ():
        if not source.validation:
            yield error(
                "R227",
                (*source.path, "splits", "validation") if source.is_fallback else _PATH,
                f"validation says when to evaluate, but {source.name} has no validation part",
                f"give {'.'.join(map(str, source.path))}.splits a validation part, or remove `validation`",
            )


def validation_takes_place(recipe: Recipe) -> Iterator[Finding]:
    """R228: evaluations a step or more apart, within the run."""
    validation = recipe.training.validation
    if validation is None:
        return
    share = run(recipe).share(validation.every)
    if validation.every.value == 0:
        yield error(
            "R228",
            (*_PATH, "every"),
            f"every must be longer than zero; received {validation.every}",
            "write `every: 1 epoch`",
        )
    elif share is not None and share > 100:
        yield error(
            "R228",
            (*_PATH, "every"),
            f"every must lie within the run; received {validation.every} of {run(recipe)}",
            "write `every: 100%` to evaluate at the end alone",
        )


def part_is_between(recipe: Recipe) -> Iterator[Finding]:
    """R229: where every epoch ends with all validation examples, there is no other epoch for a part of them."""
    validation = recipe.training.validation
    if validation is None or validation.between is None:
        return
    apart = run(recipe).epochs_of(validation.every)
    if apart is not None and 0 < apart <= 1:
        yield warning(
            "R229",
            (*_PATH, "between"),
            f"between never acts: all validation examples are evaluated every {validation.every}",
            "write `every: 2 epochs` or more, or remove `between`",
        )


def part_is_smaller(recipe: Recipe) -> Iterator[Finding]:
    """R230: a part of a built-in sample's validation examples, where their number is known here already."""
    validation, data = recipe.training.validation, recipe.data
    if validation is None or validation.between is None or data.source != "builtin":
        return
    share = data.splits.validation
    there = round(SAMPLES[data.name].examples * share.value / 100) if share.unit == "%" else 0
    if there and validation.between.unit == "examples" and validation.between.value > there:
        yield error(
            "R230",
            (*_PATH, "between"),
            f"between must be at most the {there:,} validation examples of {data.name}; received {validation.between}",
            "write fewer examples, or a share such as 10%",
        )


RULES: tuple[Rule, ...] = (validation_has_its_part, validation_takes_place, part_is_between, part_is_smaller)
