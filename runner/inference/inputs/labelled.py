"""Examples with targets from a file, for ``recipe evaluate --data``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from runner.data.examples import Array, Examples
from runner.errors import InputError
from runner.inference.inputs.arrays import archived, require_finite, shaped
from runner.inference.inputs.csv_rows import numbers, require_width, rows_of
from runner.inference.inputs.taken import Taken, as_float32
from runner.text import printable


def read_labelled(
    path: Path,
    taken: Taken,
    names: Sequence[str],
    targets: int = 0,
    *,
    labels: bool = False,
    several: Mapping[str, Sequence[str]] | None = None,
) -> Examples:
    """Inputs and targets of an .npz file with arrays ``x`` and ``y``, or of CSV rows whose last cells are the targets.

    Args:
        path: the file.
        taken: what the model takes.
        names: of the classes, which a target may go by as well as by number; empty for a regression.
        targets: how many numbers or labels an example has; 0: one class or number.
        labels: whether these are labels, each 0 or 1.
        several: of several outputs the classes of each target, of which an example has the number; none of a number.

    Raises:
        InputError: the file cannot be used.
    """
    name = printable(str(path))
    if not path.is_file():
        raise InputError(f"{name} is not a file")
    read = _from_archive if path.suffix == ".npz" else _from_rows
    found = read(path, name, taken, names, targets)
    if labels:
        found = replace(found, y=_labels(found.y, name))
    for place, (target, classes) in enumerate((several or {}).items()):
        if classes:
            _require_classes(found.y[:, place], target, len(classes), name)
    if not len(found):
        raise InputError(f"{name} holds no examples")
    return found


def _require_classes(y: Array, target: str, classes: int, name: str) -> None:
    bad = ~np.isin(y, np.arange(classes))
    if bad.any():
        row = int(bad.argmax())
        raise InputError(
            f"{name}: target {target!r} of example {row} must be the number of a class, 0 to {classes - 1}; "
            f"received {y[row]:g}"
        )


def _labels(y: Array, name: str) -> Array:
    wrong = np.argwhere((y != 0) & (y != 1))
    if len(wrong):
        row, column = wrong[0]
        raise InputError(f"{name}: label {column} of example {row} must be 0 or 1; received {y[row, column]:g}")
    return y.astype(np.uint8)


def _from_archive(path: Path, name: str, taken: Taken, names: Sequence[str], targets: int) -> Examples:
    try:
        with path.open("rb") as file:
            x, y = archived(file, "x", name), archived(file, "y", name)
    except (ValueError, EOFError, OSError) as error:
        raise InputError(f"{name} is not an .npz file that can be read: {printable(str(error))}") from error
    x = as_float32(shaped(x, taken, name))
    require_finite(x, name, 0)
    if targets:
        if y.shape != (len(x), targets) or y.dtype.kind not in "biuf":
            raise InputError(f"{name}: y must have the shape ({len(x)}, {targets}); received {y.dtype} of {y.shape}")
        y = y.astype(np.float32)
        require_finite(y, name, 0)
        return Examples(x, y)
    y = y.reshape(-1) if y.shape in ((len(x), 1), (len(x),)) else y
    if y.shape != (len(x),):
        raise InputError(f"{name}: y must have one target for each of the {len(x)} examples; its shape is {y.shape}")
    return Examples(x, _targets([str(value) for value in y.tolist()], name, names))


def _from_rows(path: Path, name: str, taken: Taken, names: Sequence[str], targets: int) -> Examples:
    if path.suffix != ".csv" or not taken.is_vector:
        kinds = ".npz with arrays x and y" + (", or .csv with the target in the last column" if taken.is_vector else "")
        raise InputError(f"{name}: --data takes {kinds}")
    width = max(targets, 1)
    values: list[list[float]] = []
    several: list[list[float]] = []
    single: list[str] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, cells in rows_of(file, name):
            require_width(cells, taken.numbers + width, name, line)
            values.append(numbers(cells[:-width], name, line))
            if targets:
                several.append(numbers(cells[-width:], name, line))
            else:
                single.append(cells[-1].strip())
    x = np.array(values, np.float32).reshape(-1, *taken.shape)
    return Examples(x, np.array(several, np.float32) if targets else _targets(single, name, names))


def _targets(texts: list[str], name: str, names: Sequence[str]) -> Array:
    if not names:
        return np.array([numbers([text], f"{name}, targets", row)[0] for row, text in enumerate(texts)], np.float32)
    known = {str(number): number for number in range(len(names))} | {word: i for i, word in enumerate(names)}
    wrong = next((row for row, text in enumerate(texts) if text not in known), None)
    if wrong is not None:
        shown, some = printable(texts[wrong])[:40], ", ".join(map(printable, names[:10]))
        raise InputError(
            f"{name}: the target of example {wrong} must be a class, by name ({some}) or number "
            f"(0 to {len(names) - 1}); received {shown!r}"
        )
    return np.array([known[text] for text in texts], np.int32)
