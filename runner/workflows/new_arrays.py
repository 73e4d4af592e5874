"""A first recipe for the arrays of an npz file."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runner.data.arrays.npy_header import ArrayFacts
from runner.data.arrays.npz_file import npz_facts, read_npz
from runner.data.arrays.together import number_of_examples
from runner.errors import DataError
from runner.source.editing.emit import to_flow
from runner.workflows.new_folder import convolution_layers
from runner.workflows.new_recipe import heading
from runner.workflows.new_start import CLASSES
from runner.workflows.new_training import Aim, batch_size, dense_layers, epochs, is_wide, training

_INPUTS = re.compile(r"x|inputs?|images?|features?|data", re.IGNORECASE)
_TARGETS = re.compile(r"y|labels?|targets?|class(es)?", re.IGNORECASE)
_PARTS = {"train": "train", "val": "validation", "valid": "validation", "validation": "validation", "test": "test"}
_CHANNELS = (1, 3, 4)


@dataclass(frozen=True)
class _Arrays:
    """What a recipe is written from.

    Attributes:
        pairs: inputs and target of each part; of ``all`` where there are no parts.
        x: inputs that train.
        y: targets that train.
        unused: arrays that are neither.
    """

    pairs: dict[str, tuple[str, str]]
    x: NDArray[Any]
    y: NDArray[Any]
    unused: tuple[str, ...]

    @property
    def training(self) -> tuple[str, str]:
        """Names of the inputs and of the target that train."""
        return self.pairs.get("train") or self.pairs["all"]

    @property
    def task(self) -> str:
        """By the values of the target."""
        y = self.y
        if y.ndim == 2 and y.shape[1] > 1:
            return "multi_label" if bool(np.isin(y, (0, 1)).all()) else "regression"
        few = min(CLASSES, max(len(y) // 10, 2))
        classes = y.dtype.kind in "bSU" or (y.dtype.kind in "iu" and len(np.unique(y)) <= few)
        return "classification" if classes else "regression"

    @property
    def aim(self) -> Aim:
        """Of the recipe."""
        return Aim(self.task, self._baseline(), len(self.y))

    def _baseline(self) -> float:
        columns = self.y.reshape(len(self.y), -1)
        if self.task == "regression":
            return float(np.nanmean(np.abs(columns - np.nanmedian(columns, axis=0))))
        return float(np.mean([np.unique(c, return_counts=True)[1].max() / len(c) for c in columns.T]))

    @property
    def image_shape(self) -> tuple[int, ...] | None:
        """Height, width and channels of inputs that are images."""
        shape = self.x.shape[1:]
        if len(shape) == 2 and self.x.dtype == np.uint8:
            return (*shape, 1)
        return shape if len(shape) == 3 and shape[2] in _CHANNELS else None


def written_arrays(path: Path, targets: Sequence[str], shown: str, output: str, root: Path | None) -> str:
    """The recipe's text.

    Args:
        path: of the npz file.
        targets: array that is predicted; none: the one that is called like a target.
        shown: the file, as the recipe names it.
        output: name of the recipe's file, for the line that says how to run it.
        root: folder that must be allowed because the file lies outside of the recipe's.

    Raises:
        DataError: the file is broken, or its arrays do not tell which is which.
    """
    found = _arrays_of(path, targets)
    inputs, target = found.training
    goal = f"predict {target!r} from {inputs!r} of {len(found.y):,} examples"
    lines = [
        *heading(goal, found.aim, output, root),
        *_data(found, shown),
        *("model:", "  kind: sequential", "  layers:"),
        *_layers(found),
        *_training(found),
        *found.aim.expected(),
    ]
    return "\n".join([*lines, ""])


def _arrays_of(path: Path, targets: Sequence[str]) -> _Arrays:
    facts = npz_facts(path)
    if len(targets) > 1:
        raise DataError("a recipe for arrays has one array of targets", "give --target once")
    pairs = _pairs(facts, targets, path.name)
    inputs, target = pairs.get("train") or pairs["all"]
    if number_of_examples(facts, (inputs, target), path.name) == 0:
        raise DataError(f"{path.name}: the arrays {inputs!r} and {target!r} have no examples")
    values = read_npz(path, names=(inputs, target))
    used = {name for pair in pairs.values() for name in pair}
    return _Arrays(pairs, values[inputs], values[target], tuple(one.name for one in facts if one.name not in used))


def _pairs(facts: Sequence[ArrayFacts], targets: Sequence[str], file: str) -> dict[str, tuple[str, str]]:
    """Inputs and target of each part."""
    parts: dict[str, list[ArrayFacts]] = {}
    for array in facts:
        parts.setdefault(_split(array.name)[1], []).append(array)
    if targets:
        number_of_examples(facts, targets, file)
        wanted = _split(targets[0])[1]
        parts = {wanted: parts[wanted]} if wanted != "train" else parts
    elif "train" not in parts:
        parts = {"all": parts.get("all", [])}
    stem = _split(targets[0])[0] if targets else None
    pairs = {part: _pair(arrays, stem, file) for part, arrays in parts.items() if part != "all" or len(parts) == 1}
    return pairs if "train" in pairs else {"all": next(iter(pairs.values()))}


def _split(name: str) -> tuple[str, str]:
    """Of ``x_train`` or ``train_x``: ``x`` and ``train``; of ``images``: the same and ``all``."""
    for first, second in (name.rpartition("_")[::2], name.partition("_")[::-2]):
        if first and second.lower() in _PARTS:
            return first, _PARTS[second.lower()]
    return name, "all"


def _pair(arrays: Sequence[ArrayFacts], stem: str | None, file: str) -> tuple[str, str]:
    names = ", ".join(f"{array.name!r} {array.shape}" for array in arrays) or "none"
    target = _one([one for one in arrays if (_split(one.name)[0] == stem if stem else _called(one, _TARGETS))])
    if target is None:
        raise DataError(f"{file} does not say which of its arrays is predicted; it has {names}", "--target ARRAY")
    fitting = [one for one in arrays if one is not target and one.dtype.kind in "biuf" and len(one.shape) > 1]
    fitting = [one for one in fitting if one.shape[0] == target.shape[0]]
    inputs = _one(fitting) or _one([one for one in fitting if _called(one, _INPUTS)])
    if inputs is None:
        raise DataError(
            f"{file} does not say which of its arrays are the inputs of {target.name!r}; it has {names}",
            "save one array of numbers with a row for each example, and call it x",
        )
    return inputs.name, target.name


def _called(array: ArrayFacts, pattern: re.Pattern[str]) -> bool:
    return pattern.fullmatch(_split(array.name)[0]) is not None


def _one(arrays: Sequence[ArrayFacts]) -> ArrayFacts | None:
    return arrays[0] if len(arrays) == 1 else None


def _data(found: _Arrays, shown: str) -> Iterator[str]:
    yield from ("data:", "  source: npz", f"  file: {to_flow(shown)}")
    for part, (inputs, target) in found.pairs.items():
        if part == "all":
            yield from (f"  inputs: {to_flow(inputs)}", f"  target: {to_flow(target)}")
        else:
            yield f"  {part}: {{inputs: {to_flow(inputs)}, target: {to_flow(target)}}}"
    if found.unused:
        yield f"  # not used: {', '.join(map(repr, found.unused))}"
    yield from _scale(found.x)
    share = 20 if len(found.y) < 1000 else 10
    free = [f"{part}: {share}%" for part in ("validation", "test") if part not in found.pairs]
    if free:
        yield f"  splits: {{{', '.join(free)}}}"
    yield from (*found.aim.target_scale(), f"  batch_size: {_batch(found)}", "")


def _batch(found: _Arrays) -> int:
    if found.image_shape is not None:
        return 32 if len(found.y) < 10_000 else 128
    return batch_size(len(found.y))


def _scale(x: NDArray[Any]) -> Iterator[str]:
    highest = x.max(initial=0)
    if x.dtype == np.uint8 and highest > 1:
        yield f"  scale: 1/{255 if highest > 127 else highest}"
    elif x.min(initial=0) < 0 or highest > 1:
        yield "  scale: standard  # by the mean and the deviation of the training part"


def _layers(found: _Arrays) -> Iterator[str]:
    shape, image = found.x.shape[1:], found.image_shape
    if image is not None:
        if image != shape:
            yield f"    - {{kind: reshape, target_shape: {[*image]}}}  # one channel"
        yield from convolution_layers(min(image[:2]))
        return
    if len(shape) > 1:
        yield "    - {kind: flatten}"
    yield from dense_layers(len(found.x))


def _training(found: _Arrays) -> Iterator[str]:
    if found.image_shape is not None:
        return training(found.aim, epochs(len(found.y)))
    length = epochs(len(found.y), batch_size(len(found.y)))
    return training(found.aim, length, wide=is_wide(len(found.y), math.prod(found.x.shape[1:])))
