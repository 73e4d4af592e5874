"""What a plan has to say about a recipe that is valid: it runs, but hardly as meant."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from runner.data.facts import ColumnFacts, DataFacts
from runner.plan.augmenting import ends_of
from runner.plan.schedules.schedule_errors import ScheduleWarning
from runner.plan.smoothing import Smoothing
from schemas.findings import Path
from schemas.recipe import Recipe
from schemas.rules.augment import ends_lie_within_the_run, hardly_ends, transforms_of
from schemas.rules.examples import (
    FEW_EXAMPLES,
    LONE_EXAMPLE,
    classes_have_examples,
    few_examples,
    lone_example,
    normalised_batches_have_several_examples,
)
from schemas.rules.options import smoothing_ends_within_the_run

_NAMED = 5
"""Files that are named of those that are left out."""

_READ_ON = "if they are words, declare the column's `type`"


class PlanWarning(NamedTuple):
    """One thing."""

    code: str
    """Of the diagnostic."""
    path: Path
    """Keys from the root of the recipe."""
    message: str


def schedule_warnings(found: Sequence[ScheduleWarning]) -> Iterator[PlanWarning]:
    """Those of the compiled schedule."""
    for warning in found:
        yield PlanWarning("R201", ("schedule", *warning.path), warning.message)


def data_warnings(recipe: Recipe, data: DataFacts, smoothing: Smoothing | None, steps: int) -> Iterator[PlanWarning]:
    """Those that the number of examples brings, unless a rule of the recipe has found them without it.

    Args:
        recipe: a valid recipe.
        data: what trains.
        smoothing: of the labels, where it ends within the run.
        steps: of the run.
    """
    if data.left_out:
        yield PlanWarning("R319", ("data", "on_error"), _left_out(data.left_out))
    for column in data.columns:
        if column.hint:
            message = f"column {column.name!r} is {_read_as(column)}: {column.hint}"
            yield PlanWarning("R692", ("data",), f"{message}; {_READ_ON}")
    if not any(classes_have_examples(recipe)):
        several = data.classes is not None and not data.next_token  # a sequence has many tokens
        few = few_examples(data.train, data.classes or 0, data.name) if several else None
        if few is not None:
            yield PlanWarning(FEW_EXAMPLES, ("data", "name"), few)
    if not any(normalised_batches_have_several_examples(recipe)):
        lone = lone_example(recipe, data.train)
        if lone is not None:
            yield PlanWarning(LONE_EXAMPLE, ("data",), f"batch_normalization needs several examples: {lone}")
    if smoothing is not None and not any(smoothing_ends_within_the_run(recipe)) and not 0 < smoothing.off < steps:
        what = "never ends" if smoothing.off else "never acts"
        message = f"label smoothing {what}: off_after is step {smoothing.off:,}, and the run has {steps:,} steps"
        yield PlanWarning("R247", ("training", "label_smoothing", "off_after"), message)


def augment_warnings(recipe: Recipe, steps: int, steps_per_epoch: int) -> Iterator[PlanWarning]:
    """Changes of images that end outside of the run, unless a rule of the recipe has found them without its steps."""
    if any(ends_lie_within_the_run(recipe)):
        return
    ends = ends_of(recipe, steps, steps_per_epoch)
    for number, (transform, off) in enumerate(zip(transforms_of(recipe), ends, strict=True)):
        if off is not None and not 0 < off < steps:
            found = hardly_ends(number, transform, never_acts=off == 0)
            yield PlanWarning(found.code, found.path, f"{found.message}: step {off:,} of {steps:,}")


def _read_as(column: ColumnFacts) -> str:
    return f"read as {column.type}, {'a word for each value' if column.role == 'input' else 'not used'}"


def _left_out(files: tuple[str, ...]) -> str:
    """Such as ``2 files are left out: a.jpg cannot be decoded: …``."""
    more = f"; and {len(files) - _NAMED:,} more" if len(files) > _NAMED else ""
    which = "file is" if len(files) == 1 else "files are"
    return f"{len(files):,} {which} left out: {'; '.join(files[:_NAMED])}{more}"
