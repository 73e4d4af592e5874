"""Custom code: what a run would import."""

from collections.abc import Iterator

from schemas.custom import Custom
from schemas.data import is_custom
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, warning
from schemas.schedule.curve_kinds import is_custom as is_custom_schedule
from schemas.schedule.pieces import base_of


def customs(recipe: Recipe) -> Iterator[tuple[Custom, Path]]:
    """What of a recipe is somebody's custom code, with its place."""
    for k, layer in enumerate(recipe.model.layers):
        if isinstance(layer, Custom):
            yield layer, (*LAYERS, k)
    if is_custom(recipe.data):
        yield recipe.data, ("data",)
    base, place = (None, ()) if recipe.schedule is None else base_of(recipe.schedule)
    if base is not None and is_custom_schedule(base):
        yield base, ("schedule", *place)
    if isinstance(recipe.training.loss, Custom):
        yield recipe.training.loss, ("training", "loss")


def custom_code_is_named(recipe: Recipe) -> Iterator[Finding]:
    """R185: what a run with --allow-code would import is said aloud; nothing is imported to say it."""
    for custom, path in customs(recipe):
        module, _, name = custom.target.partition(":")
        yield warning(
            "R185",
            (*path, "target"),
            f"a run would import {module} and call {name}, which is code and was not looked at",
            "`recipe run --allow-code` does so; read the code first",
        )


RULES: tuple[Rule, ...] = (custom_code_is_named,)
