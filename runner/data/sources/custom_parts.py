"""What a function of custom code returns as examples, held to what examples are."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from runner.custom_import import kind_of
from runner.data.arrays.stored import stored, stored_type
from runner.data.examples import BLOCK, Array
from runner.data.sources.own_parts import ALL, PARTS
from runner.data.splits.shares import Indices
from runner.errors import CodeError, DataError, KeyPath
from runner.keras_errors import said_with_kind

PLACE: KeyPath = ("data", "target")
_FORMS = (
    "a function of data returns (inputs, targets) or (inputs, targets, weights); or an object with __len__ and "
    "__getitem__ that gives such a tuple for one example; or a mapping of train, validation and test to these"
)


@dataclass(frozen=True)
class CustomPart:
    """Examples of one part, or of all.

    Attributes:
        name: of the part, or ``all``.
        inputs: places → inputs as they were returned.
        dtype: in which inputs are kept.
        shape: of one input.
        targets: of every example.
        weights: likewise; None: there are none.
        sha256: of all that was returned, or of the version that it says.
    """

    name: str
    inputs: Callable[[Indices], Array]
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    targets: Array
    weights: Array | None
    sha256: str

    def __len__(self) -> int:
        return len(self.targets)

    def stored(self, places: Indices) -> Array:
        """Inputs at some places, as they are kept.

        Raises:
            DataError: a value is not finite, or does not fit.
        """
        return stored(self.inputs(places), self.dtype, places, f"inputs of {self.name}", PLACE)


def parts_of(made: Any, target: str) -> list[CustomPart]:
    """The parts that a function returned.

    Args:
        made: what it returned.
        target: the function, for messages.

    Raises:
        CodeError: it is none of the forms, or an example cannot be had.
        DataError: arrays do not go together, or hold no numbers.
    """
    if not isinstance(made, Mapping):
        return [_part(ALL, made, target)]
    unknown = sorted(str(name) for name in made if name not in PARTS)
    if unknown or "train" not in made:
        message = f"{target} returned a mapping with {unknown[0]!r}" if unknown else f"{target} returned no 'train'"
        raise CodeError(message, _FORMS, path=PLACE)
    return [_part(name, made[name], target) for name in PARTS if made.get(name) is not None]


def _part(name: str, made: Any, target: str) -> CustomPart:
    if isinstance(made, tuple) and len(made) in (2, 3):
        return _of_arrays(name, *made)
    if hasattr(made, "__len__") and hasattr(made, "__getitem__") and not isinstance(made, str | bytes | tuple | list):
        if isinstance(made, np.ndarray):
            raise CodeError(f"{target} returned an array for {name}, which has no targets", _FORMS, path=PLACE)
        return _of_sequence(name, made, target)
    said = f"a tuple of {len(made)}" if isinstance(made, tuple) else kind_of(made)
    raise CodeError(f"{target} returned {said} for {name}", _FORMS, path=PLACE)


def _of_arrays(name: str, inputs: Any, targets: Any, weights: Any = None) -> CustomPart:
    x, y = np.asanyarray(inputs), np.asanyarray(targets)
    w = None if weights is None else np.asanyarray(weights)
    lengths = {"inputs": x.shape[:1], "targets": y.shape[:1]} | ({} if w is None else {"weights": w.shape[:1]})
    if len(set(lengths.values())) != 1 or not x.shape or not len(x):
        said = ", ".join(f"{len_[0] if len_ else 'no'} {what}" for what, len_ in lengths.items())
        raise DataError(f"{name}: as many inputs as targets are wanted, and at least one; received {said}", path=PLACE)
    digest = hashlib.sha256()
    for array in (x, y, *(() if w is None else (w,))):
        digest.update(f"{array.dtype.str} {array.shape}\n".encode())
        for start in range(0, len(array), BLOCK):
            digest.update(np.ascontiguousarray(array[start : start + BLOCK]).tobytes())
    dtype, shape = stored_type(x.dtype, f"inputs of {name}", PLACE), x.shape[1:] or (1,)
    return CustomPart(name, lambda places: np.asarray(x[places]), dtype, shape, y, w, digest.hexdigest())


def _of_sequence(name: str, made: Any, target: str) -> CustomPart:
    """Every example is looked at once: its target must be known, and what the run trained on."""
    count = _length(name, made, target)
    read = _Reader(name, made, target)
    first = read(0)
    x = np.asarray(first[0])
    digest = hashlib.sha256(f"{count} {x.dtype.str} {x.shape}\n".encode())
    targets, weights = [], []
    for place in range(count):
        example = first if place == 0 else read(place)
        value = np.asarray(example[0])
        if len(example) != len(first) or (value.shape, value.dtype) != (x.shape, x.dtype):
            raise DataError(
                f"{name}: examples must be alike; example 0 is {_said(first)}, example {place:,} is {_said(example)}",
                path=PLACE,
            )
        digest.update(np.ascontiguousarray(value).tobytes())
        targets.append(np.asarray(example[1]))
        weights += [np.asarray(part) for part in example[2:]]
    try:
        y, w = np.stack(targets), np.stack(weights) if weights else None
    except ValueError as error:
        raise DataError(f"{name}: targets and weights must have one shape: {error}", path=PLACE) from error
    for array in (y, *(() if w is None else (w,))):
        digest.update(f"{array.dtype.str} {array.shape}\n".encode() + array.tobytes())

    def inputs(places: Indices) -> Array:
        return np.stack([np.asarray(read(int(place))[0]) for place in places])

    dtype, shape = stored_type(x.dtype, f"inputs of {name}", PLACE), x.shape or (1,)
    return CustomPart(name, inputs, dtype, shape, y, w, digest.hexdigest())


def _length(name: str, made: Any, target: str) -> int:
    try:
        count = len(made)
    except Exception as error:  # it is somebody's own, and may raise anything
        raise CodeError(f"{target}: the length of {name}: {said_with_kind(error)}", path=PLACE) from error
    if not count:
        raise DataError(f"{target} returned no example for {name}", path=PLACE)
    return count


@dataclass(frozen=True)
class _Reader:
    """One example of a sequence, by its place."""

    name: str
    made: Any
    target: str

    def __call__(self, place: int) -> Sequence[Any]:
        try:
            found = self.made[place]
        except Exception as error:  # it is somebody's own, and may raise anything
            message = f"{self.target}: example {place:,} of {self.name}: {said_with_kind(error)}"
            raise CodeError(message, path=PLACE) from error
        if not isinstance(found, tuple) or len(found) not in (2, 3):
            what = f"a tuple of {len(found)}" if isinstance(found, tuple) else kind_of(found)
            message = f"{self.target}: example {place:,} of {self.name} is {what}"
            raise CodeError(message, "an example is (input, target) or (input, target, weight)", path=PLACE)
        return found


def _said(example: Sequence[Any]) -> str:
    value = np.asarray(example[0])
    return f"{value.dtype} of {value.shape}{' with a weight' if len(example) == 3 else ''}"
