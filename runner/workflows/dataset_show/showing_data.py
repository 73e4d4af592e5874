"""Counts, spreads and some examples of a recipe's data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from runner.data.access import DataAccess
from runner.data.cache import cache_folder
from runner.data.examples import Dataset, labels
from runner.data.facts import DataFacts
from runner.data.load import import_readers, load_data
from runner.data.series.prepared import PreparedSeries
from runner.data.sources.language import TokenDetails
from runner.data.sources.text import TextDetails
from runner.data.tables.store import stored_table
from runner.data.tabular.prepared import PreparedTable
from runner.plan.plan import Plan
from runner.workflows.dataset_show.spreads import Spread, of_numbers, of_words
from runner.workflows.dataset_show.staged_sample import SAMPLE, Array, Sample, Stage, sample_of
from runner.workflows.image_data import holds_images
from runner.workflows.prepare import prepare
from schemas.recipe import Recipe

_OF_TEXTS = (TextDetails, TokenDetails)
_WIDEST = 200
"""Numbers of an example that are told one by one."""


@dataclass(frozen=True)
class Shown:
    """What is shown."""

    facts: DataFacts
    stage: Stage
    classes: tuple[tuple[str, dict[str, int]], ...]
    """Each class with its examples by part; empty where there are none."""
    spreads: tuple[Spread, ...]
    """Of the sample."""
    sample: Sample
    texts: tuple[str, ...] = ()
    """Of the sample, where the data is texts and the stage is raw."""

    @property
    def images(self) -> Array | None:
        """The sample's values where they are images."""
        return self.sample.values if holds_images(self.facts) else None


def show_data(recipe: Recipe, access: DataAccess, stage: Stage, report: Callable[[str], None]) -> Shown:
    """Read a recipe's data and describe it at a stage.

    Raises:
        RecipeError: the data cannot be used.
    """
    plan = prepare(recipe, access, report)
    import_readers(plan)
    dataset = load_data(plan, access)
    sample = sample_of(plan, dataset, stage)
    table = isinstance(plan.data.details, PreparedTable) and stage == "raw"
    spreads = _of_columns(plan) if table else _of_values(plan, sample.values)
    texts = _texts(plan, dataset) if isinstance(plan.data.details, _OF_TEXTS) and stage == "raw" else ()
    return Shown(plan.data, stage, tuple(_classes(plan.data, dataset)), tuple(spreads), sample, texts)


def _classes(facts: DataFacts, dataset: Dataset) -> Iterator[tuple[str, dict[str, int]]]:
    """The classes of the one target, or of each of several outputs with its name: ``origin: usa``."""
    each = list(facts.of_each_target()) or [("", facts)]
    if all(alone.classes is None for _, alone in each):
        return
    parts = {"train": dataset.train, "validation": dataset.validation, "test": dataset.test}
    targets = {part: labels(split) for part, split in parts.items() if split is not None}
    for place, (target, alone) in enumerate(each):
        own = {part: found[:, place] if target else found for part, found in targets.items()}
        if alone.classes is not None and all(found.ndim == 1 for found in own.values()):
            yield from _counted(alone.classes, alone.class_names, f"{target}: " if target else "", own)


def _counted(
    classes: int, names: tuple[str, ...], before: str, targets: dict[str, Array]
) -> Iterator[tuple[str, dict[str, int]]]:
    counts = {part: np.bincount(found.astype(np.int64), minlength=classes) for part, found in targets.items()}
    for number in range(classes):
        name = names[number] if names else str(number)
        yield before + name, {part: int(found[number]) for part, found in counts.items()}


def _of_columns(plan: Plan) -> Iterator[Spread]:
    """The columns of a table as the file has them, over the first rows that train."""
    prepared = plan.data.details
    assert isinstance(prepared, PreparedTable)
    table, rows = stored_table(prepared.facts, cache_folder()), prepared.parts["train"][:SAMPLE]
    for role in prepared.roles:
        column = role.column
        if column.type == "ignore":
            continue
        values = table.take(rows, [column.name])[column.name]
        if column.type == "number":
            yield of_numbers(column.name, values)
        elif column.type in ("category", "binary"):
            yield of_words(column.name, (column.words[k] if k >= 0 else None for k in values.tolist()))
        else:
            yield of_words(column.name, (None if _is_missing(value) else str(value) for value in values), most=3)


def _is_missing(value: object) -> bool:
    return value is None or bool(value != value)


def _of_values(plan: Plan, values: Array) -> Iterator[Spread]:
    series = plan.data.details
    if isinstance(series, PreparedSeries) and values.shape[-1] == len(series.inputs) <= _WIDEST:
        for place, name in enumerate(series.inputs):
            yield of_numbers(name, values[..., place].reshape(-1))
        return
    if values.ndim != 2 or plan.data.vocabulary is not None or values.shape[1] > _WIDEST:
        yield of_numbers("all values", values)
        return
    names = plan.data.details.stored if isinstance(plan.data.details, PreparedTable) else ()
    for place in range(values.shape[1]):
        known = len(names) == values.shape[1]
        yield of_numbers(names[place] if known else f"input {place}", values[:, place])


def _texts(plan: Plan, dataset: Dataset) -> tuple[str, ...]:
    """The texts of the sample, in its order, where it is known."""
    from runner.data.feed import feed_of

    details = plan.data.details
    assert isinstance(details, _OF_TEXTS)
    places = feed_of(dataset.train).take(plan.recipe.seed, 0, 0, min(8, len(dataset.train)))
    if not isinstance(places, np.ndarray):  # texts that are read as it trains: the first ones of the files
        places = np.arange(min(8, len(dataset.train)), dtype=np.int32)
    rows = [int(details.parts["train"][place]) for place in places]
    if isinstance(details, TokenDetails):
        return tuple(details.vocabulary.text(details.inputs[row].tolist()) for row in rows)
    return tuple(details.texts[row] for row in rows)
