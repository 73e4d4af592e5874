"""Targets of a person's own examples: classes with their names, numbers, or labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from runner.data.examples import Array
from runner.data.splits.shares import Indices
from runner.errors import DataError, KeyPath

Where = Callable[[int], str]
"""How an example is called in messages, by its place: ``reviews.csv: row 7``."""
LABEL_CLASSES = ("0", "1")
"""Classes of a label beside other outputs: not there, and there."""
_LABELS = {"0": 0, "1": 1, "no": 0, "yes": 1, "false": 0, "true": 1}
"""What says that a label is there or not, in lower case; numbers are compared as numbers."""
_MOST_CLASSES = 10_000
_FEW = 20
"""Examples of which all may be of different classes."""


@dataclass(frozen=True)
class Targets:
    """What is to be predicted of each example.

    Attributes:
        values: places of classes, int32, or numbers, float32, ``(n,)``; several numbers, or labels, uint8, ``(n, k)``.
        names: of the classes; empty for numbers and labels.
        labels: whether they are labels, each 0 or 1.
        columns: names of several numbers or labels, where they are columns of a file.
        apart: of several outputs the targets of each by name; the values are then numbers, classes and labels of all in
            float32, ``(n, k)``.
    """

    values: Array
    names: tuple[str, ...]
    labels: bool = False
    columns: tuple[str, ...] = ()
    apart: Mapping[str, "Targets"] = field(default_factory=dict)

    @classmethod
    def together(cls, apart: Mapping[str, "Targets"]) -> "Targets":
        """The targets of several outputs."""
        columns = [one.values.reshape(len(one.values), -1) for one in apart.values()]
        return cls(np.concatenate(columns, axis=1, dtype=np.float32), (), apart=apart)

    @property
    def classes_of(self) -> tuple[tuple[str, ...], ...] | None:
        """Of several outputs the names of the classes of each column, none of a number; None of one output."""
        return tuple(names for one in self.apart.values() for names in one._classes_of_columns) or None

    @property
    def _classes_of_columns(self) -> tuple[tuple[str, ...], ...]:
        return (LABEL_CLASSES,) * max(len(self.several), 1) if self.labels else (self.names,)

    @property
    def several(self) -> tuple[str, ...]:
        """Names of what is predicted of an example, the places along the second axis; empty where it is one."""
        if self.apart:
            return tuple(column for name, one in self.apart.items() for column in numbered(name, len(one.several)))
        return self.columns or (tuple(map(str, range(self.values.shape[1]))) if self.values.ndim == 2 else ())

    @property
    def classes(self) -> int | None:
        """Number of classes; None for regression."""
        return len(self.names) or None


def numbered(name: str, columns: int) -> tuple[str, ...]:
    """Names of the columns of a target: ``tags[0]``, ``tags[1]``; its own where it is no row of values (0).

    >>> numbered("tags", 2), numbered("price", 0)
    (('tags[0]', 'tags[1]'), ('price',))
    """
    return tuple(f"{name}[{place}]" for place in range(columns)) or (name,)


def targets_of(values: Array | Sequence[str], task: str, where: Where, place: KeyPath) -> Targets:
    """Read targets as the task wants them.

    Args:
        values: of each example: words, or numbers; several in a row for a regression or for labels.
        task: of the recipe.
        where: names an example in messages.
        place: of the key in the recipe that names the targets.

    Raises:
        DataError: one is missing or of another kind, or there are hardly fewer classes than examples.
    """
    array = np.asarray(values)
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8")
    if task == "multi_label":
        return _labels(array, where, place)
    return _numbers(array, where, place) if task == "regression" else _classes(array, where, place)


def _numbers(array: Array, where: Where, place: KeyPath) -> Targets:
    numbers = np.array([_number(text, k, where, place) for k, text in enumerate(array)]) if _words(array) else array
    with np.errstate(over="ignore"):
        result = numbers.astype(np.float32)
    bad = ~np.isfinite(result)
    if bad.any():
        k, wrong = _first(numbers, bad)
        raise DataError(f"{where(k)}: the target {wrong} is not a finite number in float32", path=place)
    return Targets(result, ())


def _labels(array: Array, where: Where, place: KeyPath) -> Targets:
    bad = np.ones(array.shape, np.bool_) if array.dtype.kind not in "biuf" else (array != 0) & (array != 1)
    if bad.any():
        k, wrong = _first(array, bad)
        raise DataError(f"{where(k)}: the label {wrong} is neither 0 nor 1", path=place)
    return Targets(array.astype(np.uint8), (), labels=True)


def _first(values: Array, bad: Array) -> tuple[int, object]:
    """Place of the first example with a bad value, and the value."""
    place = tuple(int(k) for k in np.argwhere(bad)[0])
    return place[0], values[place]


def columns_of_targets(
    columns: Mapping[str, Sequence[str]], task: str, tasks: Mapping[str, str], where: Where, place: KeyPath
) -> Targets:
    """Read the columns of a file that are targets.

    Args:
        columns: values of each example by the column's name, as they stand in the file.
        task: of the recipe.
        tasks: for ``multi_output`` the task of each column.
        where: names an example in messages.
        place: of the key in the recipe that names the columns.

    Raises:
        DataError: a value is missing or of another kind, or there are hardly fewer classes than examples.
    """
    if task == "multi_output":
        return Targets.together({name: _column(values, tasks[name], where, place) for name, values in columns.items()})
    apart = [_column(values, task, where, place) for values in columns.values()]
    if len(apart) == 1:
        return apart[0]
    return Targets(np.stack([one.values for one in apart], axis=1), (), task == "multi_label", tuple(columns))


def _column(values: Sequence[str], task: str, where: Where, place: KeyPath) -> Targets:
    if task != "multi_label":
        return targets_of(values, task, where, place)
    found = [label_value(word) for word in values]
    wrong = next((k for k, value in enumerate(found) if value is None), None)
    if wrong is not None:
        raise DataError(
            f"{where(wrong)}: {values[wrong]!r} is no label", "a label is 0 or 1, no or yes, false or true", path=place
        )
    return Targets(np.array(found, np.uint8), (), labels=True)


def label_value(word: str) -> int | None:
    """What a label's word stands for, 0 or 1; None for what is no label.

    >>> label_value("Yes"), label_value("0.0"), label_value("maybe")
    (1, 0, None)
    """
    known = _LABELS.get(word.strip().lower())
    if known is not None:
        return known
    try:
        return {0.0: 0, 1.0: 1}.get(float(word))
    except ValueError:
        return None


def _number(text: str, k: int, where: Where, place: KeyPath) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise DataError(
            f"{where(k)}: the target {str(text)!r} is not a number",
            "for classes write `task: classification`",
            path=place,
        ) from error


def _classes(array: Array, where: Where, place: KeyPath) -> Targets:
    if array.dtype.kind == "f":
        array = _whole(array, where, place)
    if _words(array) and (array == "").any():
        raise DataError(f"{where(int(np.argmax(array == '')))}: the label is missing", "fill it in", path=place)
    found, inverse = np.unique(array.astype(np.uint8) if array.dtype.kind == "b" else array, return_inverse=True)
    if len(found) > _MOST_CLASSES or len(array) > _FEW < len(found) > len(array) / 2:
        raise DataError(
            f"the target has {len(found):,} different values for {len(array):,} examples: too many for classes",
            "for numbers write `task: regression`; else name the array or column of the classes",
            path=place,
        )
    return Targets(inverse.astype(np.int32), tuple(map(str, found.tolist())))


def _whole(array: Array, where: Where, place: KeyPath) -> Array:
    odd = ~(array == np.floor(array)) | ~np.isfinite(array)
    if odd.any():
        k = int(np.argmax(odd))
        raise DataError(
            f"{where(k)}: the label {array[k]} is not a whole number",
            "for numbers write `task: regression`",
            path=place,
        )
    return array.astype(np.int64)


def _words(array: Array) -> bool:
    return array.dtype.kind in "UO"


def require_trained(targets: Targets, parts: Mapping[str, Indices], where: Where, place: KeyPath) -> None:
    """Whether every class that is evaluated has an example that trains; of several outputs, those of each.

    Raises:
        DataError: one has none.
    """
    for one in targets.apart.values():
        require_trained(one, parts, where, place)
    if not targets.names:
        return
    known = np.isin(np.arange(len(targets.names)), targets.values[parts["train"]])
    for part, chosen in parts.items():
        strange = ~known[targets.values[chosen]]
        if strange.any():
            k = int(chosen[np.argmax(strange)])
            name = targets.names[targets.values[k]]
            raise DataError(
                f"{where(k)}: its class {name!r} is in {part}, and no example of it trains",
                "add examples of the class to those that train, or remove it",
                path=place,
            )
