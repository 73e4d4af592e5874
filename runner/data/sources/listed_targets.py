"""Targets of files: the class of a folder, or what the columns of a CSV file say."""

from collections.abc import Mapping, Sequence

from runner.data.sources.listed import Said
from runner.data.targets import Targets, Where, columns_of_targets
from runner.errors import KeyPath
from schemas.array_data import ImagesData, TextData
from schemas.recipe import Recipe


def columns_of(data: ImagesData | TextData, example: str) -> dict[str, KeyPath]:
    """The columns that a recipe reads from its file, each with the key that names it.

    A column whose key is left out has the key of the file.

    Args:
        data: The source.
        example: The key of the column with the examples, ``text`` or ``path``.
    """
    written = data.model_fields_set
    found: dict[str, KeyPath] = {getattr(data, example): ("data", example if example in written else "file")}
    found |= dict.fromkeys(data.targets, ("data", "target" if "target" in written else "file"))
    more = {data.weight: ("data", "weight"), data.splits.column: ("data", "splits", "column")}
    return found | {name: key for name, key in more.items() if name is not None}


def targets_said(columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> tuple[Said, ...]:
    """What the columns of targets say of each example."""
    return tuple(columns[names[0]] if len(names) == 1 else zip(*(columns[name] for name in names), strict=True))


def read_targets(labels: Sequence[Said], names: Sequence[str], recipe: Recipe, where: Where, place: KeyPath) -> Targets:
    """The targets of examples.

    Args:
        labels: of each.
        names: of the columns, where a file has them.
        recipe: says the task.
        where: names an example in messages.
        place: of the key that names the targets.

    Raises:
        DataError: one is missing or of another kind, or there are hardly fewer classes than examples.
    """
    rows = [(label,) if isinstance(label, str) else label for label in labels]
    columns = {name: [row[k] for row in rows] for k, name in enumerate(names)}
    return columns_of_targets(columns, recipe.task, recipe.model.target_tasks, where, place)
