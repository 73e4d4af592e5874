"""Examples with targets from a file, for ``recipe evaluate --data``."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from runner.data.examples import Array, Examples
from runner.errors import InputError
from runner.inference.inputs.arrays import archived, require_finite, shaped
from runner.inference.inputs.csv_rows import numbers, require_width, rows_of
from runner.inference.inputs.taken import Taken, as_float32
from runner.text import printable


def read_labelled(path: Path, taken: Taken, names: Sequence[str]) -> Examples:
    """Inputs and targets of an .npz file with arrays ``x`` and ``y``, or of CSV rows whose last cell is the target.

    Args:
        path: the file.
        taken: what the model takes.
        names: of the classes, which a target may go by as well as by number; empty for a regression.

    Raises:
        InputError: the file cannot be used.
    """
    name = printable(str(path))
    if not path.is_file():
        raise InputError(f"{name} is not a file")
    found = _from_archive(path, name, taken, names) if path.suffix == ".npz" else _from_rows(path, name, taken, names)
    if not len(found):
        raise InputError(f"{name} holds no examples")
    return found


def _from_archive(path: Path, name: str, taken: Taken, names: Sequence[str]) -> Examples:
    try:
        with path.open("rb") as file:
            x, y = archived(file, "x", name), archived(file, "y", name)
    except (ValueError, EOFError, OSError) as error:
        raise InputError(f"{name} is not an .npz file that can be read: {printable(str(error))}") from error
    x = as_float32(shaped(x, taken, name))
    require_finite(x, name, 0)
    y = y.reshape(-1) if y.shape in ((len(x), 1), (len(x),)) else y
    if y.shape != (len(x),):
        raise InputError(f"{name}: y must have one target for each of the {len(x)} examples; its shape is {y.shape}")
    return Examples(x, _targets([str(value) for value in y.tolist()], name, names))


def _from_rows(path: Path, name: str, taken: Taken, names: Sequence[str]) -> Examples:
    if path.suffix != ".csv" or not taken.is_vector:
        kinds = ".npz with arrays x and y" + (", or .csv with the target in the last column" if taken.is_vector else "")
        raise InputError(f"{name}: --data takes {kinds}")
    values, targets = [], []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, cells in rows_of(file, name):
            require_width(cells, taken.numbers + 1, name, line)
            values.append(numbers(cells[:-1], name, line))
            targets.append(cells[-1].strip())
    return Examples(np.array(values, np.float32).reshape(-1, *taken.shape), _targets(targets, name, names))


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
