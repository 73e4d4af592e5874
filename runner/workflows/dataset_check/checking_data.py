"""All checks of a recipe's data, in one pass over its examples."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from runner.data.access import DataAccess
from runner.data.facts import DataFacts
from runner.data.load import import_readers, load_data
from runner.data.series.prepared import PreparedSeries
from runner.data.tabular.prepared import PreparedTable
from runner.plan.plan import Plan
from runner.text import printable
from runner.workflows.dataset_check.duplicates import duplicates
from runner.workflows.dataset_check.example_names import input_names, names_of
from runner.workflows.dataset_check.giveaways import giveaways
from runner.workflows.dataset_check.labels_seen import labels_seen
from runner.workflows.dataset_check.oddity import Name, Oddity
from runner.workflows.dataset_check.scanned import Scan, scanned
from runner.workflows.dataset_check.similar import similar
from runner.workflows.dataset_check.table_columns import table_columns
from runner.workflows.prepare import prepare
from schemas.array_data import ImagesData
from schemas.recipe import Recipe
from schemas.table_data import TableData


@dataclass(frozen=True)
class Checked:
    """What came of a check."""

    facts: DataFacts
    found: tuple[Oddity, ...]


def check_data(recipe: Recipe, access: DataAccess, report: Callable[[str], None]) -> Checked:
    """Read every example of a recipe's data once, and say what is odd.

    Images that cannot be decoded are left out and named, whatever the recipe says.

    Raises:
        RecipeError: the data cannot be planned with at all.
    """
    plan = prepare(_tolerant(recipe), access, report)
    import_readers(plan)
    parts = scanned(load_data(plan, access))
    return Checked(plan.data, tuple(_found(plan, parts, names_of(plan.data))))


def _tolerant(recipe: Recipe) -> Recipe:
    if not isinstance(recipe.data, ImagesData):
        return recipe
    return recipe.model_copy(update={"data": recipe.data.model_copy(update={"on_error": "skip"})})


def _found(plan: Plan, parts: dict[str, Scan], name: Name) -> Iterator[Oddity]:
    facts, data = plan.data, plan.recipe.data
    if facts.left_out:
        count = len(facts.left_out)
        files = "1 file cannot" if count == 1 else f"{count:,} files cannot"
        yield Oddity("broken", f"{files} be decoded", facts.left_out[:20], count)
    for alone, of_one, called in _each_target(parts, facts):
        yield from _about(called, labels_seen(alone, of_one, name))
    yield from duplicates(parts, name)
    if len(facts.shape) in (2, 3) and not isinstance(facts.details, PreparedSeries):
        yield from similar(parts, name)
        yield from _blank(parts, name)
    if isinstance(facts.details, PreparedTable) and isinstance(data, TableData):
        yield from table_columns(facts.details, data)
    if facts.vocabulary is None:
        for alone, of_one, called in _each_target(parts, facts):
            yield from _about(called, giveaways(alone["train"], input_names(facts), of_one.classes))


def _each_target(parts: dict[str, Scan], facts: DataFacts) -> Iterator[tuple[dict[str, Scan], DataFacts, str | None]]:
    """The data with each of the targets of several outputs alone, and its name; without them as it is."""
    if facts.target_classes is None:
        yield parts, facts, None
    for place, (name, alone) in enumerate(facts.of_each_target()):
        own = np.float32 if alone.classes is None else np.int64
        yield (
            {part: replace(scan, targets=scan.targets[:, place].astype(own)) for part, scan in parts.items()},
            alone,
            name,
        )


def _about(target: str | None, found: Iterator[Oddity]) -> Iterator[Oddity]:
    """The findings, with the name of the target that they are about."""
    for oddity in found:
        yield oddity if target is None else replace(oddity, message=f"{printable(target)}: {oddity.message}")


def _blank(parts: dict[str, Scan], name: Name) -> Iterator[Oddity]:
    for part, scan in parts.items():
        places = scan.uniform.nonzero()[0]
        if len(places):
            images = "1 image of" if len(places) == 1 else f"{len(places):,} images of"
            is_one = "is one color" if len(places) == 1 else "are one color"
            yield Oddity("blank", f"{images} {part} {is_one}", tuple(name(part, k) for k in places[:5]), len(places))
