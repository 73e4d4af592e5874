"""What layers of several inputs make of their inputs' shapes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from schemas.layers import Concatenate, MergeBase

Shape = tuple[int | None, ...] | None
"""Without the batch axis; None for a side, or for the whole, that is not known."""


@dataclass(eq=False)
class Misfit(Exception):
    """A layer that does not take its inputs."""

    code: str
    key: str | None
    message: str
    help: str


def merged(layer: MergeBase, shapes: Sequence[Shape]) -> Shape:
    """Shape of a merge's output; None as soon as one of its inputs is not known.

    Raises:
        Misfit: when the inputs do not go together.
    """
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes) or not known:
        return None
    if isinstance(layer, Concatenate):
        return _concatenated(layer, known)
    return reduce(_broadcast, known)


def _broadcast(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> tuple[int | None, ...]:
    """Sides of both from the last one on, as Keras has it: equal, or one of them 1; missing ones are 1."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    sides = list(longer)
    for k, side in enumerate(shorter, len(longer) - len(shorter)):
        if 1 not in (side, sides[k]) and None not in (side, sides[k]) and side != sides[k]:
            raise _misfit(
                "inputs", f"inputs to be joined value by value must have one shape; received {_both(one, other)}"
            )
        sides[k] = side if sides[k] in (1, None) and side != 1 else sides[k]
    return tuple(sides)


def _concatenated(layer: Concatenate, shapes: Sequence[tuple[int | None, ...]]) -> tuple[int | None, ...]:
    first = shapes[0]
    axis = layer.axis - 1 if layer.axis > 0 else layer.axis + len(first)
    if layer.axis == 0 or not 0 <= axis < len(first):
        axes = f"-1 or 1 to {len(first)}" if len(first) > 1 else "-1 or 1"
        raise _misfit("axis", f"axis must be one of the inputs', {axes}; received {layer.axis}")
    for shape in shapes[1:]:
        pairs = zip(_without(first, axis), _without(shape, axis), strict=False)
        if len(shape) != len(first) or any(None not in pair and len(set(pair)) > 1 for pair in pairs):
            what = f"inputs to be concatenated must differ in axis {layer.axis} alone; received {_both(first, shape)}"
            raise _misfit("inputs", what)
    sides = [shape[axis] for shape in shapes]
    total = None if None in sides else sum(side for side in sides if side is not None)
    return (*first[:axis], total, *first[axis + 1 :])


def _without(shape: tuple[int | None, ...], axis: int) -> tuple[int | None, ...]:
    return (*shape[:axis], *shape[axis + 1 :])


def _misfit(key: str, message: str) -> Misfit:
    help = "make the shapes equal first: by a dense or a conv2d layer, `padding: same`, or equal strides"
    return Misfit("R184", key, message, help if key == "inputs" else "leave `axis` out for the last one")


def _both(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> str:
    return " and ".join(" x ".join(str(side or "?") for side in shape) for shape in (one, other))
