"""Several targets an example: numbers of a regression, or labels."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.batches import Batches
from schemas.data import BuiltinData, has_target_columns, is_array, is_records, is_windows
from schemas.data_base import several
from schemas.findings import Finding, Path
from schemas.recipe import Recipe
from schemas.rules.tell import Rule, error

if TYPE_CHECKING:
    from schemas.array_data import NpzData

_TARGET: Path = ("data", "target")


def classes_are_of_one_target(recipe: Recipe) -> Iterator[Finding]:
    """R351: a class is one of several, and an example has one; labels are each there or not."""
    data = recipe.data
    if has_target_columns(data) and recipe.task == "classification" and len(data.targets) > 1:
        yield error(
            "R351",
            _TARGET,
            f"a classification has one target, the class; received {len(data.targets)} columns",
            "write `task: multi_label` if each column says whether a label is there, or name one column",
        )


def targets_are_named_once(recipe: Recipe) -> Iterator[Finding]:
    """R352: a column that is named twice would be predicted twice."""
    data = recipe.data
    names = data.targets if has_target_columns(data) or is_windows(data) or is_array(data) else ()
    place: Path = ("data", "train", "target") if is_array(data) and data.train is not None else _TARGET
    for k, name in enumerate(names):
        if name in names[:k]:
            what = f"{'array' if is_array(data) else 'column'} '{name}' is named twice"
            yield error("R352", (*place, k), what, "remove one of them")


def arrays_of_targets_are_of_outputs(recipe: Recipe) -> Iterator[Finding]:
    """R626: several arrays or features of targets are for several outputs, and every part has as many."""
    data = recipe.data
    if not is_array(data) and not is_records(data):
        return
    wanted = len(data.targets)
    if wanted > 1 and recipe.task != "multi_output":
        path: Path = ("data", "train", "target") if is_array(data) and data.train is not None else _TARGET
        what = f"{recipe.task} has one {_called(data)} of targets; received {wanted}"
        one = "name one" if recipe.task == "classification" else f"save them as one {_called(data)} of k values"
        yield error("R626", path, what, f"write `task: multi_output`, or {one}")
    if is_array(data):
        yield from _parts_have_as_many(data, wanted)


def _called(data: Batches) -> str:
    return "array" if is_array(data) else "feature"


def _parts_have_as_many(data: "NpzData", wanted: int) -> Iterator[Finding]:
    pieces = {"train": data.train, "validation": data.validation, "test": data.test}
    for part, piece in pieces.items():
        if piece is not None and wanted and len(several(piece.target)) != wanted:
            what = (
                f"{part} must have an array for each of the {wanted} that train; received {len(several(piece.target))}"
            )
            yield error("R626", ("data", part, "target"), what, "name the arrays in the order of those that train")


def labels_are_several(recipe: Recipe) -> Iterator[Finding]:
    """R353: labels are columns of a table, or of an array; a sample has none."""
    data = recipe.data
    if recipe.task != "multi_label" or isinstance(data, BuiltinData) or is_array(data) or is_records(data):
        return  # the array itself tells; of samples R140 speaks
    if not has_target_columns(data) or not getattr(data, "file", True):
        what = f"multi_label takes labels from tables, arrays, or images or texts with `file`; received {data.source}"
        help = "write `task: classification`, or save the labels as columns of a CSV file or as an array"
        yield error("R353", ("task",), what, help)
    elif len(data.targets) == 1:
        what = "multi_label needs at least two labels, each in its own column; received one target"
        yield error("R353", _TARGET, what, "write `target: [a, b]`, or `task: classification`")


RULES: tuple[Rule, ...] = (
    classes_are_of_one_target,
    targets_are_named_once,
    arrays_of_targets_are_of_outputs,
    labels_are_several,
)
