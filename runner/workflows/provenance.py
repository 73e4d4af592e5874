"""Why a value of a recipe, or of a run, is what it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from runner.data.access import DataAccess
from runner.errors import DataError, ScheduleError
from runner.plan.plan import Inferred
from runner.record.directory import RunPaths
from runner.record.manifest import read_lock
from runner.source.load import Loaded, load
from runner.source.lookup import Field, dotted, leaves, look_up
from runner.source.yaml.nodes import to_data
from runner.workflows.prepare import prepare
from schemas.recipe import Recipe
from schemas.schedule import OneCycle

_UNRECORDED = "a base, the environment or --set; the run's record does not say which"


@dataclass(frozen=True)
class Said:
    """One place that says a value."""

    origin: str
    """Such as ``base.yaml:12`` or ``--set training.epochs``."""
    text: str = ""
    """The line, or the argument; empty where only a record of it is left."""


@dataclass(frozen=True)
class Answer:
    """A field and where its value came from."""

    field: Field
    said: Said | None
    """Who says it; None for a default."""
    instead_of: tuple[Said, ...] = ()
    """What that has won over, or what was dropped with the mapping around it."""
    inferred: Inferred | None = None
    """What a value that is left out becomes, where that is known."""


Witness = Callable[[Field], tuple[Said | None, tuple[Said, ...]]]
"""Says of a field who says it, and over whom."""


def ask_recipe(loaded: Loaded, name: str, data: DataAccess) -> list[Answer]:
    """Ask a valid recipe for a field, or for everything under it.

    Raises:
        UnknownField: when there is none of that name.
    """
    assert loaded.recipe is not None
    document = loaded.document
    assert document is not None

    def witness(field: Field) -> tuple[Said | None, tuple[Said, ...]]:
        others = tuple(Said(str(origin), text.line.strip()) for origin, text in document.shadowed(field.path))
        if document.node(field.path) is None:
            return None, others
        return Said(str(document.origin(field.path)), document.text(field.path).line.strip()), others

    return _answers(loaded.recipe, name, witness, data)


def ask_run(run: Path, resolved: Loaded, name: str, data: DataAccess) -> list[Answer]:
    """Ask a run for a field of the recipe that it trained, or for everything under it.

    Args:
        run: the run directory.
        resolved: its ``resolved.yaml``, which is valid.
        name: dotted path.
        data: where data is.

    Raises:
        UnknownField: when there is none of that name.
        PapersBroken: when ``lock.json`` is not what a run writes.
        OSError: when it cannot be read.
    """
    assert resolved.recipe is not None
    document = resolved.document
    assert document is not None
    paths = RunPaths(run)
    written, recorded = load(paths.recipe), read_lock(paths).get("origins", {})

    def witness(field: Field) -> tuple[Said | None, tuple[Said, ...]]:
        if document.node(field.path) is None:
            return None, ()
        line = _line_that_says(written, field, resolved)
        nearest = (recorded.get(dotted(field.path[:length])) for length in range(len(field.path), 0, -1))
        origin = next((str(origin) for origin in nearest if origin), line.origin if line else _UNRECORDED)
        return Said(origin, line.text if line else ""), ()

    return _answers(resolved.recipe, name, witness, data)


def _line_that_says(written: Loaded, field: Field, resolved: Loaded) -> Said | None:
    """The recipe's own line, where it says what was trained and not what something else won over."""
    if written.document is None or resolved.document is None:
        return None
    node, held = written.document.node(field.path), resolved.document.node(field.path)
    if node is None or held is None or to_data(node) != to_data(held):
        return None
    text = written.document.text(field.path)
    return Said(f"{written.path.name}:{text.span.line}", text.line.strip())


def _answers(recipe: Recipe, name: str, witness: Witness, data: DataAccess) -> list[Answer]:
    asked = look_up(recipe, name)
    fields = [look_up(recipe, dotted((*asked.path, *path))) for path, _ in leaves(asked.value)]
    told = [(field, *witness(field)) for field in fields]
    known = list(_inferred(recipe, data)) if any(said is None for _, said, _ in told) else []
    return [Answer(field, said, others, None if said else _for(field, known)) for field, said, others in told]


def _inferred(recipe: Recipe, data: DataAccess) -> Iterable[Inferred]:
    """What the plan makes of what the recipe leaves out; nothing where the data is not known here."""
    if isinstance(recipe.schedule, OneCycle):
        low, _, final = recipe.schedule.rates
        yield Inferred(("schedule", "initial_lr"), f"{low:g}", "max_lr / 10")
        yield Inferred(("schedule", "final_lr"), f"{final:g}", "initial_lr / 1000")
    try:
        yield from prepare(recipe, data, lambda message: None).inferred
    except (DataError, ScheduleError):
        return


def _for(field: Field, known: list[Inferred]) -> Inferred | None:
    """The nearest: a value inferred for a mapping tells of the keys in it that are left open."""
    if field.value is not None:
        return None
    fitting = [item for item in known if field.path[: len(item.path)] == item.path]
    return max(fitting, key=lambda item: len(item.path), default=None)
