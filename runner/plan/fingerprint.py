"""The fingerprint: what was trained, in 64 hexadecimal digits."""

import hashlib
import json

from schemas.recipe import Recipe


def canonical(recipe: Recipe) -> str:
    """The resolved recipe as JSON with sorted keys, every default written out, numbers in shortest form.

    ``repeat`` is no part of it: each of its runs is the run of a recipe with that seed or fold. ``tracking`` changes
    nothing in a run.
    """
    written = recipe.model_dump(mode="json", exclude={"repeat", "tracking"})
    return json.dumps(written, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def fingerprint(recipe: Recipe, data: str) -> str:
    """SHA-256 of the canonical resolved recipe and the data's name and version.

    Paths, dates and machines do not enter: the same recipe has the same fingerprint everywhere.

    Args:
        recipe: the recipe with ``extends`` and ``--set`` resolved.
        data: what trains, such as ``tfds mnist 3.0.1``.
    """
    return hashlib.sha256(f"{canonical(recipe)}\n{data}\n".encode()).hexdigest()
