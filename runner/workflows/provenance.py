"""The provenance of the values of a recipe or a run."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from runner.data.access import DataAccess
from runner.errors import CodeError, DataError, ScheduleError
from runner.numerals import rate
from runner.plan.inferred import Inferred
from runner.record.directory import RunPaths
from runner.record.manifest import read_lock
from runner.source.load import Loaded, load
from runner.source.lookup import Field, dotted, leaves, look_up
from runner.source.yaml.nodes import to_data
from runner.workflows.prepare import prepare
from schemas.recipe import Recipe
from schemas.schedule.one_cycle import OneCycle

_UNRECORDED = "a base, the environment or --set (the run does not record which)"


@dataclass(frozen=True)
class Source:
    """A place that sets a value."""

    origin: str
    """For example ``base.yaml:12`` or ``--set training.epochs``."""
    text: str = ""
    """The line or the argument; empty if only a record of it is left."""


@dataclass(frozen=True)
class Answer:
    """A field and where its value came from."""

    field: Field
    source: Source | None
    """The place that set it; None for a default."""
    instead_of: tuple[Source, ...] = ()
    """Places it overrode, or whose values were dropped with the surrounding mapping."""
    inferred: Inferred | None = None
    """The inferred value of an omitted key, if known."""


SourceOf = Callable[[Field], tuple[Source | None, tuple[Source, ...]]]
"""Returns the place that set a field, and the places it overrode."""


def ask_recipe(loaded: Loaded, name: str, data: DataAccess) -> list[Answer]:
    """The provenance of a field of a valid recipe, or of everything under it.

    Raises:
        UnknownField: there is no such field.
    """
    assert loaded.recipe is not None
    document = loaded.document
    assert document is not None

    def source_of(field: Field) -> tuple[Source | None, tuple[Source, ...]]:
        others = tuple(Source(str(origin), text.line.strip()) for origin, text in document.shadowed(field.path))
        if document.node(field.path) is None:
            return None, others
        return Source(str(document.origin(field.path)), document.text(field.path).line.strip()), others

    return _answers(loaded.recipe, name, source_of, data)


def ask_run(run: Path, resolved: Loaded, name: str, data: DataAccess) -> list[Answer]:
    """The provenance of a field of the recipe that a run trained, or of everything under it.

    Args:
        run: the run directory.
        resolved: its ``resolved.yaml``, which is valid.
        name: dotted path.
        data: where to find data.

    Raises:
        UnknownField: there is no such field.
        ManifestBroken: ``lock.json`` is not in the form that runs write.
        OSError: ``lock.json`` cannot be read.
    """
    assert resolved.recipe is not None
    document = resolved.document
    assert document is not None
    paths = RunPaths(run)
    written, recorded = load(paths.recipe), read_lock(paths).get("origins", {})

    def source_of(field: Field) -> tuple[Source | None, tuple[Source, ...]]:
        if document.node(field.path) is None:
            return None, ()
        line = _line_that_sets(written, field, resolved)
        nearest = (recorded.get(dotted(field.path[:length])) for length in range(len(field.path), 0, -1))
        origin = next((str(origin) for origin in nearest if origin), line.origin if line else _UNRECORDED)
        return Source(origin, line.text if line else ""), ()

    return _answers(resolved.recipe, name, source_of, data)


def _line_that_sets(written: Loaded, field: Field, resolved: Loaded) -> Source | None:
    """The line of the recipe, if the value there is the one that was trained rather than one that was overridden."""
    if written.document is None or resolved.document is None:
        return None
    node, held = written.document.node(field.path), resolved.document.node(field.path)
    if node is None or held is None or to_data(node) != to_data(held):
        return None
    text = written.document.text(field.path)
    return Source(f"{written.path.name}:{text.span.line}", text.line.strip())


def _answers(recipe: Recipe, name: str, source_of: SourceOf, data: DataAccess) -> list[Answer]:
    asked = look_up(recipe, name)
    fields = [look_up(recipe, dotted((*asked.path, *path))) for path, _ in leaves(asked.value)]
    found = [(field, *source_of(field)) for field in fields]
    known = list(_inferred(recipe, data)) if any(source is None for _, source, _ in found) else []
    return [Answer(field, source, others, None if source else _for(field, known)) for field, source, others in found]


def _inferred(recipe: Recipe, data: DataAccess) -> Iterable[Inferred]:
    """Values that the plan infers for omitted keys; none if the data is not there, or takes custom code."""
    if isinstance(recipe.schedule, OneCycle):
        low, _, final = recipe.schedule.rates
        yield Inferred(("schedule", "initial_lr"), f"{rate(low)}", "max_lr / 10")
        yield Inferred(("schedule", "final_lr"), f"{rate(final)}", "initial_lr / 1000")
    try:
        yield from prepare(recipe, data, lambda message: None).inferred
    except (CodeError, DataError, ScheduleError):
        return


def _for(field: Field, known: list[Inferred]) -> Inferred | None:
    """The nearest inferred value: one for a mapping applies to the omitted keys in it."""
    if field.value is not None:
        return None
    fitting = [item for item in known if field.path[: len(item.path)] == item.path]
    return max(fitting, key=lambda item: len(item.path), default=None)
