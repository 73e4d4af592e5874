"""What differs between several runs or recipes: fields, data, versions, machine, results."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from runner.lookback.planned import recipe_of
from runner.lookback.recorded_run import Past
from runner.record.difference import ABSENT
from runner.source.load import Loaded
from runner.source.lookup import dotted, leaves
from runner.text import printable

PARTS = ("recipe", "data", "versions", "machine", "code", "result")
"""Parts that are compared, in this order."""


class Side(NamedTuple):
    """One of those that are compared."""

    name: str
    kind: str
    """``run`` or ``recipe``."""
    parts: Mapping[str, Mapping[str, Any] | None]
    """Values by dotted path, by part; None for a part that this side does not have, such as a recipe's result."""

    @property
    def lacks_lock(self) -> bool:
        """Whether it is a run of which nothing but the result is known."""
        return self.kind == "run" and self.parts["recipe"] is None


class Row(NamedTuple):
    """A field that differs."""

    part: str
    field: str
    values: tuple[Any, ...]
    """One a side; :data:`ABSENT` where a side has no such field."""


def of_run(past: Past) -> Side:
    """A run as a side."""
    papers = past.papers
    data: dict[str, Any] = {"data": papers.data or past.started.data}
    data |= {f"examples.{name}": count for name, count in papers.examples.items()}
    data |= {f"sha256.{name}": digest[:12] for name, digest in papers.data_sha256.items()}
    device = (
        {} if past.device is None else {"device": past.device.device, "device.description": past.device.description}
    )
    computed = {f"computation.{name}": value for name, value in papers.computation.items()}
    result: dict[str, Any] = {"status": past.status, "steps": past.steps, "parameters": past.started.parameters}
    result |= past.metrics
    result |= {f"best.{name}": value for name, value in (past.best or {}).items()}
    if not papers.found:
        return Side(past.name, "run", {**dict.fromkeys(PARTS), "result": result})
    return Side(
        past.name,
        "run",
        {
            "recipe": _fields(past.papers.recipe),
            "data": data,
            "versions": dict(papers.packages),
            "machine": {**device, **computed, **papers.host},
            "code": {name: digest[:12] for name, digest in papers.code.items()},
            "result": result,
        },
    )


def of_recipe(loaded: Loaded, name: str) -> Side:
    """A valid recipe as a side, by the name that was typed: it has nothing but its fields."""
    assert loaded.recipe is not None
    parts: dict[str, Mapping[str, Any] | None] = dict.fromkeys(PARTS)
    parts["recipe"] = _fields(loaded.recipe.model_dump(mode="json"))
    return Side(name, "recipe", parts)


def _fields(recipe: Mapping[str, Any]) -> dict[str, Any]:
    known = recipe_of(recipe)
    # through the language, so that a default that a later version has added is no difference
    values = dict(recipe) if known is None else known.model_dump(mode="json")
    return {dotted(path): value for path, value in leaves(values) if path}


def rows(sides: Sequence[Side]) -> list[Row]:
    """Every field in which the sides differ, part by part; parts that one of them cannot have are left out."""
    return [row for part in PARTS for row in _part(part, sides)]


def not_compared(sides: Sequence[Side]) -> list[str]:
    """A line for each run without a lock, whose recipe and the like can be compared with nothing."""
    return [
        f"{printable(side.name)} has no lock.json: recipe, data, versions and machine are not compared"
        for side in sides
        if side.lacks_lock
    ]


def _part(part: str, sides: Sequence[Side]) -> Iterator[Row]:
    held = [side.parts[part] for side in sides]
    tables = [table for table in held if table is not None]
    if len(tables) < len(sides):
        return
    for field in dict.fromkeys(field for table in tables for field in table):
        values = tuple(table.get(field, ABSENT) for table in tables)
        if any(_differ(values[0], value) for value in values[1:]):
            yield Row(part, field, values)


def _differ(one: Any, other: Any) -> bool:
    """Whether two values differ: a NaN is like a NaN, True is not 1, and no key is like one without a value."""
    if ABSENT in (one, other):
        return not all(value in (ABSENT, None, "", {}, []) for value in (one, other))
    both_nan = one != one and other != other
    return not both_nan and (type(one) is bool, one) != (type(other) is bool, other)
