"""The fingerprint: what was trained, in 64 hexadecimal digits."""

import hashlib
import json
from typing import Any

from schemas.recipe import Recipe


def canonical(recipe: Recipe) -> str:
    """The resolved recipe as JSON with sorted keys, every default written out, numbers in shortest form.

    ``repeat`` and ``sweep`` are no part of it: each of their runs is the run of a recipe with values of its own.
    ``tracking`` and ``after`` change nothing in a run. Of ``model.weights`` neither the run nor which of its models is
    a part: where weights lie says nothing of what they are.
    """
    elsewhere: Any = {
        "repeat": True,
        "sweep": True,
        "tracking": True,
        "after": True,
        "model": {"weights": {"run", "which"}},
    }
    written = recipe.model_dump(mode="json", exclude=elsewhere)
    return json.dumps(written, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def fingerprint(recipe: Recipe, data: str, weights: str | None = None) -> str:
    """SHA-256 of the canonical resolved recipe, the data's name and version, and the weights that it begins with.

    Paths, dates and machines do not enter: the same recipe has the same fingerprint everywhere.

    Args:
        recipe: the recipe with ``extends`` and ``--set`` resolved.
        data: what trains, such as ``tfds mnist 3.0.1``.
        weights: digest of the model that layers take weights from; None: all are fresh.
    """
    begun = "" if weights is None else f"weights {weights}\n"
    return hashlib.sha256(f"{canonical(recipe)}\n{data}\n{begun}".encode()).hexdigest()
