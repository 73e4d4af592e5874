"""How the weights are updated, as a plan shows it: what a recipe writes besides the schedule."""

from collections.abc import Iterator, Mapping
from typing import Any

from runner.text import printable
from schemas.recipe import Recipe

_ELSEWHERE = {"epochs", "steps", "validation"}
"""Keys of ``training`` that have rows of their own."""


def update_rows(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """The optimizer, and the options of training, with every value that is not the default."""
    optimizer = recipe.optimizer.model_dump(mode="json", exclude_defaults=True, exclude={"kind", "target"})
    yield "optimizer", printable("; ".join(filter(None, (recipe.optimizer.called, _listed(optimizer)))))
    training = recipe.training.model_dump(mode="json", exclude_defaults=True, exclude=_ELSEWHERE)
    if training:
        yield "training", printable(_listed(training))


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(_said(key.replace("_", " "), value) for key, value in values.items())


def _said(name: str, value: Any) -> str:
    """Such as ``nesterov``, ``accumulate 4``, ``clip (norm 1)``, or ``1: 2`` for the weight of a class."""
    if isinstance(value, bool):
        return name if value else f"no {name}"
    return f"{name}{':' if name.isdigit() else ''} {_text(value)}"


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        others = _listed({key: each for key, each in value.items() if key != "kind"})
        return " ".join(filter(None, (value.get("kind"), f"({others})" if others else "")))
    if isinstance(value, list):
        return " and ".join(map(_text, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
