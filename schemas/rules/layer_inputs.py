"""Shapes along the layers, as far as they are known without the data."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.data import Data, is_images, is_table, is_text, is_windows
from schemas.findings import Finding
from schemas.graph import ENTRY, applied, ends_of, entries_of, roots_of, sources_of
from schemas.layers import LayerBase
from schemas.layers.shape import Misfit, Shape
from schemas.recipe import Recipe
from schemas.rules.model import LAYERS
from schemas.rules.samples import sources
from schemas.rules.tell import Rule, error
from schemas.samples import Sample

if TYPE_CHECKING:
    from schemas.table_data import ColumnOptions

_OF_TABLES = {
    "R310": "use dense layers; for rows that follow one another in time, write `source: windows`",
    "R156": "use dense layers; for a column with paths of images, write `columns: {NAME: {type: image}}`, and give it "
    "an input of its own",
}
"""What a table has in place of the axes that a layer lacks."""


def layers_take_their_inputs(recipe: Recipe) -> Iterator[Finding]:
    """R154 to R158: each layer takes what those before it give (R184: together), the last one axis to the output.

    Where the data's shape is not known here, what layers imply is still checked; ``validate --deep`` sees the rest.
    """
    found = (finding for source in sources(recipe) for finding in _walk(recipe, source.sample, source.name))
    yield from {(finding.code, finding.path): finding for finding in found}.values()


def _walk(recipe: Recipe, sample: Sample | None, name: str) -> Iterator[Finding]:
    shape = sample.shape if sample is not None else _of_files(recipe.data)
    has_images = is_table(recipe.data) and bool(recipe.data.image_columns)
    suffix = "" if has_images else _what_inputs_are(name, shape)
    layers, acting, roots = recipe.model.layers, applied(recipe.model), roots_of(recipe.model)
    shapes: dict[int | None, Shape] = {ENTRY: shape, **_of_named(recipe, shape)}
    taken: list[list[Shape]] = []
    for k, wires in enumerate(sources_of(recipe.model)):
        taken.append([shapes.get(source) for source in wires])
        try:
            _require_same_width(taken[roots[k]], taken[k])
            shapes[k] = acting[k].output_shape(taken[k])
        except Misfit as misfit:
            key = misfit.key if misfit.key in _written(layers[k]) else None
            path = (*LAYERS, k) if key is None else (*LAYERS, k, key)
            help = _OF_TABLES.get(misfit.code, misfit.help) if is_table(recipe.data) else misfit.help
            yield error(misfit.code, path, misfit.message + suffix, help)
            return
    yield from _tied(recipe, shapes.get(len(layers) - 1))
    for end in dict.fromkeys(ends_of(recipe.model).values()):
        last = shapes.get(end)
        if last is None or len(last) == 1 or recipe.task == "language_model":  # of which R749 speaks
            continue
        yield error(
            "R157",
            (*LAYERS, end) if end is not None and end >= 0 else LAYERS,
            f"the output layer needs one axis; the layers before it leave {len(last)}{suffix}",
            "end the layers with `{kind: flatten}` or a global pooling layer",
        )


def _tied(recipe: Recipe, last: Shape) -> Iterator[Finding]:
    """R753: features that are multiplied by the vectors of an embedding are as many as these have."""
    table = next((layer for layer in recipe.model.layers if layer.kind == "embedding"), None)
    if not recipe.model.output.tied or table is None:
        return
    from schemas.layers.tied import require_width  # few recipes have it

    try:
        require_width(last, vars(table)["output_dim"])
    except Misfit as misfit:
        yield error(misfit.code, ("model", "output", "tied"), misfit.message, misfit.help)


def _what_inputs_are(name: str, shape: Shape) -> str:
    if shape is None:
        return ""
    if None in shape:  # only tables and texts have a known number of axes of unknown length
        return f" (an input from {name} is one row)"
    return f" (inputs of {name} are {' x '.join(map(str, shape))})"


def _of_named(recipe: Recipe, shape: Shape) -> dict[int | None, Shape]:
    """Shapes of the model's named inputs, by their indices; of a part that is not there None, which R502 tells."""
    entries = entries_of(recipe.model)
    named = recipe.model.inputs if recipe.model.kind == "functional" else {}
    found: dict[int | None, Shape] = {}
    for name, written in named.items():
        if written.index is not None:
            found[entries[name]] = shape[1:] if shape is not None and len(shape) > 1 else None
        elif is_table(recipe.data) and written.columns and written.columns[0] in recipe.data.image_columns:
            found[entries[name]] = _of_image(recipe.data.columns[written.columns[0]])
        elif written.columns is not None:  # a table may encode a column as several numbers
            known = shape is not None and None not in shape
            found[entries[name]] = (len(written.columns),) if known else (None,)
    return found


def _of_image(column: "ColumnOptions") -> Shape:
    """Of a column of images, where the recipe says it."""
    if column.size is None or column.color is None:
        return None
    return (*column.size, 1 if column.color == "grey" else 3)


def _require_same_width(first: list[Shape], again: list[Shape]) -> None:
    """A layer that is applied once more gets as many numbers a position as before: its weights have that size."""
    for one, other in zip(first, again, strict=False):
        sides = (one[-1] if one else None, other[-1] if other else None)
        if None not in sides and sides[0] != sides[1]:
            raise Misfit(
                "R505",
                "inputs",
                f"a shared layer has weights for a last axis of {sides[0]}; received {sides[1]}",
                "give it inputs of the same size, or a layer with weights of its own",
            )


def _written(layer: LayerBase) -> set[str]:
    """The keys that a recipe gives a layer, by their names in the recipe."""
    return {type(layer).model_fields[name].alias or name for name in layer.model_fields_set}


def _of_files(data: Data) -> Shape:
    """Shape of one input, where the recipe says it."""
    if is_windows(data):
        from schemas.rules.windows import series_shape  # most recipes have no windows

        return series_shape(data)
    if is_table(data):
        return (None,)  # how many numbers a row becomes is known from the file
    if is_text(data):
        return (data.length if data.output == "int" else None,)
    if is_images(data) and data.size is not None and data.color is not None:
        return (*data.size, 1 if data.color == "grey" else 3)
    return None


RULES: tuple[Rule, ...] = (layers_take_their_inputs,)
