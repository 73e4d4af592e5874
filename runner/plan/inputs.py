"""The named inputs of a model as layers that take them from the whole input."""

from collections.abc import Mapping

from runner.data.facts import DataFacts
from runner.errors import DataError
from schemas.layers.entry import Taken, TakenColumns, TakenImage, TakenPart
from schemas.layers.shape import Misfit
from schemas.model import Model
from schemas.model_inputs import NamedInput


def taken_inputs(model: Model, data: DataFacts) -> dict[str, Taken]:
    """The layer that takes each named input of a model, by its name.

    Args:
        model: of the recipe.
        data: whose columns they are.

    Raises:
        DataError: the data has no such column or part.
    """
    named = model.inputs if model.kind == "functional" else {}
    places = dict(data.features)
    return {name: _taken(name, written, data, places) for name, written in named.items()}


def _taken(name: str, written: NamedInput, data: DataFacts, places: Mapping[str, tuple[int, ...]]) -> Taken:
    if written.index is not None:
        return _part(name, written.index, data)
    image = next((image for image in data.images if (image.name,) == tuple(written.columns or ())), None)
    if image is not None:
        return TakenImage(name=name, first=image.first, shape=image.shape)
    if not places:
        message = f"{data.name!r} has no columns by name"
        raise DataError(message, "write `index`, or leave `inputs` out", path=("model", "inputs", name, "columns"))
    found: list[int] = []
    for k, column in enumerate(written.columns or ()):
        if column not in places:
            raise _unknown(column, data, places, ("model", "inputs", name, "columns", k))
        found += places[column]
    return TakenColumns(name=name, places=tuple(found))


def _part(name: str, index: int, data: DataFacts) -> Taken:
    part = TakenPart(name=name, index=index)
    try:
        part.output_of_one(data.layer_input)
    except Misfit as misfit:
        raise DataError(misfit.message, misfit.help, path=("model", "inputs", name, "index")) from misfit
    return part


def _unknown(
    column: str, data: DataFacts, places: Mapping[str, tuple[int, ...]], path: tuple[str | int, ...]
) -> DataError:
    why = next((one.note or one.role for one in data.columns if one.name == column and one.role != "input"), None)
    if why is not None:
        return DataError(f"column {column!r} is no input: {why}", "remove it", path=path)
    from difflib import get_close_matches

    near = get_close_matches(column, places, 1)
    some = ", ".join(list(places)[:12]) + (", …" if len(places) > 12 else "")
    return DataError(
        f"{data.name!r} has no column {column!r}",
        f"did you mean {near[0]!r}?" if near else f"there are {some}",
        path=path,
    )
