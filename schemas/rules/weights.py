"""Weights that are taken from another run, against the model."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from schemas.findings import Finding
from schemas.graph import reaching
from schemas.layer_names import names_of
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error, listed


def patterns_match_layers(recipe: Recipe) -> Iterator[Finding]:
    """R440: a pattern matches a layer of the model."""
    weights = recipe.model.weights
    if weights is None or weights.layers is None:
        return
    kept = reaching(recipe.model)
    owners = [layer for k, layer in enumerate(recipe.model.layers) if k in kept and layer.kind != "shared"]
    layers = [(layer.kind, layer.name) for layer in owners]
    outputs = list(recipe.model.outputs) or ["output"]
    names = names_of([*layers, *(("dense", name) for name in outputs)])
    for k, pattern in enumerate(weights.layers):
        if not any(fnmatchcase(name, pattern) for name in names):
            path = ("model", "weights", "layers", k)
            yield error("R440", path, f"no layer matches '{pattern}'", f"there are {listed(names)}")


RULES: tuple[Rule, ...] = (patterns_match_layers,)
