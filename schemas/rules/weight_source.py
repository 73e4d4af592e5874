"""Weights of examples: what a column or an array of them may not be as well."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.data import is_array, is_images, is_table, is_text
from schemas.data_base import several
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error

if TYPE_CHECKING:
    from schemas.table_data import TableData

_DATA: Path = ("data",)


def a_weight_is_only_a_weight(recipe: Recipe) -> Iterator[Finding]:
    """R350: what is predicted, divides the rows, or is an input does not say what an example weighs."""
    data = recipe.data
    if is_table(data) and data.weight is not None:
        yield from _of_a_table(data, data.weight)
    if (is_images(data) or is_text(data)) and data.weight is not None:
        for key in ("path", "column", "text", "target"):
            if data.weight in several(getattr(data, key, None)):
                yield _told((*_DATA, "weight"), f"column '{data.weight}' is the {key}")
    if is_array(data):
        pieces = [(_DATA, data), *(((*_DATA, part), getattr(data, part)) for part in ("train", "validation", "test"))]
        for path, piece in pieces:
            for key in ("inputs", "target"):
                if piece is not None and piece.weight is not None and piece.weight in several(getattr(piece, key)):
                    yield _told((*path, "weight"), f"array '{piece.weight}' is the {key}")


def _of_a_table(data: "TableData", name: str) -> Iterator[Finding]:
    if name in data.targets:
        yield _told((*_DATA, "weight"), f"column '{name}' is {'the' if len(data.targets) == 1 else 'a'} target")
    if name == data.splits.column:
        yield _told((*_DATA, "weight"), f"column '{name}' divides the rows")
    written = data.columns.get(name)
    for key in sorted(written.model_fields_set) if written is not None else ():
        if key != "type" or (written is not None and written.type not in (None, "number")):
            yield error("R350", (*_DATA, "columns", name, key), f"column '{name}' is the weight, a number that is read "
                        f"as it is; received {key}", "remove it")  # fmt: skip


def _told(path: Path, what: str) -> Finding:
    return error("R350", path, f"{what}, and cannot be the weight as well", "name another, or remove `weight`")


RULES: tuple[Rule, ...] = (a_weight_is_only_a_weight,)
