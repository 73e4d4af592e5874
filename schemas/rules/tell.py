"""How a rule says what it found."""

from collections.abc import Callable, Iterable
from typing import Any

from schemas.base import Node
from schemas.findings import Finding, Path
from schemas.recipe import Recipe

_MOST = 20
"""Number of layers' names that a message lists."""
Rule = Callable[[Recipe], Iterable[Finding]]
"""A pure function of the whole recipe."""


def error(code: str, path: Path, message: str, help: str) -> Finding:
    """Something that cannot run, or cannot mean what was written."""
    return Finding(code, "error", path, message, help)


def wrong_key(found: Finding) -> Finding:
    """The finding, with the last key of its path underlined rather than the key's value."""
    return found._replace(at_key=True)


def warning(code: str, path: Path, message: str, help: str) -> Finding:
    """Something that runs but hardly as meant."""
    return Finding(code, "warning", path, message, help)


def at(node: Node, path: Path, key: str) -> Path:
    """Path of a key where the recipe writes it, else of the nearest thing that it does write.

    A default has no place in the file; the ``kind`` that brought it along has.
    """
    if key in node.model_fields_set:
        return (*path, key)
    return (*path, "kind") if "kind" in node.model_fields_set else path


def nearest(node: Any, path: Path, keys: Path) -> Path:
    """Path of a key further down where the recipe writes it, else of the nearest thing that it does write."""
    for key in keys:
        if isinstance(node, Node) and key not in node.model_fields_set:
            return at(node, path, str(key))
        path, node = (*path, key), node[key] if isinstance(key, int) else getattr(node, key)
    return path


def unknown_layer(recipe: Recipe, code: str, path: Path, name: str) -> Finding | None:
    """An error if the name that is written at ``path`` selects no layer; ``output`` is the output layer.

    Layers of an application are known to Keras alone; their names are checked where the model is built.
    """
    from schemas.layer_selection import selects  # few recipes select layers

    if any(selects(application, name) for application in applications_of(recipe)):
        return None
    layers = [layer for layer in recipe.model.layers if layer.kind != "shared"]  # these have no weights of their own
    names = [layer.name for layer in layers if layer.name is not None]
    names += list(recipe.model.outputs) or ["output"]
    if any(selects(name, layer) for layer in names):
        return None
    help = "give the layer a `name`; the last layer is called `output`"
    if len(names) > _MOST:
        some = listed(names[:_MOST])
        help = f"there are {len(names)} names, such as {some}; a layer's name is what its `name` says"
    elif len(names) > 1:
        help = f"there are {listed(names)}; a layer's name is what its `name` says"
    return error(code, path, f"no layer has the name '{name}'", help)


def applications_of(recipe: Recipe) -> list[str]:
    """Names of the layers that are applications of Keras."""
    return [layer.name for layer in recipe.model.layers if layer.kind == "application" and layer.name is not None]


def scaling_application(recipe: Recipe) -> int | None:
    """Number of the first layer that is an application with its preprocessing; None: there is none."""
    layers = enumerate(recipe.model.layers)
    return next((k for k, layer in layers if layer.kind == "application" and vars(layer)["preprocessing"]), None)


def listed(names: Iterable[str]) -> str:
    """Names as a sentence has them: ``a, b or c``."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
