"""Applications of Keras, against the data and the rest of the model."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from schemas.data import is_table
from schemas.data_base import DataBase
from schemas.findings import Finding
from schemas.layer_names import names_of
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.tell import Rule, at, error, scaling_application

if TYPE_CHECKING:
    from schemas.table_data import TableData


def pixels_are_scaled_once(recipe: Recipe) -> Iterator[Finding]:
    """R520: an application scales pixels itself, so that the data's own scaling would come before it."""
    data = recipe.data
    if is_table(data):
        yield from _of_columns(recipe, data)
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


def _of_columns(recipe: Recipe, data: "TableData") -> Iterator[Finding]:
    """R520 of images in a table, whose pixels are divided by 255 unless the column says otherwise."""
    k = scaling_application(recipe)
    if k is None:
        return
    application = vars(recipe.model.layers[k])["application"]
    for name in data.image_columns:
        if data.columns[name].scale is None:
            yield error(
                "R520",
                ("data", "columns", name),
                f"{application} at {'.'.join(map(str, (*LAYERS, k)))} scales pixels from 0 to 255 itself; those of "
                f"'{name}' are divided by 255 before it",
                "write `scale: none` for the column, or `preprocessing: false` on the application",
            )


def weights_come_from_one_place(recipe: Recipe) -> Iterator[Finding]:
    """R614: an application takes published weights, or those of a run, and not both."""
    source = recipe.model.weights
    if source is None:
        return
    for k, name in enumerate(names_of((layer.kind, layer.name) for layer in recipe.model.layers)):
        layer = recipe.model.layers[k]
        if layer.kind != "application" or vars(layer)["weights"] == "none":
            continue
        if source.layers is None or any(fnmatchcase(str(name), pattern) for pattern in source.layers):
            yield error(
                "R614",
                (*LAYERS, k, "weights"),
                f"'{name}' cannot start from published weights and from those of a run: `model.weights` selects it too",
                "remove this key, or name other layers in `model.weights.layers`",
            )


RULES: tuple[Rule, ...] = (pixels_are_scaled_once, weights_come_from_one_place)
