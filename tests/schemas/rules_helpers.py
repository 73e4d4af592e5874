"""A whole recipe to vary, and the form of a case of the rule tables."""

from dataclasses import dataclass
from typing import Any

from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules import check

BASE: dict[str, Any] = {
    "recipe": 1,
    "name": "example",
    "task": "classification",
    "data": {
        "source": "tfds",
        "name": "mnist",
        "splits": {"train": "train[:55000]", "validation": "train[55000:]", "test": "test"},
        "scale": "1/255",
    },
    "model": {"kind": "sequential", "layers": [{"kind": "flatten"}, {"kind": "dense", "units": 100}]},
    "optimizer": {"kind": "sgd"},
    "training": {"epochs": 12},
}
REGRESSION: dict[str, Any] = {"task": "regression", "data": {"source": "builtin", "name": "diabetes"}}
"""Laid over the base: a regression."""


@dataclass(frozen=True)
class Case:
    """One bad recipe and one near miss, each as what is laid over the base."""

    code: str
    path: Path
    bad: dict[str, Any]
    good: dict[str, Any]
    severity: str = "error"
    received: str = ""
    """A part of the message, such as the value received."""

    def __str__(self) -> str:
        """Name the case in pytest's output."""
        return f"{self.code} at {'.'.join(map(str, self.path))}"


def over(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Merge mappings deeply; one that says its ``kind`` or ``source`` is whole and replaces, as a list does."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        partial = isinstance(value, dict) and not {"kind", "source"} & value.keys()
        merged[key] = over(old, value) if partial and isinstance(old, dict) else value
    return merged


def recipe(*changes: dict[str, Any]) -> dict[str, Any]:
    """The base with changes laid over it, as a person would have written it."""
    tree = BASE
    for change in changes:
        tree = over(tree, change)
    return tree


def findings(tree: dict[str, Any]) -> list[Finding]:
    """What the rules say of a recipe that the schema accepts."""
    return check(Recipe.model_validate(tree))


def leads_somewhere(tree: Any, path: Path) -> bool:
    """Whether a path names a key that the recipe writes."""
    for key in path:
        try:
            tree = tree[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True
