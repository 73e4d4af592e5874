"""Applications of Keras, against the data and the rest of the model."""

from collections.abc import Iterator

from schemas.data_base import DataBase
from schemas.findings import Finding
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, at, error, scaling_application


def pixels_are_scaled_once(recipe: Recipe) -> Iterator[Finding]:
    """R520: an application scales pixels itself, so that the data's own scaling would come before it."""
    data = recipe.data
    if not isinstance(data, DataBase) or (data.scale is None and not data.center):
        return
    k = scaling_application(recipe)
    if k is not None:
        key = "scale" if data.scale is not None else "center"
        yield error(
            "R520",
            at(data, ("data",), key),
            f"{vars(recipe.model.layers[k])['application']} at {'.'.join(map(str, (*LAYERS, k)))} scales pixels from 0 "
            f"to 255 itself; `data.{key}` would change them before it",
            f"remove `{key}`, or write `preprocessing: false` on the application",
        )


RULES: tuple[Rule, ...] = (pixels_are_scaled_once,)
